/** `poncast pack --zip`: beside the bundle, an update.zip with it for devices that are not online. */
import type { Command } from "commander";
import { UsageError } from "../errors.ts";
import { requireNew } from "../files.ts";

export interface ZipFlags {
  zip?: string;
  zipWith?: string[];
}

export const addZipOptions = (command: Command): Command =>
  command
    .option("--zip <file>", "write an archive with the bundle, too; devices look for the name update.zip")
    .option("--zip-with <bundle...>", "put these bundles of the same version into it as well, such as deltas");

/** Before anything is written. @throws UsageError */
export function checkZip({ zip, zipWith }: ZipFlags, force = false): void {
  if (zip === undefined && zipWith !== undefined) throw new UsageError("--zip-with: needs --zip");
  if (zip !== undefined) requireNew(zip, force, "--zip");
}

/** @returns a line that says what is in it; nothing where none was asked for */
export async function writeZip(
  { zip, zipWith = [] }: ZipFlags,
  bundle: string,
  privateKeyPem: string,
  force = false,
): Promise<string | undefined> {
  if (zip === undefined) return undefined;
  const { packArchive } = await import("../../image/archive/index.ts");
  const { version, payloads } = packArchive({ bundleFiles: [bundle, ...zipWith], outFile: zip, privateKeyPem, force });
  return `${zip}: version ${version}, ${payloads.length === 1 ? "one payload" : `${payloads.length} payloads`}\n`;
}
