/** The images of a run made beside whatever else the program does: a page that is opened meanwhile is answered. */
import { existsSync } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { placed } from "../../base/errors/index.ts";
import { makeDeltaBundle } from "../../image/index.ts";
import type { Scenario } from "../../scenarios/index.ts";
import { type RunImages, stepsOfImages } from "./images.ts";
import type { WantedDelta } from "./steps.ts";

/** A thread starts in a twentieth of a second: shorter images are matched without. */
const THREADS_BYTES_MIN = 1024 * 1024;
const THREADS = 2;

/** The same as `prepareImages`. @throws InputError as that */
export async function prepareImagesAside(scenario: Scenario, nowSeconds?: number): Promise<RunImages> {
  const steps = stepsOfImages(scenario, nowSeconds);
  let made: Uint8Array | undefined;
  for (;;) {
    const before = made;
    const { done, value } = placed("image", () => steps.next(before));
    if (done === true) return value;
    // Twice: who was let in by the first is heard in the second.
    await nextTurn();
    await nextTurn();
    made = value && (await deltaOf(value));
  }
}

async function deltaOf({ base, target, options }: WantedDelta): Promise<Uint8Array> {
  try {
    const { bytes } = await makeDeltaBundle(base, target, { ...options, ...threadsFor(target) });
    return bytes;
  } catch (error) {
    return placed("image", () => {
      throw error;
    });
  }
}

/** The worker is a file of the package; from source there is none, and all is done here. */
function threadsFor(target: Uint8Array): { threads?: { file: string; count: number } } {
  if (target.length < THREADS_BYTES_MIN) return {};
  const file = fileURLToPath(new URL("delta-worker.js", import.meta.url));
  return existsSync(file) ? { threads: { file, count: THREADS } } : {};
}
