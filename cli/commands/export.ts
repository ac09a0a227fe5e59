/** `poncast export`: what a run or a sweep has left, as tables for other programs. */
import type { Command } from "commander";
import { join } from "node:path";
import type { ExportedTable, ExportFormat } from "../../study/export/index.ts";
import { alignedText, countText } from "../../base/text/index.ts";
import { UsageError } from "../errors.ts";
import { print } from "../print.ts";

interface ExportFlags {
  out?: string;
  format: string;
  frames?: string;
}

const DEFAULT_FORMATS = "parquet,csv";

export function exportCommand(program: Command): void {
  program
    .command("export")
    .description("write a run or a sweep as tidy tables: Parquet, CSV, JSON lines")
    .argument("<folder>", "folder of a run or a sweep")
    .option("--out <folder>", "where the tables go; default data in the folder")
    .option("--format <formats>", "parquet, csv, jsonl; several by commas", DEFAULT_FORMATS)
    .option("--frames <capture>", "the frames of the run's capture (run --pcap) as well, decoded")
    .addHelpText("after", "\ndocs/data.md has all tables and columns.")
    .action(async (folder: string, { out = join(folder, "data"), format, frames }: ExportFlags) => {
      // Parquet takes its time to load, and nobody else needs it.
      const { exportFolder, EXPORT_FORMATS } = await import("../../study/export/index.ts");
      const formats = formatsOf(format, EXPORT_FORMATS);
      const tables = await exportFolder(folder, { out, formats, ...(frames !== undefined && { capture: frames }) });
      print(`${listOf(tables, formats)}\nin ${out}\n`);
    });
}

/** @throws UsageError */
function formatsOf(given: string, known: readonly ExportFormat[]): ExportFormat[] {
  const names = given.split(",").map((name) => name.trim());
  const stray = names.find((name) => !known.some((format) => format === name));
  if (stray !== undefined) throw new UsageError(`--format: there is no "${stray}"; there are ${known.join(", ")}`);
  return known.filter((format) => names.includes(format));
}

function listOf(tables: readonly ExportedTable[], formats: readonly ExportFormat[]): string {
  const rows = tables.map(({ table, rows: count }) => [table, countText(count)]);
  return alignedText([["table", "rows"], ...rows, ["", formats.join(", ")]]);
}
