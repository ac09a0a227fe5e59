/** Tables to files, row by row: there under their names once they are whole, and never held as a whole. */
import { closeSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { ByteWriter, ParquetWriter, schemaFromColumnData } from "hyparquet-writer";
import { csvLine } from "../../base/text/index.ts";
import type { ColumnKind, ColumnValue, ExportFormat, ExportMetadata, ExportTable, TableFile } from "./types.ts";

const FLUSH_CHARACTERS = 1 << 20;
/** Held until they are written: Parquet has its rows column by column. */
const ROW_GROUP_ROWS = 50_000;

/** Text that grows, in a file that has its name at the end. */
class PartFile {
  readonly path: string;
  readonly #part: string;
  readonly #file: number;

  /** @throws system errors */
  constructor(path: string) {
    this.path = path;
    this.#part = `${path}.${process.pid}.tmp`;
    this.#file = openSync(this.#part, "w");
  }

  write(content: string | Uint8Array): void {
    const bytes = typeof content === "string" ? Buffer.from(content) : content;
    for (let at = 0; at < bytes.length;) at += writeSync(this.#file, bytes, at);
  }

  end(): void {
    closeSync(this.#file);
    renameSync(this.#part, this.path);
  }

  drop(): void {
    closeSync(this.#file);
    rmSync(this.#part, { force: true });
  }
}

/** Lines of text: CSV (RFC 4180) or JSON. */
class LineFile implements TableFile {
  readonly #file: PartFile;
  readonly #lineOf: (values: readonly ColumnValue[]) => string;
  #text = "";

  constructor(path: string, head: string, lineOf: (values: readonly ColumnValue[]) => string) {
    this.#file = new PartFile(path);
    this.#lineOf = lineOf;
    this.#text = head;
  }

  get path(): string {
    return this.#file.path;
  }

  row(values: readonly ColumnValue[]): void {
    this.#text += this.#lineOf(values);
    if (this.#text.length > FLUSH_CHARACTERS) this.#flush();
  }

  #flush(): void {
    this.#file.write(this.#text);
    this.#text = "";
  }

  end(): void {
    this.#flush();
    this.#file.end();
  }

  drop(): void {
    this.#file.drop();
  }
}

const PARQUET_TYPES = {
  integer: "INT64",
  number: "DOUBLE",
  boolean: "BOOLEAN",
  text: "STRING",
} as const satisfies Record<ColumnKind, string>;

class ParquetFile implements TableFile {
  readonly #file: PartFile;
  readonly #names: readonly string[];
  readonly #isInteger: readonly boolean[];
  readonly #bytes = new ByteWriter();
  readonly #writer: ParquetWriter;
  #columns: (ColumnValue | bigint)[][];

  constructor(path: string, { columns }: ExportTable<never>, metadata: readonly [string, string][]) {
    this.#file = new PartFile(path);
    this.#names = columns.map(({ name }) => name);
    this.#isInteger = columns.map(({ kind }) => kind === "integer");
    this.#columns = columns.map(() => []);
    const schema = schemaFromColumnData({
      columnData: columns.map(({ name, kind }) => ({ name, data: [], type: PARQUET_TYPES[kind] })),
    });
    this.#writer = new ParquetWriter({
      writer: this.#bytes,
      schema,
      kvMetadata: metadata.map(([key, value]) => ({ key, value })),
      createdBy: "poncast",
    });
  }

  get path(): string {
    return this.#file.path;
  }

  row(values: readonly ColumnValue[]): void {
    for (const [at, value] of values.entries())
      this.#columns[at].push(this.#isInteger[at] && typeof value === "number" ? BigInt(value) : value);
    if (this.#columns[0].length >= ROW_GROUP_ROWS) this.#flush();
  }

  #flush(): void {
    if (this.#columns[0].length > 0) {
      const columnData = this.#names.map((name, at) => ({ name, data: this.#columns[at] }));
      void this.#writer.write({ columnData, rowGroupSize: ROW_GROUP_ROWS });
      this.#columns = this.#names.map(() => []);
    }
    this.#take();
  }

  /** What the library has encoded goes to the file; its offsets count on. */
  #take(): void {
    this.#file.write(new Uint8Array(this.#bytes.buffer, 0, this.#bytes.index));
    this.#bytes.index = 0;
  }

  end(): void {
    this.#flush();
    void this.#writer.finish();
    this.#take();
    this.#file.end();
  }

  drop(): void {
    this.#file.drop();
  }
}

/** Metadata by the names that it has in files. */
export const metadataEntries = (metadata: ExportMetadata): [string, string][] => [
  ["poncast.version", metadata.poncastVersion],
  ["poncast.commit", metadata.poncastCommit],
  ["poncast.seed", metadata.seed],
  ["poncast.scenario_sha256", metadata.scenarioSha256],
  ["poncast.replay", metadata.replay],
];

/** @param path without its ending @throws system errors */
export function openTable(
  path: string,
  table: ExportTable<never>,
  format: ExportFormat,
  metadata: ExportMetadata,
): TableFile {
  const names = table.columns.map(({ name }) => name);
  const file = `${path}.${format}`;
  switch (format) {
    case "parquet":
      return new ParquetFile(file, table, metadataEntries(metadata));
    case "csv":
      return new LineFile(file, csvLine(names), csvLine);
    case "jsonl":
      return new LineFile(file, "", (values) => {
        const entries = names.map((name, at) => [name, values[at]] as const);
        return `${JSON.stringify(Object.fromEntries(entries))}\n`;
      });
  }
}
