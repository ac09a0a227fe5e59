/** Which payload an ONT is sent, by what it told of itself. */
import { describe, expect, it } from "vitest";
import { NO_FACTS, type OntFacts } from "../../olt/core/facts.ts";
import { payloadFor } from "../../olt/core/payload-choice.ts";
import { Payload } from "../../olt/core/payload.ts";
import type { OltConfig } from "../../olt/core/types.ts";
import { sourceOf } from "../support/fleet.ts";

const BASE = "ab".repeat(32);
const OTHER = "cd".repeat(32);

const delta = (baseVersion: string, baseSha256: string): NonNullable<Payload["image"]["delta"]> => ({
  algorithm: "poncast-delta-1",
  baseVersion,
  baseSha256,
  baseBytes: 10,
  targetSha256: OTHER,
  targetBytes: 10,
  targetCrc32: 0,
});

const payloadsOf = (...images: Partial<Payload["image"]>[]): Payload[] =>
  images.map((image, index) => new Payload(index, { ...sourceOf(new Uint8Array(10)), ...image }, {} as OltConfig));

const factsOf = (changed: Partial<OntFacts>): OntFacts => ({
  ...NO_FACTS,
  hardware: "HW-1",
  appliesDeltas: true,
  runningImage: BASE.slice(0, 32),
  images: [
    { version: "1.0", committed: true, active: true, valid: true },
    { version: "", committed: false, active: false, valid: false },
  ],
  ...changed,
});

describe("the payload for an ONT", () => {
  const payloads = payloadsOf(
    { hardware: ["HW-1"] },
    { hardware: ["HW-2"] },
    {
      hardware: ["HW-1"],
      delta: delta("1.0", BASE),
    },
  );
  const chosen = (changed: Partial<OntFacts>, wholeOnly = false): number | undefined =>
    payloadFor(payloads, factsOf(changed), wholeOnly)?.index;

  it("is the delta from the very image that it runs", () => {
    expect(chosen({})).toBe(2);
    // Of the same version, and yet another image.
    expect(chosen({ runningImage: OTHER.slice(0, 32) })).toBe(0);
    expect(chosen({ images: [{ ...factsOf({}).images[0], version: "1.1" }, factsOf({}).images[1]] })).toBe(0);
  });

  it("is the image where it applies no deltas, does not say what runs, or a delta has failed in it", () => {
    expect(chosen({ appliesDeltas: false })).toBe(0);
    expect(chosen({ runningImage: "" })).toBe(0);
    expect(chosen({}, true)).toBe(0);
  });

  it("is that of its hardware, and none for hardware that no image is for", () => {
    expect(chosen({ hardware: "HW-2" })).toBe(1);
    expect(chosen({ hardware: "HW-9" })).toBeUndefined();
    expect(chosen({ hardware: "" })).toBe(2);
  });
});
