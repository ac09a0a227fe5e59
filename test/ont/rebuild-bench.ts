/** An ONT on the bench with a delta of several blocks, as the tests of rebuilds have it. */
import { crc32 } from "../../base/kernel/crc32.ts";
import { imageIdentity, IMAGE_KINDS, maskOf, RECOVERY } from "../../omci/index.ts";
import type { FlashOperation, OntConfig } from "../../ont/index.ts";
import { DeltaVerifier, testDelta } from "./deltas.ts";
import { newFlash } from "./flash.ts";
import { BenchOnt } from "./hands.ts";
import { testImage } from "./images.ts";
import { recovery } from "./places.ts";

export const base = testImage(100, 7);
export const target = testImage(3500, 11);
export const delta = testDelta(base, target);
export const identity = imageIdentity(crc32(delta), delta.length, "0102");

export const config: Partial<OntConfig> = {
  deltaAware: true,
  createVerifier: (options) => new DeltaVerifier(options),
};

/** Told what the next Start is for. */
export function announceDelta(bench: BenchOnt, values = identity): number | undefined {
  return bench.result(
    {
      type: "setRequest",
      attributeMask: maskOf(RECOVERY, "heldImage", "announcedKind"),
      values: Uint8Array.from([...values, IMAGE_KINDS.indexOf("delta")]),
    },
    recovery,
  );
}

export const extended = (change: Partial<OntConfig> = {}): BenchOnt =>
  BenchOnt.up({ ...config, ...change }, newFlash(), "extended");

/** Announced and sent, but for its End. */
export function sendDelta(bench: BenchOnt, content = delta): void {
  announceDelta(bench, imageIdentity(crc32(content), content.length, "0102"));
  bench.send(content, { windowSections: 4, sectionBytes: 500 });
}

/** What the flash is asked for, in short. */
export const words = (operation: FlashOperation): string => {
  if (operation.kind === "writeBootRecord") {
    const { slots, partial } = operation.record;
    return `writeBootRecord ${slots[1] === null ? "-" : "valid"} ${partial?.rebuilt?.blocks ?? ""}`.trimEnd();
  }
  return "slot" in operation ? `${operation.kind} ${operation.slot}` : operation.kind;
};
