/** A table of a run or a sweep in memory, for whoever draws or compares what `poncast export` would write. */
import { existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { InputError } from "../../base/errors/index.ts";
import { RunInputError } from "../../run/index.ts";
import { JournalReader } from "../../run/journal/index.ts";
import { readResult, RUN_FILES } from "../../run/recorder/index.ts";
import type { RunResult } from "../../run/result/index.ts";
import { readIdentity, readRuns, SWEEP_FILES } from "../sweep/index.ts";
import { JOURNAL_TABLES, rowOfRecord } from "./journal-tables.ts";
import { GROUPS, ONTS, RUNS, scenarioDigest } from "./run-tables.ts";
import { SWEEP_RUNS, sweepTable } from "./sweep-table.ts";
import type { Column, ColumnValue, ExportTable } from "./types.ts";

/** What is known of a column without a row. */
export type ColumnFacts = Omit<Column<never>, "value">;

export interface TableData {
  name: string;
  columns: readonly ColumnFacts[];
  /** In the order of the columns. */
  rows: readonly (readonly ColumnValue[])[];
}

/** Rows of a table in memory; more are for programs that read Parquet. */
const ROWS_MAX = 2_000_000;

const OF_RUNS: readonly ExportTable<never>[] = [RUNS, ONTS, GROUPS, ...JOURNAL_TABLES];

export const isSweepFolder = (folder: string): boolean => existsSync(join(folder, SWEEP_FILES.plan));

/** Names of the tables that a folder has. */
export const tablesOf = (folder: string): string[] =>
  isSweepFolder(folder) ? [SWEEP_RUNS.name] : OF_RUNS.map(({ name }) => name);

/**
 * One table of a run or of a sweep.
 *
 * @throws RunInputError when neither is in the folder, or it has no table of that name
 */
export async function readTable(folder: string, name: string): Promise<TableData> {
  const names = tablesOf(folder);
  if (!names.includes(name))
    throw new RunInputError(`${folder}: there is no table "${name}"; there are ${names.join(", ")}`);
  if (!isSweepFolder(folder)) return runData(folder, name);
  const table = sweepTable(readIdentity(folder));
  const runs = readRuns(folder).toSorted((one, other) => one.index - other.index);
  return dataOf(table, runs);
}

const factsOf = ({ name, kind, about }: Column<never>): ColumnFacts => ({ name, kind, about });

const dataOf = <Row>({ name, columns }: ExportTable<Row>, rows: readonly Row[]): TableData => ({
  name,
  columns: columns.map(factsOf),
  rows: rows.map((row) => columns.map(({ value }) => value(row))),
});

/** The result of the run in a folder. @throws RunInputError when there is none */
export function resultIn(folder: string): RunResult {
  if (existsSync(join(folder, RUN_FILES.result))) return readResult(folder);
  const missing = `no ${RUN_FILES.result}, no ${SWEEP_FILES.plan}`;
  throw new RunInputError(`${folder}: neither a run nor a sweep is in it (${missing})`);
}

async function runData(folder: string, name: string): Promise<TableData> {
  const result = resultIn(folder);
  const run = basename(resolve(folder));
  if (name === RUNS.name) return dataOf(RUNS, [{ run, result, scenarioSha256: scenarioDigest(result) }]);
  if (name === ONTS.name)
    return dataOf(
      ONTS,
      result.ontResults.map((ont) => ({ run, ont })),
    );
  if (name === GROUPS.name)
    return dataOf(
      GROUPS,
      result.groups.map((pass, group) => ({ run, group, pass })),
    );
  const wanted = JOURNAL_TABLES.find((table) => table.name === name)!;
  const columns = wanted.columns as readonly Column<unknown>[];
  const rows: ColumnValue[][] = [];
  const path = join(folder, RUN_FILES.journal);
  if (!existsSync(path)) throw new RunInputError(`${folder}: the journal (${RUN_FILES.journal}) is missing`);
  for await (const record of await JournalReader.open(path)) {
    const made = rowOfRecord(run, record);
    if (made?.table.name !== name) continue;
    if (rows.length === ROWS_MAX)
      throw new InputError(`${folder}: more than ${ROWS_MAX} rows of ${name}; poncast export writes them to files`);
    rows.push(columns.map(({ value }) => value(made.row)));
  }
  return { name, columns: columns.map(factsOf), rows };
}
