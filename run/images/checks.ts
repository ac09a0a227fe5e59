/** The check of a download, with the CRC-32 that G.988 asks for. */
import { CRC32_INIT, crc32Finish, crc32Update } from "../../base/kernel/index.ts";
import { BundleVerifier } from "../../image/index.ts";
import type { VerifierOptions } from "../../ont/core/types.ts";

export const crc32Functions = { init: CRC32_INIT, update: crc32Update, finish: crc32Finish };

/** The check of one download. */
export const makeVerifier = (options: VerifierOptions): BundleVerifier =>
  new BundleVerifier({ ...options, crc32: crc32Functions });
