/** The check of a download, with the CRC-32 that G.988 asks for. */
import { CRC32_INIT, crc32Finish, crc32Update } from "../../base/kernel/index.ts";
import { BundleVerifier, type ImageSource, KnownDigests } from "../../image/index.ts";
import type { VerifierOptions } from "../../ont/core/types.ts";

export const crc32Functions = { init: CRC32_INIT, update: crc32Update, finish: crc32Finish };

/** The check of one download. */
export const makeVerifier = (options: VerifierOptions): BundleVerifier =>
  new BundleVerifier({ ...options, crc32: crc32Functions });

/** The same where these images have been checked before: whoever receives one of them need not compute its digests again. */
export function makerOfVerifiers(
  images: readonly { content: Uint8Array; source: ImageSource }[],
): (options: VerifierOptions) => BundleVerifier {
  // One without a version was taken by force, and no verdict is known of it.
  const whole = images.filter(({ source }) => source.version !== "");
  const known = whole.map(({ content, source: { crc32, sha256 } }) => ({ bytes: content, crc32, sha256 }));
  const { crc32, hash } = new KnownDigests(known, crc32Functions);
  return (options) => new BundleVerifier({ ...options, crc32, hash });
}
