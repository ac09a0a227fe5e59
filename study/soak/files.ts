/** Few open files (`ulimit -n`): one clear line before anything is started, or it works; nothing between the two. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type EndedCommand, inFolder, problemOf, RunningCommand, startRun } from "./real-run.ts";
import type { Part, PartContext } from "./types.ts";

const LIMITS = { full: [32, 40, 64], short: [40] };
const EXIT_BAD_INPUT = 2;

/** Fleets of runs: a process for each ONT, many in one, a full port. */
const fleets = [
  { onts: 4, ontsPerProcess: 1 },
  { onts: 16, ontsPerProcess: 1 },
  { onts: 64, ontsPerProcess: 16 },
  { onts: 16, ontsPerProcess: 4 },
  { onts: 128, ontsPerProcess: 1 },
];

/** What came of it: it works, or one line that names files, and nothing is there. */
type Came = "works" | "refused" | { problem: string };

function judge(ended: EndedCommand, left: string): Came {
  if (ended.code === 0) {
    const problem = problemOf(ended);
    return problem === undefined ? "works" : { problem };
  }
  const lines = ended.stderr.trim().split("\n");
  const isClear = lines.length === 1 && /files? open|open files?/.test(lines[0]);
  if (ended.code === EXIT_BAD_INPUT && isClear && ended.stdout === "" && !existsSync(left)) return "refused";
  return { problem: `exit code ${ended.code}, ${lines.length} lines: ${lines[0]}` };
}

const scenarioOf = (fleet: (typeof fleets)[number], seed: number): object => ({
  name: "soak-files",
  seed,
  image: { bytes: 128 * 1024 },
  ont: { restartDelayMs: 20, bootMs: 100, watchdogMs: 500 },
  olt: { soakMs: 100, runSeconds: 60 },
  ...fleet,
});

const runIt = (fleet: (typeof fleets)[number], openFiles: number, { seed, signal }: PartContext): Promise<Came> =>
  inFolder(async (folder) => {
    const run = startRun(folder, scenarioOf(fleet, seed), signal, { openFiles });
    return judge(await run.ended, join(folder, "run"));
  });

/** ONTs alone wait for an OLT: those that do so for a while work. */
const ontsAlone = (onts: number, openFiles: number, { signal }: PartContext): Promise<Came> =>
  inFolder(async (folder) => {
    const key = await new RunningCommand(["keygen", join(folder, "me")], signal).ended;
    if (key.code !== 0) return { problem: key.stderr };
    const state = join(folder, "state");
    const words = ["ont", "--olt", "127.0.0.1:9", "--key", join(folder, "me.pub.pem"), "--state", state];
    const run = new RunningCommand([...words, "--onts", String(onts)], signal, { openFiles });
    const isWaiting = await run.hasSaid(/Ctrl-C cuts their power/);
    run.interrupt();
    const ended = await run.ended;
    return isWaiting ? "works" : judge(ended, state);
  });

export const filesPart: Part = {
  name: "files",
  what: "few open files for runner, OLT and ONTs",
  bound: (isShort) =>
    `ulimit -n ${LIMITS[isShort ? "short" : "full"].join(", ")}: one line and nothing started, or it works`,
  run: async (context) => {
    const problems: string[] = [];
    const came = { works: 0, refused: 0 };
    const cases = LIMITS[context.isShort ? "short" : "full"].flatMap((limit) => [
      ...fleets.map((fleet) => ({
        name: `ulimit -n ${limit}, ${fleet.onts} ONTs, ${fleet.ontsPerProcess} in a process`,
        run: () => runIt(fleet, limit, context),
      })),
      ...[3, 32].map((onts) => ({
        name: `ulimit -n ${limit}, poncast ont with ${onts} ONTs`,
        run: () => ontsAlone(onts, limit, context),
      })),
    ]);
    for (const each of cases) {
      if (context.signal.aborted) break;
      context.progress(each.name);
      const result = await each.run();
      if (context.signal.aborted) break;
      if (typeof result === "string") came[result]++;
      else problems.push(`${each.name}: ${result.problem}`);
    }
    return { problems, figures: { ...came } };
  },
};
