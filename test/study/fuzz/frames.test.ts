import { describe, expect, it } from "vitest";
import { Dice } from "../../../study/fuzz/dice.ts";
import { FrameFuzz, framesText } from "../../../study/fuzz/frames.ts";
import { Corpus, mutations } from "../../../study/fuzz/mutate.ts";

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

  it("are the same for the same seed", () => {
    expect(framesText(new FrameFuzz(5).run(2000))).toBe(framesText(new FrameFuzz(5).run(2000)));
    expect(framesText(new FrameFuzz(6).run(2000))).not.toBe(framesText(new FrameFuzz(5).run(2000)));
  });
});

describe("mutations", () => {
  it("make frames of any length out of any frame, and leave that as it is", () => {
    const frames = [new Uint8Array(0), new Uint8Array(1), new Uint8Array(44).fill(7), new Uint8Array(1976).fill(9)];
    for (const [name, mutation] of Object.entries(mutations)) {
      for (const frame of frames) {
        const corpus = new Corpus(1);
        const kept = frame.slice();
        corpus.add(frame);
        for (let draw = 0; draw < 20; draw++) {
          const pdu = mutation(new Dice(draw, name), corpus);
          expect(pdu).toBeInstanceOf(Uint8Array);
          expect(Buffer.compare(corpus.among(new Dice(0, "")), kept)).toBe(0);
        }
      }
    }
  });
});
