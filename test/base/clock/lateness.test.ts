/** What a late machine was seen to be late, and how that is forgotten. */
import { describe, expect, it } from "vitest";
import { Lateness } from "../../../base/clock/index.ts";

const S = 1e9;

describe("the lateness of a machine", () => {
  it("is none where none was noted", () => {
    expect(new Lateness().worstNs(100 * S)).toBe(0);
  });

  it("is the worst seen, half as much every five seconds", () => {
    const lateness = new Lateness();
    lateness.note(10 * S, 2 * S);
    lateness.note(10 * S, 1 * S);
    expect(lateness.worstNs(10 * S)).toBe(2 * S);
    expect(lateness.worstNs(15 * S)).toBe(1 * S);
    lateness.note(15 * S, 1.5 * S);
    expect(lateness.worstNs(15 * S)).toBe(1.5 * S);
    expect(lateness.worstNs(25 * S)).toBeCloseTo(0.375 * S, -3);
  });
});
