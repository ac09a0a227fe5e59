/** The report as a sink of a run: made of the records as they come, written when the run is over. */
import { join } from "node:path";
import { RUN_FILES } from "../../run/recorder/index.ts";
import { writeWhole } from "../../base/files/index.ts";
import type { RunSink } from "../../run/types.ts";
import { RunModel } from "./run-model.ts";
import { runPage } from "./run-page.ts";

export interface ReportSink extends RunSink {
  /** Of the page, once it is written. */
  readonly path: string | undefined;
}

/** For one run. */
export function reportSink(): ReportSink {
  const model = new RunModel();
  let path: string | undefined;
  return {
    name: RUN_FILES.report,
    record: (record) => model.add(record),
    finish: ({ header, result, folder }) => {
      const file = join(folder, RUN_FILES.report);
      writeWhole(file, runPage(model.report(header, result)));
      path = file;
    },
    get path() {
      return path;
    },
  };
}
