/** Images are made in steps, so that whoever has them made may do something else between two of them. */
import { makeDeltaBundleSync } from "../../image/index.ts";
import type { crc32Functions } from "./checks.ts";

/** A delta between two bundles, which takes longest: whoever drives the steps has it made, here or elsewhere. */
export interface WantedDelta {
  base: Uint8Array;
  target: Uint8Array;
  options: { privateKeyPem: string; hardware: string; crc32: typeof crc32Functions };
}

/** Each step is over in moments, but for a delta, of which the bytes come back. */
export type ImageSteps<Result> = Generator<WantedDelta | undefined, Result, Uint8Array | undefined>;

/** One after the other. */
export function atOnce<Result>(steps: ImageSteps<Result>): Result {
  let made: Uint8Array | undefined;
  for (;;) {
    const { done, value } = steps.next(made);
    if (done === true) return value;
    made = value && makeDeltaBundleSync(value.base, value.target, value.options).bytes;
  }
}
