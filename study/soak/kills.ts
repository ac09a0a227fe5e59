/** `kill -9` of processes drawn by seed, in real runs: each run ends with all ONTs committed, whoever was killed and how often. */
import { setTimeout as wait } from "node:timers/promises";
import { Dice } from "../fuzz/dice.ts";
import { inFolder, problemOf, type RunningCommand, startRun } from "./real-run.ts";
import type { Part, PartContext } from "./types.ts";

const KILLS = { full: 100, short: 16 };
const ONTS = 6;
/** Of one run: more than a process may end by itself. */
const KILLS_A_RUN = 8;
/** In every so many runs the OLT alone is killed. */
const OLT_ONLY_EVERY = 3;
const OLT_SHARE = 0.4;
/** Runs that end before they have seen all their kills are made up for by others. */
const RUNS_MAX = 200;
const PROBLEMS_MAX = 5;
/** From one kill to the next. */
const GAP_MS = { least: 100, most: 2000 };

/** So that kills come in the middle of the download, and about reboot and Commit. */
const RATES_BYTES_PER_SECOND = [125_000, 400_000, 2_000_000];

const scenarioOf = (seed: number, dice: Dice): object => ({
  name: "soak-kills",
  seed,
  onts: ONTS,
  image: { bytes: 768 * 1024 },
  ont: { restartDelayMs: 50, bootMs: 300, watchdogMs: 1500 },
  olt: { rateBytesPerSecond: dice.among(RATES_BYTES_PER_SECOND), windowSections: 32, soakMs: 1000, runSeconds: 180 },
});

class Killer {
  olts = 0;
  onts = 0;

  /** One process of the run, if there is any. */
  strike(run: RunningCommand, dice: Dice, oltOnly: boolean): void {
    const side = oltOnly || dice.chance(OLT_SHARE) ? "olt" : "ont";
    const pids = run.children(side);
    if (pids.length === 0) return;
    const pid = dice.among(pids);
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has just ended.
      return;
    }
    if (side === "olt") this.olts++;
    else this.onts++;
  }

  get kills(): number {
    return this.olts + this.onts;
  }
}

async function oneRun(number: number, left: number, killer: Killer, context: PartContext): Promise<string | undefined> {
  const seed = context.seed + number;
  const dice = new Dice(seed, "soak/kills");
  return inFolder(async (folder) => {
    const run = startRun(folder, scenarioOf(seed, dice), context.signal);
    await run.upWith(ONTS + 1);
    const before = killer.kills;
    for (let kill = 0; kill < Math.min(left, KILLS_A_RUN) && !run.isEnded && !context.signal.aborted; kill++) {
      await Promise.race([wait(dice.spread(GAP_MS.least, GAP_MS.most)), run.ended]);
      killer.strike(run, dice, number % OLT_ONLY_EVERY === 0);
    }
    const problem = problemOf(await run.ended);
    if (problem === undefined || context.signal.aborted) return undefined;
    return `run ${number}, seed ${seed}, ${killer.kills - before} kills: ${problem}`;
  });
}

export const killsPart: Part = {
  name: "kills",
  what: "kill -9 of ONTs and OLTs at random moments of real runs, up to eight in a run",
  bound: (isShort) => `${isShort ? KILLS.short : KILLS.full} kills, 0 runs fail`,
  run: async (context) => {
    const kills = context.isShort ? KILLS.short : KILLS.full;
    const killer = new Killer();
    const problems: string[] = [];
    let runs = 0;
    while (runs < RUNS_MAX && killer.kills < kills && problems.length < PROBLEMS_MAX && !context.signal.aborted) {
      const problem = await oneRun(runs, kills - killer.kills, killer, context);
      if (problem !== undefined) problems.push(problem);
      runs++;
      context.progress(`${runs} runs, ${killer.kills} of ${kills} kills, ${problems.length} failed`);
    }
    if (killer.kills < kills && problems.length === 0 && !context.signal.aborted)
      problems.push(`${runs} runs saw ${killer.kills} kills only`);
    return { problems, figures: { kills: killer.kills, ofOlts: killer.olts, ofOnts: killer.onts, runs } };
  },
};
