/** The model beside single runs: when it has the last ONT done, as the result of each says. */
import { basename, resolve } from "node:path";
import { RunInputError } from "../../run/index.ts";
import { resultIn, type TableData } from "../export/index.ts";
import type { TheoryFor } from "./picture.ts";

/** @throws RunInputError where it is not about the ONTs' downloads */
export function modelOfRuns(folders: readonly string[], table: TableData): TheoryFor {
  const seconds = new Map(folders.map((folder) => [basename(resolve(folder)), resultIn(folder).verdict.modelSeconds]));
  return (chosen) => {
    if (chosen.kind !== "ecdf" || table.columns[chosen.x].name !== "download_seconds")
      throw new RunInputError("--theory: of runs it is about the ECDF of download_seconds; more of it with a sweep");
    const isByRun = chosen.series !== undefined && table.columns[chosen.series].name === "run";
    return {
      of: () => [],
      isWhole: false,
      notes: () => ["vertical lines: when the sizing model has the last ONT done (docs/sizing.md)"],
      upright: (series) => (isByRun ? seconds.get(String(series)) : seconds.values().next().value) ?? undefined,
    };
  };
}
