/** What an export is made of: tables as data, from which files, types and the data dictionary follow. */

/** `integer`: whole and below 2^53; a value that is null is missing. */
export type ColumnKind = "integer" | "number" | "boolean" | "text";
export type ColumnValue = number | boolean | string | null;

export interface Column<Row> {
  /** Small letters and underscores, the unit last. */
  name: string;
  kind: ColumnKind;
  /** One sentence for the data dictionary, without its full stop. */
  about: string;
  value: (row: Row) => ColumnValue;
}

/** One row for each observation. */
export interface ExportTable<Row> {
  /** Of its file, too. */
  name: string;
  /** What one row is. */
  about: string;
  columns: readonly Column<Row>[];
}

/** In each file, or in `metadata.json` beside files that have no room for it. */
export interface ExportMetadata {
  poncastVersion: string;
  poncastCommit: string;
  /** Of a sweep: empty, its rows have theirs. */
  seed: string;
  /** SHA-256 of the scenario as it was run, or the digest of the sweep; hexadecimal. */
  scenarioSha256: string;
  /** The command that makes the same run again. */
  replay: string;
}

export const EXPORT_FORMATS = ["parquet", "csv", "jsonl"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** A file of a table that is being written; there under its name once it has ended. */
export interface TableFile {
  readonly path: string;
  row(values: readonly ColumnValue[]): void;
  end(): void;
  /** Leaves nothing. */
  drop(): void;
}
