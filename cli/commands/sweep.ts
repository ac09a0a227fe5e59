/** `poncast sweep` and `poncast sweep merge`: options, tables and pages. */
import type { Command } from "commander";
import { existsSync, readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, join, resolve } from "node:path";
import { RUN_FILES } from "../../run/recorder/index.ts";
import { writePage } from "../../web/report/index.ts";
import { sweepPageOf } from "../sweep-report.ts";
import { type Scenario, suggestion } from "../../scenarios/index.ts";
import {
  loadSweep,
  mergeSweeps,
  parseShard,
  runSweep,
  runUntil,
  scenarioOf,
  type Shard,
  shardFrom,
  summaryTable,
  type SweepOptions,
  type SweepOutcome,
  type SweepPlan,
} from "../../study/sweep/index.ts";
import { UsageError } from "../errors.ts";
import { compareCommand } from "./sweep-compare.ts";
import { payloadLine } from "../payload-option.ts";
import { writeBundle } from "../sweep-bundle.ts";
import { untilOf, type UntilFlags } from "../sweep-until.ts";
import { presetFile, presetFolder } from "../run-options.ts";
import { parseAddress, parseCount } from "../units.ts";
import { type EngineFlags, engineOptions, openEngine, SWEEP_VERSION } from "../sweep-engine.ts";
import { SweepProgressLine } from "../view/sweep-progress.ts";
import { print, tell } from "../print.ts";
import { sweepWorkCommand } from "./sweep-work.ts";

/** Each is a thread with a heap of its own. */
const JOBS_MAX = 512;
const EXIT_MISSED = 1;
const EXIT_INTERRUPTED = 130;

interface SweepFlags extends EngineFlags, Omit<UntilFlags, "seeds"> {
  out?: string;
  seeds?: string;
  metrics?: string;
  json?: boolean;
  report?: boolean;
  quiet?: boolean;
  bundle?: string;
}

export function sweepCommand(program: Command): void {
  const sweep = program
    .command("sweep")
    .description("run a scenario in virtual time for every combination of a matrix of fields, with many seeds")
    .argument("<file>", `sweep file (YAML), or one of those that come along: ${sweepNames().join(", ")}`)
    .option("--out <folder>", "where runs and statistics go; what is there is not run again; default sweeps/<name>")
    .option("--jobs <n>", "runs at the same time; default: one for each core")
    .option("--seeds <n>", "seeds for each combination, instead of the file's")
    .option(
      "--until <share>",
      "seeds until the 95 % interval of a figure is so narrow, such as 2%, in all combinations",
    )
    .option("--figure <name>", "which figure --until is about; default downloadSeconds")
    .option("--seeds-max <n>", "seeds at most, with --until; default 1000")
    .option("--shard <i/n>", "only part i of n; array jobs of Slurm set it themselves")
    .option("--shards <n>", "only the part of JOB_COMPLETION_INDEX, of n: completions of an indexed job of Kubernetes")
    .option("--json", "statistics on stdout as JSON")
    .option("--metrics <host:port>", "serve Prometheus metrics of the sweep there")
    .option("--no-report", `no ${RUN_FILES.report} in the folder`)
    .option(
      "--bundle <file>",
      "an archive (ZIP) with all that makes the study again: files, seeds, versions, results, plots",
    )
    .option("--quiet", "no progress")
    .action((file: string, flags: SweepFlags) => run(file, flags));
  engineOptions(sweep).enablePositionalOptions();
  sweepWorkCommand(sweep);
  compareCommand(sweep);
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
  const shard = shardOf(flags);
  const until = untilOf(flags);
  if (until !== undefined && (shard?.count ?? 1) > 1)
    throw new UsageError("--until: a part cannot know when the whole is enough; leave the shard out");
  if (flags.bundle !== undefined && (shard?.count ?? 1) > 1)
    throw new UsageError(
      "--bundle: of a whole sweep; merge the shards, then run the same sweep over the merged folder",
    );
  const sweepFile = resolveSweep(file);
  const plan = loadSweep(sweepFile, presetFile, seeds);
  if (flags.quiet !== true) tell(payloadLine(scenariosByPayload(plan)));
  const progress = new SweepProgressLine(flags.quiet === true);
  const part = shard === undefined || shard.count === 1 ? "" : `-${shard.index}of${shard.count}`;
  const out = resolve(flags.out ?? join("sweeps", `${plan.name}${part}`));
  const interrupt = new AbortController();
  const onInterrupt = (): void => interrupt.abort();
  const metrics = await metricsOf(plan.name, progress, flags);
  process.once("SIGINT", onInterrupt);
  process.once("SIGTERM", onInterrupt);
  try {
    const go = async (part: SweepPlan, asked: SweepOptions): Promise<SweepOutcome> => {
      const engine = await openEngine(flags, { ...part, version: SWEEP_VERSION }, out);
      return runSweep(part, { ...asked, ...(engine && { engine }) });
    };
    const options: SweepOptions = {
      out,
      jobs,
      ...(shard && { shard }),
      version: SWEEP_VERSION,
      signal: interrupt.signal,
      onProgress: (figures) => progress.update(figures),
      onNote: (text: string) => progress.note(text),
    };
    const outcome = until === undefined ? await go(plan, options) : await runUntil(plan, options, until, go);
    progress.finish();
    const { stats, folder, complete, runs } = outcome;
    if (outcome.handedOver !== undefined && runs.length === 0) return incomplete(outcome);
    // Of a part there is nothing to compare: the whole gets a report when it is merged.
    if (part === "" && flags.report !== false) writePage(join(folder, RUN_FILES.report), sweepPageOf(folder));
    print(flags.json ? `${JSON.stringify(stats)}\n` : `${summaryTable(stats)}\nsweep folder: ${folder}\n`);
    if (complete && flags.bundle !== undefined) {
      const seedCount = runs.length / plan.cells.length;
      await writeBundle({ path: flags.bundle, sweepFile, plan, seeds: seedCount, folder });
      tell(`bundle: ${flags.bundle}\n`);
    }
    if (!complete) incomplete(outcome);
    else if (stats.some(({ missed }) => missed > 0) || ("isReached" in outcome && !outcome.isReached))
      process.exitCode = EXIT_MISSED;
  } finally {
    await metrics?.close();
    process.off("SIGINT", onInterrupt);
    process.off("SIGTERM", onInterrupt);
  }
}

/** Of all combinations, where any of them may say something of the payload. */
function* scenariosByPayload(plan: SweepPlan): Iterable<Scenario> {
  const { base, fields, cases, cells } = plan;
  if (!JSON.stringify([base, fields, cases, cells[0].values]).includes("payload")) return;
  for (const { values } of cells) yield scenarioOf(plan, values, 1);
}

/** What a batch system says counts for this machine; an engine deals runs out itself. */
function shardOf({ engine, shard, shards }: SweepFlags): Shard | undefined {
  if (engine !== undefined) return undefined;
  return shard === undefined ? shardFrom(process.env, shards) : parseShard(shard);
}

async function metricsOf(name: string, progress: SweepProgressLine, { metrics }: SweepFlags) {
  if (metrics === undefined) return undefined;
  const { host, port } = parseAddress("--metrics", metrics);
  const [{ serveMetrics }, { sweepMetrics }] = await Promise.all([
    import("../../base/metrics/index.ts"),
    import("../../study/sweep/metrics/index.ts"),
  ]);
  const server = await serveMetrics(
    host,
    port,
    sweepMetrics(name, () => progress.figures),
  );
  tell(`metrics: http://${server.host}:${server.port}/metrics\n`);
  return server;
}

function incomplete({ handedOver, problem }: SweepOutcome): void {
  if (handedOver !== undefined) return void tell(`${handedOver}\n`);
  tell(`${problem ?? "interrupted: the same command goes on where this ended"}\n`);
  process.exitCode = problem === undefined ? EXIT_INTERRUPTED : EXIT_MISSED;
}
