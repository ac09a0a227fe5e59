/** Strange frames to both cores, a few thousand; a hundred thousand are in frames.long.test.ts. */
import { describe, expect, it } from "vitest";
import { Dice } from "../../../study/fuzz/dice.ts";
import { FrameFuzz, framesText } from "../../../study/fuzz/frames.ts";
import { Corpus, mutations } from "../../../study/fuzz/mutate.ts";

describe("random, cut off and mutated frames", () => {
  it("end no ONT and no OLT", () => {
    const { problem, frames } = new FrameFuzz(1).run(5000);
    expect({ problem, frames }).toEqual({ problem: undefined, frames: 5000 });
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
