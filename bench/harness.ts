/** What all benches share: how figures are taken, summed up, printed and kept. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg, release, totalmem, type } from "node:os";
import { join } from "node:path";
import { percentile } from "../base/statistics/index.ts";
import { markdownTable } from "../base/text/index.ts";

const root = join(import.meta.dirname, "..");

export interface Summary {
  median: number;
  min: number;
  max: number;
}

/** @param samples at least one, in any order. */
export function summarize(samples: readonly number[]): Summary {
  const sorted = [...samples].sort((a, b) => a - b);
  const median = percentile(sorted, 0.5);
  if (median === null) throw new RangeError("no samples to sum up");
  return { median, min: sorted[0], max: sorted[sorted.length - 1] };
}

/** Where and with what figures were taken. */
export interface Environment {
  takenAt: string;
  processor: string;
  cores: number;
  memoryBytes: number;
  system: string;
  versions: { poncast: string; node: string; v8: string; openssl: string };
  commit: string;
  /** Files that differ from the commit. */
  uncommitted: string[];
  /** Processes that wanted to run, mean of the minute before. */
  loadBefore: number;
}

/** Call it before the first figure is taken. */
export function environment(): Environment {
  const git = (...args: string[]): string => execFileSync("git", args, { cwd: root, encoding: "utf8" }).trim();
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  const { node, v8, openssl } = process.versions;
  const changed = git("status", "--porcelain", "--untracked-files=no").split("\n");
  return {
    takenAt: new Date().toISOString(),
    processor: cpus()[0].model,
    cores: cpus().length,
    memoryBytes: totalmem(),
    system: `${type()} ${release()}`,
    versions: { poncast: version, node, v8, openssl: openssl ?? "none" },
    commit: git("rev-parse", "--short=12", "HEAD"),
    uncommitted: changed.filter(Boolean).map((line) => line.trim().replace(/^\S+\s+/, "")),
    loadBefore: loadavg()[0],
  };
}

/** One thing to be measured. */
export interface Bench {
  name: string;
  /** Bytes that one operation goes through, for a rate in bytes. */
  bytes?: number;
  /** Does as many operations; what it returns keeps the compiler from leaving them out. */
  run: (operations: number) => number;
}

export interface Measured extends Summary {
  name: string;
  bytes?: number;
  /** Operations in each sample. */
  operations: number;
  /** Processor time of an operation in nanoseconds, one for each round. */
  samples: number[];
}

export interface MeasureOptions {
  /** At least 5. */
  rounds?: number;
  /** Least processor time of a sample, in milliseconds. */
  sampleMs?: number;
}

const ROUNDS = 7;
const SAMPLE_MS = 60;

/** Where results go, so that no compiler may leave them out. */
let sink = 0;

/** Processor time of all threads of this process: what else runs on the machine takes none of it away. */
function timeNs({ run }: Bench, operations: number): number {
  const before = process.cpuUsage();
  sink ^= run(operations);
  const { user, system } = process.cpuUsage(before);
  return 1000 * (user + system);
}

/** How many operations make a sample long enough; warms the code up on the way. */
function calibrate(bench: Bench, sampleMs: number): number {
  const wantedNs = sampleMs * 1e6;
  let operations = 1;
  for (;;) {
    const ns = timeNs(bench, operations);
    if (ns >= wantedNs) break;
    operations = Math.ceil(operations * Math.min(10, Math.max(1.5, (1.1 * wantedNs) / Math.max(ns, 1))));
  }
  // Optimised only now, it may be much faster than when the count was found.
  const ns = Math.min(timeNs(bench, operations), timeNs(bench, operations));
  return Math.max(operations, Math.ceil((operations * wantedNs) / ns));
}

/** Takes a sample of each bench in every round, so that a disturbance falls on all of them rather than on one. */
export function measure(benches: readonly Bench[], options: MeasureOptions = {}): Measured[] {
  const { rounds = ROUNDS, sampleMs = SAMPLE_MS } = options;
  if (rounds < 5) throw new RangeError(`${rounds} rounds; at least 5 are needed for a median that says something`);
  const operations = benches.map((bench) => calibrate(bench, sampleMs));
  const samples: number[][] = benches.map(() => []);
  for (let round = 0; round < rounds; round++)
    benches.forEach((bench, index) => samples[index].push(timeNs(bench, operations[index]) / operations[index]));
  return benches.map(({ name, bytes }, index) => ({
    name,
    bytes,
    operations: operations[index],
    ...summarize(samples[index]),
    samples: samples[index],
  }));
}

/** Text with three significant digits, and separators for thousands. */
export function figure(value: number): string {
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.max(Math.abs(value), 1e-9))));
  return value.toLocaleString("en-US", {
    minimumFractionDigits: Math.min(3, digits),
    maximumFractionDigits: Math.min(3, digits),
  });
}

/** Lines of a Markdown table; all columns but the first are right-aligned. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  markdownTable(head, rows, { isPadded: true });

/** Machine, versions and commit, in the lines that belong above every table. */
export function environmentText(where: Environment): string {
  const { versions, uncommitted } = where;
  const changed = uncommitted.length > 0 ? `, ${uncommitted.length} files changed since` : "";
  return [
    `${where.processor}, ${where.cores} cores, ${where.system}, load ${where.loadBefore.toFixed(1)} before`,
    `Node ${versions.node}, V8 ${versions.v8}, OpenSSL ${versions.openssl}, poncast ${versions.poncast} at ${where.commit}${changed}`,
  ].join("\n");
}

/** An option of the command line: `--name value`. */
export const argument = (name: string, otherwise: string): string => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : process.argv[at + 1];
};

/** What was said so far: it goes into the results, and from there into the README. */
let said = "";

/** Prints lines of the report: Markdown. */
export function say(text: string): void {
  said += `${text}\n`;
  process.stdout.write(`${text}\n`);
}

/** Keeps figures and report as `bench/results/<name>.json`. @returns the path within the repository. */
export function keep(name: string, where: Environment, results: Readonly<Record<string, unknown>>): string {
  const path = join("bench", "results", `${name}.json`);
  mkdirSync(join(root, "bench", "results"), { recursive: true });
  const content = { schema: `poncast.bench.${name}/1`, environment: where, ...results, report: said.trim() };
  writeFileSync(join(root, path), `${JSON.stringify(content, undefined, 2)}\n`);
  return path;
}
