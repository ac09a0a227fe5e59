/** From the folder of a run or of a sweep to tidy tables. */
import { createReadStream, existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { InputError, isSystemError } from "../../base/errors/index.ts";
import { makeFolders, writeWhole } from "../../base/files/index.ts";
import { InputReader, Tracer } from "../../decode/index.ts";
import { RunInputError } from "../../run/index.ts";
import { JournalReader } from "../../run/journal/index.ts";
import { RUN_FILES } from "../../run/recorder/index.ts";
import type { RunResult } from "../../run/result/index.ts";
import { readIdentity, readRuns } from "../sweep/index.ts";
import { metadataEntries, openTable } from "./files.ts";
import { FRAMES } from "./frame-table.ts";
import { JOURNAL_TABLES, rowOfRecord } from "./journal-tables.ts";
import { isSweepFolder, resultIn } from "./read.ts";
import { GROUPS, ONTS, RUNS, scenarioDigest } from "./run-tables.ts";
import { sweepTable } from "./sweep-table.ts";
import type { ExportFormat, ExportMetadata, ExportTable, TableFile } from "./types.ts";

const METADATA_FILE = "metadata.json";

export interface ExportOptions {
  /** Made where it is missing; files of the same names are replaced. */
  out: string;
  formats: readonly ExportFormat[];
  /** The capture as well: the file, or undefined for none. */
  capture?: string;
}

export interface ExportedTable {
  table: string;
  rows: number;
  paths: readonly string[];
}

/** The tables of one export, each in all its formats. */
class Exporter {
  readonly #open = new Map<string, { files: TableFile[]; rows: number; columns: ExportTable<never>["columns"] }>();
  readonly #options: ExportOptions;
  readonly #metadata: ExportMetadata;

  constructor(options: ExportOptions, metadata: ExportMetadata) {
    this.#options = options;
    this.#metadata = metadata;
  }

  /** A table without rows is one, too. */
  begin(tables: readonly ExportTable<never>[]): void {
    const { out, formats } = this.#options;
    for (const table of tables) {
      const files: TableFile[] = [];
      this.#open.set(table.name, { files, rows: 0, columns: table.columns });
      for (const format of formats) files.push(openTable(join(out, table.name), table, format, this.#metadata));
    }
  }

  row<Row>(table: ExportTable<Row>, row: Row): void {
    const open = this.#open.get(table.name)!;
    const values = table.columns.map(({ value }) => value(row));
    open.rows++;
    for (const file of open.files) file.row(values);
  }

  end(): ExportedTable[] {
    return [...this.#open].map(([table, { files, rows }]) => {
      for (const file of files) file.end();
      return { table, rows, paths: files.map(({ path }) => path) };
    });
  }

  drop(): void {
    for (const { files } of this.#open.values()) for (const file of files) file.drop();
  }
}

/**
 * Writes the tables of the run or the sweep in a folder.
 *
 * @throws RunInputError when neither is in it; InputError where a file cannot be read or written: nothing is left then
 */
export async function exportFolder(folder: string, options: ExportOptions): Promise<ExportedTable[]> {
  const isSweep = isSweepFolder(folder);
  if (isSweep && options.capture !== undefined)
    throw new RunInputError("--frames: a sweep keeps no frames; run one of its runs with --pcap");
  const work = isSweep ? () => Promise.resolve(exportSweep(folder, options)) : runExport(folder, options);
  try {
    makeFolders(resolve(options.out));
    return await work();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new InputError({ place: options.out, problem: `cannot be written: ${error.message}` });
  }
}

/** @throws RunInputError before anything is written */
function runExport(folder: string, options: ExportOptions): () => Promise<ExportedTable[]> {
  const source = readRun(folder, options);
  return () => exportRun(source, options);
}

function exportSweep(folder: string, options: ExportOptions): ExportedTable[] {
  const identity = readIdentity(folder);
  const table = sweepTable(identity);
  const metadata: ExportMetadata = {
    poncastVersion: identity.version,
    poncastCommit: "",
    seed: "",
    scenarioSha256: identity.digest,
    replay: "",
  };
  const exporter = new Exporter(options, metadata);
  try {
    exporter.begin([table]);
    for (const run of readRuns(folder).toSorted((one, other) => one.index - other.index)) exporter.row(table, run);
    return finished(exporter, options, metadata);
  } catch (error) {
    exporter.drop();
    throw error;
  }
}

interface RunSource {
  run: string;
  result: RunResult;
  journal: string;
}

/** @throws RunInputError before anything is written */
function readRun(folder: string, { capture }: ExportOptions): RunSource {
  const result = resultIn(folder);
  const journal = join(folder, RUN_FILES.journal);
  if (!existsSync(journal)) throw new RunInputError(`${folder}: the journal (${RUN_FILES.journal}) is missing`);
  if (capture !== undefined && !existsSync(capture))
    throw new RunInputError(`${capture}: no capture is there; run it with --pcap`);
  return { run: basename(resolve(folder)), result, journal };
}

async function exportRun({ run, result, journal }: RunSource, options: ExportOptions): Promise<ExportedTable[]> {
  const reader = await JournalReader.open(journal);
  const scenarioSha256 = scenarioDigest(result);
  const metadata: ExportMetadata = {
    poncastVersion: result.poncast.version,
    poncastCommit: result.poncast.commit,
    seed: `${result.seed}`,
    scenarioSha256,
    replay: reader.header.replay,
  };
  const exporter = new Exporter(options, metadata);
  try {
    exporter.begin([RUNS, ONTS, GROUPS, ...JOURNAL_TABLES, ...(options.capture === undefined ? [] : [FRAMES])]);
    exporter.row(RUNS, { run, result, scenarioSha256 });
    for (const ont of result.ontResults) exporter.row(ONTS, { run, ont });
    for (const [group, pass] of result.groups.entries()) exporter.row(GROUPS, { run, group, pass });
    for await (const record of reader) {
      const made = rowOfRecord(run, record);
      if (made !== undefined) exporter.row(made.table as ExportTable<unknown>, made.row);
    }
    if (options.capture !== undefined) await exportFrames(run, options.capture, exporter);
    return finished(exporter, options, metadata);
  } catch (error) {
    exporter.drop();
    throw error;
  }
}

async function exportFrames(run: string, capture: string, exporter: Exporter): Promise<void> {
  const tracer = new Tracer((record) => {
    if (record.record === "frame") exporter.row(FRAMES, { run, record });
  });
  const reader = new InputReader((frame) => tracer.frame(frame));
  for await (const piece of createReadStream(capture)) reader.add(piece as Uint8Array);
  reader.end();
  tracer.end();
}

/** Text files have no room for what Parquet has in its foot. */
function finished(exporter: Exporter, { out }: ExportOptions, metadata: ExportMetadata): ExportedTable[] {
  const tables = exporter.end();
  const about = { ...Object.fromEntries(metadataEntries(metadata)), rows: rowCounts(tables) };
  writeWhole(join(out, METADATA_FILE), `${JSON.stringify(about, undefined, 2)}\n`);
  return tables;
}

const rowCounts = (tables: readonly ExportedTable[]): Record<string, number> =>
  Object.fromEntries(tables.map(({ table, rows }) => [table, rows]));
