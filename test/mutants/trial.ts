/** One trial: a process of vitest with one mutant in what it loads, and how that ended. The working tree is never touched. */
import { fork } from "node:child_process";
import { resolve } from "node:path";
import { type Mutant, patternsOf } from "./mutants.ts";

/** What the process of a trial is told, in its environment. */
export interface TrialTask {
  /** null: everything as it is. */
  mutant: Mutant | null;
  /** Patterns of test files, in order. */
  include: string[];
  workers: number;
}

/** What it says. */
export interface TrialReport {
  /** The first test that failed, or the file that could not be loaded; null = none. */
  failed: string | null;
  /** The mutant's file was loaded. */
  wasLoaded: boolean;
  tests: number;
  /** Of each test file, loading included. */
  fileMs: Record<string, number>;
}

export const TASK_VARIABLE = "PONCAST_TRIAL";

export type Verdict =
  | { kind: "killed"; by: string }
  /** It went on and on, which a test would notice, too. */
  | { kind: "timedOut"; limitMs: number }
  | { kind: "survived" }
  /** No test even loads the file. */
  | { kind: "notLoaded" }
  /** vitest itself has failed. */
  | { kind: "broken"; why: string };

const CONFIG = "test/mutants/vitest.config.ts";
const OUTPUT_CHARACTERS_MAX = 4000;
/** Above so many times what the tests take without a mutant, and this on top, something goes round in circles. */
const LIMIT_TIMES = 10;
const LIMIT_LEAST_MS = 300_000;

/** @returns undefined when it was ended after `limitMs`. @throws Error when vitest itself has failed, with what it wrote */
export function runTrial(task: TrialTask, limitMs = Infinity): Promise<TrialReport | undefined> {
  return new Promise((done, fail) => {
    const child = fork(resolve("node_modules/vitest/vitest.mjs"), ["run", "--config", CONFIG], {
      env: { ...process.env, [TASK_VARIABLE]: JSON.stringify(task), NO_COLOR: "1" },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      execArgv: [],
    });
    let report: TrialReport | undefined;
    let output = "";
    let isLate = false;
    const keep = (bytes: Buffer): void => void (output = (output + bytes.toString()).slice(-OUTPUT_CHARACTERS_MAX));
    child.stdout?.on("data", keep);
    child.stderr?.on("data", keep);
    child.on("message", (message) => (report = message as TrialReport));
    const timer =
      limitMs === Infinity
        ? undefined
        : setTimeout(() => {
            isLate = true;
            child.kill("SIGKILL");
          }, limitMs);
    child.on("error", fail);
    child.on("close", () => {
      clearTimeout(timer);
      if (isLate) done(undefined);
      else if (report === undefined) fail(new Error(`vitest ended without a word: ${output.trim()}`));
      else done(report);
    });
  });
}

/** What the named tests are without any mutant: all have to pass, and they tell how long they take. */
export function runUnchanged(mutants: readonly Mutant[], workers: number): Promise<TrialReport | undefined> {
  const include = [...new Set(mutants.flatMap(({ tests }) => patternsOf(tests)))];
  return runTrial({ mutant: null, include, workers });
}

/** How long a trial may take before it counts as going on for ever. */
export function limitMsOf({ tests }: Pick<Mutant, "tests">, fileMs: Record<string, number>): number {
  const own = Object.entries(fileMs).filter(([file]) =>
    tests.some((path) => file === path || file.startsWith(`${path}/`)),
  );
  return LIMIT_LEAST_MS + LIMIT_TIMES * own.reduce((sum, [, ms]) => sum + ms, 0);
}

export async function tryMutant(mutant: Mutant, limitMs: number): Promise<Verdict> {
  const task = { mutant, include: patternsOf(mutant.tests), workers: 1 };
  const report = await runTrial(task, limitMs).catch((error: Error) => error);
  if (report instanceof Error) return { kind: "broken", why: report.message };
  if (report === undefined) return { kind: "timedOut", limitMs };
  if (report.failed !== null) return { kind: "killed", by: report.failed };
  return { kind: report.wasLoaded ? "survived" : "notLoaded" };
}
