/** The pages of runs and sweeps. */
import { statSync } from "node:fs";
import { join } from "node:path";
import { orRefused } from "../../base/errors/index.ts";
import { JournalReader } from "../../run/journal/index.ts";
import { RunInputError } from "../../run/index.ts";
import { readResult, RUN_FILES } from "../../run/recorder/index.ts";
import { writeWhole } from "../../base/files/index.ts";
import { RunModel } from "./run-model.ts";
import { runPage } from "./run-page.ts";

export { RunModel, type RunReport } from "./run-model.ts";
export { runPage } from "./run-page.ts";
export { type ReportSink, reportSink } from "./sink.ts";
export { sweepReport, type SweepReport } from "./sweep-model.ts";
export { sweepPage } from "./sweep-page.ts";
export type { ComparedCell, ComparedRun, ComparedSweep } from "./sweep-data.ts";

/**
 * The page of the run in a folder.
 *
 * @throws RunInputError when the folder holds none; InputError when its journal is broken
 */
export async function reportOf(folder: string): Promise<string> {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw new RunInputError(`${folder}: no such folder`);
  const result = readResult(folder);
  const reader = await JournalReader.open(join(folder, RUN_FILES.journal));
  const model = new RunModel();
  for await (const record of reader) model.add(record);
  return runPage(model.report(reader.header, result));
}

/** Writes a page where it is asked for. @throws InputError when it cannot be there */
export function writePage(path: string, page: string): void {
  orRefused(
    ({ message }) => ({ place: path, problem: message }),
    () => writeWhole(path, page),
  );
}
