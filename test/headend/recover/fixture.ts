/** Images as the tool sends them, and what a recovery is asked for. */
import { crc32 } from "../../../base/kernel/crc32.ts";
import { hexOf } from "../../../base/text/index.ts";
import { findProfile, type RecoverPlan, type RecoveryImage } from "../../../headend/recover/index.ts";
import { imageIdentity } from "../../../omci/index.ts";
import { storedImage } from "../../ont/images.ts";

export function imageOf(bundle: Uint8Array, change: Partial<RecoveryImage> = {}): RecoveryImage {
  const { sha256 } = storedImage("", bundle);
  return {
    imageBytes: bundle.length,
    sha256,
    identity: hexOf(imageIdentity(crc32(bundle), bundle.length, sha256)),
    version: "2.0.0",
    productCode: "PC-1",
    hardware: ["HW-1"],
    ...change,
  };
}

export const planOf = (bundle: Uint8Array, change: Partial<RecoverPlan> = {}): RecoverPlan => ({
  profile: findProfile("poncast-ont"),
  transport: "fastboot",
  images: [imageOf(bundle)],
  dryRun: false,
  enters: false,
  detectSeconds: 5,
  ...change,
});
