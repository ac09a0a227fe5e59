/** Brings a sweep and its page together; neither room may import the other. */
import { readIdentity, readRuns, statsOf } from "../study/sweep/index.ts";
import { sweepPage, sweepReport } from "../web/report/index.ts";

/** The page of the sweep in a folder. @throws RunInputError when none is in it */
export function sweepPageOf(folder: string): string {
  const identity = readIdentity(folder);
  const runs = readRuns(folder);
  return sweepPage(sweepReport(identity, statsOf(identity.cells, runs), runs));
}
