/** Bundles are made and checked in steps: what one of them hashes is over in moments, however large the image is. */
import { expect, it } from "vitest";
import { imageSourceSteps, knownBundleSteps, sha256Steps } from "../../image/index.ts";
import { bundleOf, crc32, fields, pair, payloadOf } from "./fixture.ts";

const MIB = 1024 * 1024;
const PAYLOAD = payloadOf(5 * MIB);

/** The most bytes that go through a CRC-32 between two yields. */
function mostInAStep<Result>(
  stepsWith: (counted: typeof crc32) => Generator<undefined, Result, unknown>,
): [bytes: number, result: Result] {
  let [now, most] = [0, 0];
  const update = (register: number, bytes: Uint8Array, start = 0, end = bytes.length): number => {
    now += end - start;
    return crc32.update(register, bytes, start, end);
  };
  const steps = stepsWith({ ...crc32, update });
  for (;;) {
    const { done, value } = steps.next();
    most = Math.max(most, now);
    now = 0;
    if (done === true) return [most, value];
  }
}

it("a bundle is made of pieces", () => {
  const [bytes, made] = mostInAStep((counted) => knownBundleSteps(fields, PAYLOAD, pair.privatePem, counted));
  // A little more: the header, or the seal.
  expect(bytes).toBeLessThan(MIB + 10_000);
  expect(Buffer.compare(made.bytes, bundleOf(5 * MIB))).toBe(0);
});

it("an image is checked in pieces", () => {
  const bundle = bundleOf(5 * MIB);
  const [bytes, source] = mostInAStep((counted) => imageSourceSteps(bundle, { crc32: counted }));
  expect(bytes).toBeLessThanOrEqual(MIB);
  const digest = sha256Steps(bundle);
  let steps = 0;
  for (let step = digest.next(); ; step = digest.next()) {
    if (step.done === true) {
      expect(step.value).toBe(source.sha256);
      break;
    }
    steps++;
  }
  expect(steps).toBeGreaterThanOrEqual(5);
});
