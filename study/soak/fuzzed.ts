/** Parts that are the fuzzer's, at length: seeds with their faults, and frames that nobody should send. */
import { FrameFuzz } from "../fuzz/frames.ts";
import { runSeed } from "../fuzz/seed-run.ts";
import { failureLine } from "../fuzz/summary.ts";
import { eachInTurn } from "./turns.ts";
import type { Part } from "./types.ts";

const SEEDS = { full: 2000, short: 100 };
const FRAMES = { full: 1_000_000, short: 30_000 };
/** Frames of one seed. */
const FRAMES_A_TURN = 5000;

export const seedsPart: Part = {
  name: "seeds",
  what: "runs in virtual time with faults drawn by seed, all rules checked at every step",
  bound: (isShort) => `${isShort ? SEEDS.short : SEEDS.full} seeds, 0 fail`,
  run: async (context) => {
    const problems: string[] = [];
    let steps = 0;
    const seeds = await eachInTurn(
      context.isShort ? SEEDS.short : SEEDS.full,
      context,
      problems,
      (number) => {
        const run = runSeed(context.seed + number);
        steps += run.steps;
        return run.problem === undefined ? undefined : failureLine(run);
      },
      "seeds",
    );
    return { problems, figures: { seeds, steps } };
  },
};

export const framesPart: Part = {
  name: "frames",
  what: "random, cut off and mutated OMCI frames into ONTs and OLTs in the middle of runs",
  bound: (isShort) => `${isShort ? FRAMES.short : FRAMES.full} frames, no throw`,
  run: async (context) => {
    const problems: string[] = [];
    let frames = 0;
    let unreadable = 0;
    await eachInTurn(
      (context.isShort ? FRAMES.short : FRAMES.full) / FRAMES_A_TURN,
      context,
      problems,
      (number) => {
        const seed = context.seed + number;
        const report = new FrameFuzz(seed).run(FRAMES_A_TURN);
        frames += report.frames;
        unreadable += report.unreadable;
        const replay = `npm run fuzz -- --frames ${FRAMES_A_TURN} --seed ${seed}`;
        return report.problem === undefined ? undefined : `${report.problem}; replay: ${replay}`;
      },
      `times ${FRAMES_A_TURN} frames`,
    );
    return { problems, figures: { frames, unreadable } };
  },
};
