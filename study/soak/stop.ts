/** Each process of a real run in turn stands still (SIGSTOP) in the middle of the download: what is late is not lost. */
import { setTimeout as wait } from "node:timers/promises";
import { inFolder, problemOf, type RunningCommand, startRun } from "./real-run.ts";
import type { Part, PartContext } from "./types.ts";

const STOP_MS = { full: 10_000, short: 3000 };
const ONTS = { full: 4, short: 1 };
/** From when all are up to the stop: the download is under way. */
const BEFORE_MS = 2000;
const ATTEMPTS_MAX = 4;

const scenarioOf = (seed: number): object => ({
  name: "soak-stop",
  seed,
  onts: 4,
  image: { bytes: 1024 * 1024 },
  ont: { restartDelayMs: 50, bootMs: 300, watchdogMs: 1500 },
  olt: { rateBytesPerSecond: 100_000, windowSections: 32, soakMs: 300, runSeconds: 180 },
});

interface Stopped {
  name: string;
  pidIn: (run: RunningCommand) => number | undefined;
}

function processesOf(onts: number): Stopped[] {
  return [
    { name: "the runner", pidIn: ({ pid }) => pid },
    { name: "the OLT", pidIn: (run) => run.children("olt")[0] },
    ...Array.from({ length: onts }, (_, ont) => ({
      name: `ONT process ${ont}`,
      pidIn: (run: RunningCommand) => run.children("ont").toSorted((a, b) => a - b)[ont],
    })),
  ];
}

function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

/** @returns a problem, or whether the process was there to be stopped: a busy machine may be done before we have our turn */
async function oneRun({ name, pidIn }: Stopped, stopMs: number, context: PartContext): Promise<string | boolean> {
  return inFolder(async (folder) => {
    const run = startRun(folder, scenarioOf(context.seed), context.signal);
    await run.upWith(5);
    const pid = pidIn(run);
    await Promise.race([wait(BEFORE_MS), run.ended]);
    const isStopped = pid !== undefined && !run.isEnded && send(pid, "SIGSTOP");
    if (isStopped) {
      // Whoever interrupts wakes it, too.
      await wait(stopMs, undefined, { signal: context.signal }).catch(() => undefined);
      send(pid, "SIGCONT");
    }
    const problem = problemOf(await run.ended);
    if (problem === undefined || context.signal.aborted) return isStopped;
    return `${name} stopped for ${stopMs / 1000} s: ${problem}`;
  });
}

async function stopIn(stopped: Stopped, stopMs: number, context: PartContext): Promise<string | undefined> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX && !context.signal.aborted; attempt++) {
    const came = await oneRun(stopped, stopMs, context);
    if (came !== false) return came === true ? undefined : came;
  }
  return context.signal.aborted ? undefined : `${stopped.name}: was not there to be stopped`;
}

export const stopPart: Part = {
  name: "stop",
  what: "each process of a real run stands still in the middle of the download",
  bound: (isShort) =>
    `${isShort ? "runner, OLT, an ONT" : "runner, OLT, each ONT"} for ${(isShort ? STOP_MS.short : STOP_MS.full) / 1000} s, all commit`,
  run: async (context) => {
    const stopMs = context.isShort ? STOP_MS.short : STOP_MS.full;
    const problems: string[] = [];
    let runs = 0;
    for (const stopped of processesOf(context.isShort ? ONTS.short : ONTS.full)) {
      if (context.signal.aborted) break;
      context.progress(`${stopped.name} for ${stopMs / 1000} s`);
      const problem = await stopIn(stopped, stopMs, context);
      if (problem !== undefined) problems.push(problem);
      if (!context.signal.aborted) runs++;
    }
    return { problems, figures: { runs, stopSeconds: stopMs / 1000 } };
  },
};
