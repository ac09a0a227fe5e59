/** What any run in virtual time says of itself in its folder. */
import type { Recording } from "../recorder/recorder.ts";
import { RUN_FILES } from "../recorder/run-folder.ts";
import type { EndReason } from "../types.ts";
import type { Scenario } from "../../scenarios/index.ts";
import type { SimulationEnd } from "./world.ts";

export const recordingOf = ({ onts, pons }: Scenario): Recording => ({
  clock: "virtual",
  onts: onts * pons,
  replayOf: () => `poncast run ${RUN_FILES.scenario} --virtual`,
});

export function endReasonOf(end: SimulationEnd): EndReason {
  switch (end) {
    case "finished":
    case "timeLimit":
      return end;
    case "stuck":
      return "failed";
    case "running":
      return "interrupted";
  }
}
