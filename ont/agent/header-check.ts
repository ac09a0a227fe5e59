/** What the header of a bundle decides before the rest of it is fetched: who signed it, until when, for which device and from what. */
import { BundleVerifier, expiryOf } from "../../image/index.ts";
import type { DeviceState } from "../store/index.ts";
import type { AgentConfig, HeaderVerdict } from "./core/types.ts";

export interface HeaderCheckOptions {
  /** Raw Ed25519 public keys, 32 bytes each. */
  trustedKeys: readonly Uint8Array[];
  productCode: string;
  hardwareVersion: string;
  /** For laboratories. */
  allowDowngrade?: boolean;
}

/** Nothing of the whole is hashed here: the image store does that. */
const NO_CRC32 = { init: 0, update: () => 0, finish: () => 0 };

/** For `AgentConfig.checkHeader`. */
export const headerCheck =
  (options: HeaderCheckOptions): AgentConfig["checkHeader"] =>
  (bytes, imageBytes, device, wallSeconds) =>
    judge(options, bytes, imageBytes, device, wallSeconds);

function judge(
  { trustedKeys, productCode, hardwareVersion, allowDowngrade }: HeaderCheckOptions,
  bytes: Uint8Array,
  imageBytes: number,
  { runs, securityVersion }: DeviceState,
  wallSeconds: number | undefined,
): HeaderVerdict {
  const verifier = new BundleVerifier({
    trustedKeys,
    productCode,
    hardwareVersion,
    runningVersion: runs?.version ?? "",
    securityVersion: allowDowngrade === true ? 0 : securityVersion,
    accepts: "either",
    ...(runs !== null && { baseSha256: runs.sha256 }),
    imageBytes,
    crc32: NO_CRC32,
  });
  const cause = verifier.update(bytes);
  if (cause !== undefined) return { kind: "refused", cause };
  const { manifest } = verifier;
  if (manifest === undefined) return { kind: "more" };
  if (expiryOf(manifest, wallSeconds).isOver) return { kind: "refused", cause: "expired" };
  const { delta } = manifest;
  return { kind: "fits", image: delta === undefined ? "image" : "delta", targetSha256: delta?.targetSha256 ?? "" };
}
