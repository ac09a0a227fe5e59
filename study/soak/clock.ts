/** Real runs whose processes see the wall clock set by three days, forth and back, four times a second: no deadline may follow it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { RunResult } from "../../run/result/types.ts";
import { distFolder, inFolder, problemOf, startRun } from "./real-run.ts";
import type { Part, PartContext } from "./types.ts";

const WAYS = { full: ["forth", "back", "both"], short: ["both"] } as const;
const ONTS = 4;
/** A run takes about ten seconds; deadlines that jump would end it, or hold it up for days. */
const SECONDS_MAX = 60;

const scenarioOf = (seed: number): object => ({
  name: "soak-clock",
  seed,
  onts: ONTS,
  image: { bytes: 768 * 1024 },
  ont: { restartDelayMs: 50, bootMs: 300, watchdogMs: 1500 },
  impairments: [{ kind: "loss", chance: 0.01 }],
  // A power cut, so that waits for who comes back are among the deadlines.
  faults: [{ atSeconds: 2, action: "powerCycle", onts: [1], offSeconds: 0.5 }],
  olt: { rateBytesPerSecond: 125_000, windowSections: 32, soakMs: 300, runSeconds: 120 },
});

interface Seen {
  problem: string | undefined;
  steps: number;
  asked: number;
}

async function oneRun(way: string, context: PartContext): Promise<Seen> {
  return inFolder(async (folder) => {
    const require = ["--require", join(distFolder(), "soak-date.cjs")];
    const log = join(folder, "steps.log");
    const run = startRun(folder, scenarioOf(context.seed), context.signal, {
      nodeOptions: require,
      env: { PONCAST_NODE_OPTIONS: require.join(" "), PONCAST_SOAK_WAY: way, PONCAST_SOAK_LOG: log },
      words: ["--pcap", join(folder, "run.pcapng"), "--metrics", "127.0.0.1:0"],
    });
    const ended = await run.ended;
    if (context.signal.aborted) return { problem: undefined, steps: 0, asked: 0 };
    const problem = problemOf(ended);
    if (problem !== undefined) return { problem: `${way}: ${problem}`, steps: 0, asked: 0 };
    const { timing } = JSON.parse(ended.stdout) as RunResult;
    const seen = readFileSync(log, "utf8")
      .trim()
      .split("\n")
      .map((line) => line.split(" "));
    const steps = Math.min(...seen.map(([, count]) => Number(count)));
    const asked = seen.reduce((sum, [, , count]) => sum + Number(count), 0);
    const faults = [
      ...(timing.totalSeconds > SECONDS_MAX ? [`the run took ${timing.totalSeconds} s`] : []),
      // The one whose power was cut leaves no line for its first life.
      ...(seen.length < ONTS + 2 ? [`${seen.length} of ${ONTS + 2} processes saw the steps`] : []),
      ...(steps < 2 ? ["a process saw no step"] : []),
    ];
    return { problem: faults.length === 0 ? undefined : `${way}: ${faults.join("; ")}`, steps, asked };
  });
}

export const clockPart: Part = {
  name: "clock",
  what: "runner, OLT and ONTs of a real run see the wall clock set by three days",
  bound: (isShort) => `${WAYS[isShort ? "short" : "full"].join(", ")}: all commit in ${SECONDS_MAX} s`,
  run: async (context) => {
    const problems: string[] = [];
    let runs = 0;
    let leastSteps = Infinity;
    let dateAsked = 0;
    for (const way of WAYS[context.isShort ? "short" : "full"]) {
      if (context.signal.aborted) break;
      context.progress(way);
      const { problem, steps, asked } = await oneRun(way, context);
      if (context.signal.aborted) break;
      runs++;
      leastSteps = Math.min(leastSteps, steps);
      dateAsked += asked;
      if (problem !== undefined) problems.push(problem);
    }
    return { problems, figures: { runs, leastSteps: Number.isFinite(leastSteps) ? leastSteps : 0, dateAsked } };
  },
};
