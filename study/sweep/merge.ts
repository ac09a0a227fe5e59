/** Joins the folders that the shards of a sweep leave, and refuses parts that do not make one whole. */
import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { RunInputError } from "../../run/index.ts";
import { RunSet } from "./run-set.ts";
import type { CellStats } from "./stats.ts";
import {
  linesOf,
  makeFolder,
  readIdentity,
  readRuns,
  readSource,
  SWEEP_FILES,
  type SweepIdentity,
  writeSource,
  writeSweepFile,
} from "./store.ts";
import { writeStats } from "./sweep.ts";

const NAMED_GAPS = 5;

/**
 * Puts the shards of one sweep together.
 *
 * @throws RunInputError on gaps, runs with two results, other versions or other sweeps; nothing is written then
 */
export function mergeSweeps(folders: readonly string[], out: string): { folder: string; stats: CellStats[] } {
  const [first, ...others] = folders.map((folder) => ({ folder, identity: readIdentity(folder) }));
  if (first === undefined) throw new RunInputError("sweep merge: name the folders of the shards");
  for (const other of others) refuseMixed(first, other);
  const runs = new RunSet(first.identity);
  for (const folder of folders) for (const run of readRuns(folder)) runs.add(run, folder);
  refuseGaps(first.identity, runs);
  const folder = resolve(out);
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new RunInputError(`--out ${out}: folder is not empty; name another one`);
  makeFolder(folder);
  writeSweepFile(join(folder, SWEEP_FILES.plan), `${JSON.stringify(first.identity, undefined, 2)}\n`);
  // Of the same digest it is the same everywhere.
  if (existsSync(join(first.folder, SWEEP_FILES.source))) writeSource(folder, readSource(first.folder));
  writeSweepFile(join(folder, SWEEP_FILES.runs), linesOf(runs.records));
  return { folder, stats: writeStats(folder, first.identity, runs.records) };
}

interface Part {
  folder: string;
  identity: SweepIdentity;
}

function refuseMixed(first: Part, other: Part): void {
  const [a, b] = [first.identity, other.identity];
  const refuse = (text: string): never => {
    throw new RunInputError(`${other.folder} and ${first.folder}: ${text}`);
  };
  if (b.version !== a.version) refuse(`different versions of poncast, ${b.version} and ${a.version}`);
  if (b.digest !== a.digest) refuse(`different sweeps, ${b.name} and ${a.name} (or other fields or images)`);
  if (b.seeds !== a.seeds) refuse(`different seeds, ${b.seeds} and ${a.seeds}`);
}

function refuseGaps({ cells, seeds }: SweepIdentity, runs: RunSet): void {
  const total = cells.length * seeds;
  const gaps = Array.from({ length: total }, (_, index) => index).filter((index) => !runs.has(index));
  if (gaps.length === 0) return;
  const named = gaps.slice(0, NAMED_GAPS).join(", ");
  const more = gaps.length > NAMED_GAPS ? ", …" : "";
  throw new RunInputError(`${gaps.length} of ${total} runs are missing: ${named}${more}`);
}
