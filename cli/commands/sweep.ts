/** `poncast sweep` and `poncast sweep merge`: options, progress, tables and pages. */
import type { Command } from "commander";
import { existsSync, readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, join } from "node:path";
import { RUN_FILES } from "../../run/recorder/index.ts";
import { writePage } from "../../web/report/index.ts";
import { sweepPageOf } from "../sweep-report.ts";
import { suggestion } from "../../scenarios/index.ts";
import { loadSweep, mergeSweeps, parseShard, runSweep, shardFrom, summaryTable } from "../../study/sweep/index.ts";
import { UsageError } from "../errors.ts";
import { presetFile, presetFolder } from "../run-options.ts";
import { parseCount } from "../units.ts";
import { COMMIT, VERSION } from "../version.ts";
import { print, tell } from "../print.ts";

/** Each is a thread with a heap of its own. */
const JOBS_MAX = 512;
const EXIT_MISSED = 1;
const EXIT_INTERRUPTED = 130;
/** Lines of progress on something that is no terminal. */
const PLAIN_LINES_MS = 5000;

interface SweepFlags {
  out?: string;
  jobs?: string;
  seeds?: string;
  shard?: string;
  shards?: string;
  json?: boolean;
  report?: boolean;
  quiet?: boolean;
}

export function sweepCommand(program: Command): void {
  const sweep = program
    .command("sweep")
    .description("run a scenario in virtual time for every combination of a matrix of fields, with many seeds")
    .argument("<file>", `sweep file (YAML), or one of those that come along: ${sweepNames().join(", ")}`)
    .option("--out <folder>", "where runs and statistics go; what is there is not run again; default sweeps/<name>")
    .option("--jobs <n>", "runs at the same time; default: one for each core")
    .option("--seeds <n>", "seeds for each combination, instead of the file's")
    .option("--shard <i/n>", "only part i of n; array jobs of Slurm set it themselves")
    .option("--shards <n>", "only the part of JOB_COMPLETION_INDEX, of n: completions of an indexed job of Kubernetes")
    .option("--json", "statistics on stdout as JSON")
    .option("--no-report", `no ${RUN_FILES.report} in the folder`)
    .option("--quiet", "no progress")
    .action((file: string, flags: SweepFlags) => run(file, flags));
  sweep.enablePositionalOptions();
  sweep
    .command("merge")
    .description("put the shards of one sweep together")
    .argument("<folders...>", "folders of the shards")
    .requiredOption("--out <folder>", "folder for the whole")
    .action((folders: string[], { out }: { out: string }) => merge(folders, out));
}

/** Sweeps that come along. */
const sweepFolder = join(presetFolder, "sweeps");

function sweepNames(): string[] {
  if (!existsSync(sweepFolder)) return [];
  const files = readdirSync(sweepFolder).filter((file) => file.endsWith(".yaml"));
  return files.map((file) => basename(file, ".yaml")).sort();
}

/** A sweep file, or one that comes along by its name. @throws UsageError */
function resolveSweep(name: string): string {
  if (existsSync(name)) return name;
  const names = sweepNames();
  if (names.includes(name)) return join(sweepFolder, `${name}.yaml`);
  const near = suggestion(name, names);
  throw new UsageError(
    `${name}: no such file or sweep; ${near ? `did you mean ${near}?` : `there are: ${names.join(", ")}`}`,
  );
}

function merge(folders: readonly string[], out: string): void {
  const { folder, stats } = mergeSweeps(folders, out);
  writePage(join(folder, RUN_FILES.report), sweepPageOf(folder));
  print(`${summaryTable(stats)}\nmerged: ${folder}\n`);
}

async function run(file: string, flags: SweepFlags): Promise<void> {
  const seeds = flags.seeds === undefined ? undefined : parseCount("--seeds", flags.seeds);
  const jobs = flags.jobs === undefined ? availableParallelism() : parseCount("--jobs", flags.jobs);
  if (flags.shard !== undefined && flags.shards !== undefined)
    throw new UsageError("--shards: --shard says how many there are; leave one of them out");
  if (jobs > JOBS_MAX) throw new UsageError(`--jobs: ${jobs} is not allowed; at most ${JOBS_MAX}`);
  const shard = flags.shard === undefined ? shardFrom(process.env, flags.shards) : parseShard(flags.shard);
  const plan = loadSweep(resolveSweep(file), presetFile, seeds);
  const interrupt = new AbortController();
  const onInterrupt = (): void => interrupt.abort();
  process.once("SIGINT", onInterrupt);
  process.once("SIGTERM", onInterrupt);
  const { update, finish } = progress(flags.quiet === true);
  const part = shard === undefined || shard.count === 1 ? "" : `-${shard.index}of${shard.count}`;
  try {
    const outcome = await runSweep(plan, {
      out: flags.out ?? join("sweeps", `${plan.name}${part}`),
      jobs,
      ...(shard && { shard }),
      version: COMMIT === "unknown" ? VERSION : `${VERSION}+${COMMIT}`,
      signal: interrupt.signal,
      onProgress: update,
    });
    finish();
    const { stats, folder, complete } = outcome;
    // Of a part there is nothing to compare: the whole gets a report when it is merged.
    if (part === "" && flags.report !== false) writePage(join(folder, RUN_FILES.report), sweepPageOf(folder));
    print(flags.json ? `${JSON.stringify(stats)}\n` : `${summaryTable(stats)}\nsweep folder: ${folder}\n`);
    if (!complete) {
      tell("interrupted: the same command goes on where this ended\n");
      process.exitCode = EXIT_INTERRUPTED;
    } else if (stats.some(({ missed }) => missed > 0)) process.exitCode = EXIT_MISSED;
  } finally {
    process.off("SIGINT", onInterrupt);
    process.off("SIGTERM", onInterrupt);
  }
}

/** On stderr: one line that is written over on a terminal, else a line now and then. */
function progress(quiet: boolean): { update: (done: number, total: number) => void; finish: () => void } {
  if (quiet) return { update: () => undefined, finish: () => undefined };
  const isTerminal = process.stderr.isTTY === true;
  const startedMs = performance.now();
  let lastMs = -Infinity;
  let first = -1;
  return {
    update(done, total) {
      if (first < 0) first = done;
      const nowMs = performance.now();
      if (!isTerminal && done < total && nowMs - lastMs < PLAIN_LINES_MS) return;
      lastMs = nowMs;
      const leftMs = done > first ? ((nowMs - startedMs) / (done - first)) * (total - done) : NaN;
      const left = done === total || Number.isNaN(leftMs) ? "" : `, ${Math.ceil(leftMs / 1000)} s left`;
      const text = `${done} of ${total} runs${left}`;
      process.stderr.write(isTerminal ? `\r\u001b[K${text}` : `${text}\n`);
    },
    finish: () => void (isTerminal && process.stderr.write("\n")),
  };
}
