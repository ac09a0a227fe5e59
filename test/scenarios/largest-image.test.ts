/** The largest image that a scenario may ask for is one that its ONTs can take. */
import { expect, it } from "vitest";
import { HEADER_BYTES_MAX, SEAL_BYTES } from "../../image/format.ts";
import { DELTA_IMAGE_BYTES_MAX } from "../../image/delta/index.ts";
import { IMAGE_BYTES_MAX } from "../../ont/index.ts";
import { LIMITS, parseScenario } from "../../scenarios/index.ts";

const LARGEST = LIMITS.runImageBytes + HEADER_BYTES_MAX + SEAL_BYTES;

it("fits into a slot, with all that its bundle adds", () => {
  const { image, ont } = parseScenario(`image: { bytes: ${LIMITS.runImageBytes} }`, "test");
  expect(image.bytes).toBe(LIMITS.runImageBytes);
  expect(ont.slotBytes).toBeGreaterThanOrEqual(LARGEST);
  // The schema cannot ask the core for it.
  expect(ont.slotBytes).toBe(IMAGE_BYTES_MAX);
});

it("is one that deltas are made of", () => {
  expect(DELTA_IMAGE_BYTES_MAX).toBeGreaterThanOrEqual(LARGEST);
});
