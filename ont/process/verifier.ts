/** Joins the bundle verifier to the kernel's CRC-32: neither image/ nor the ONT's core chooses one. */
import { InputError } from "../../base/errors/index.ts";
import { readFileSync } from "node:fs";
import { BundleVerifier } from "../../image/index.ts";
import { CRC32_INIT, crc32, crc32Finish, crc32Update } from "../../base/kernel/index.ts";
import type { ImageVerifier, StoredImage, VerifierOptions } from "../core/types.ts";

const crc32Functions = { init: CRC32_INIT, update: crc32Update, finish: crc32Finish };

/** Checks of one download: CRC-32, signature, digests, fit. `imageHash` adds the MD5 of the ME's hash attribute. */
export const verifierMaker =
  (imageHash: boolean) =>
  (options: VerifierOptions): ImageVerifier =>
    new BundleVerifier({ ...options, crc32: crc32Functions, md5: imageHash });

/**
 * What a boot record says of a bundle that came with the ONT: no signature is asked of it.
 *
 * @throws InputError when the file is no whole bundle
 */
export function describeFactoryBundle(path: string, imageHash: boolean): StoredImage {
  const bytes = readFileSync(path);
  const verifier = new BundleVerifier({
    trustedKeys: "unchecked",
    imageBytes: bytes.length,
    crc32: crc32Functions,
    md5: imageHash,
  });
  const verdict = verifier.update(bytes) === undefined ? verifier.finish(crc32(bytes)) : undefined;
  if (verdict?.valid === true) return verdict.image;
  throw new InputError(`${path}: no factory image: ${verifier.detail || verdict?.cause || "not a bundle"}`);
}
