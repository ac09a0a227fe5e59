/** A hundred thousand strange frames to both cores, with all that is counted of them: ten seconds of work. */
import { describe, expect, it } from "vitest";
import { FrameFuzz } from "../../../study/fuzz/frames.ts";
import { mutations } from "../../../study/fuzz/mutate.ts";

/** Why a frame cannot be read. */
const unreadable = [
  "too-short",
  "unknown-device",
  "bad-length",
  "contents-length-mismatch",
  "contents-truncated",
  "too-many-instances",
];

describe("100,000 random, cut off and mutated frames", () => {
  it("end no ONT and no OLT, are counted by cause, and never touch the flags of an image", () => {
    const report = new FrameFuzz(1).run(100_000);
    expect(report.problem).toBeUndefined();
    expect(report.frames).toBe(100_000);
    for (const side of [report.toOnts, report.toOlts]) expect(side).toBeGreaterThan(45_000);
    for (const name of Object.keys(mutations)) expect(report.made.get(name), name).toBeGreaterThan(8_000);
    expect(report.made.get("answer forged")).toBeGreaterThan(3_000);
    expect(report.unreadable).toBeGreaterThan(30_000);
    for (const who of ["ONT", "OLT"])
      for (const cause of unreadable)
        expect(report.dropped.get(`${who}: ${cause}`), `${who} ${cause}`).toBeGreaterThan(0);
    // They came in the middle of everything that an update goes through.
    for (const state of ["downloading", "verifying", "applying", "rebooting", "trial", "committed"])
      expect(report.states.get(state), state).toBeGreaterThan(100);
  });
});
