/** What runs and sweeps have left, as tidy tables for other programs. */
export { dataDictionary } from "./dictionary.ts";
export { exportFolder, type ExportedTable, type ExportOptions } from "./export.ts";
export { EXPORT_FORMATS, type ExportFormat } from "./types.ts";
