/** Key files, and the CRC-32 of downloads, for the commands that deal with images. */
import { readFileSync, statSync } from "node:fs";
import { placed } from "../../base/errors/index.ts";
import { readPublicKey, type Crc32Functions } from "../../image/index.ts";
import { CRC32_INIT, crc32Finish, crc32Update } from "../../base/kernel/index.ts";
import { UsageError } from "../errors.ts";

/** The CRC-32 a download of the image is checked with. */
export const imageCrc32: Crc32Functions = {
  init: CRC32_INIT,
  update: crc32Update,
  finish: crc32Finish,
};

const KEY_FILE_BYTES_MAX = 64 * 1024;

/** Text of a PEM file. @throws UsageError naming the file */
export function readPem(file: string): string {
  try {
    if (statSync(file).size > KEY_FILE_BYTES_MAX) throw new UsageError(`${file}: too long for a key file`);
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(`${file}: ${code === "ENOENT" ? "no such file" : "cannot be read"}`);
  }
}

/** Raw keys of public key files. @throws UsageError naming the file */
export function readPublicKeys(files: readonly string[]): Uint8Array[] {
  return files.map((file) => {
    const pem = readPem(file);
    return placed(file, () => readPublicKey(pem));
  });
}
