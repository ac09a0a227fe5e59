/** What runs and sweeps have left, as tidy tables for other programs, and for drawings. */
export { dataDictionary } from "./dictionary.ts";
export { exportFolder, type ExportedTable, type ExportOptions } from "./export.ts";
export { type ColumnFacts, isSweepFolder, readTable, resultIn, type TableData, tablesOf } from "./read.ts";
export { variedColumns } from "./sweep-table.ts";
export { type ColumnValue, EXPORT_FORMATS, type ExportFormat } from "./types.ts";
