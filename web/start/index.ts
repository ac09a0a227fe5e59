/**
 * The one place a run is started from, by a command, a page or a script: whoever starts it gets the whole folder. It is here
 * and not in run/ because the report is part of that folder, and run/ knows nothing of web/.
 */
import { runProcesses } from "../../run/processes/index.ts";
import type { RunOptions, RunOutcome } from "../../run/types.ts";
import { runVirtual } from "../../run/virtual/index.ts";
import type { Scenario } from "../../scenarios/index.ts";
import { reportSink } from "../report/index.ts";

/** Whose OLT and ONTs, and whose time. */
export type Road =
  | { kind: "processes" }
  | { kind: "virtual" }
  /** The ONUs behind an OpenOLT server at host:port. */
  | { kind: "openOlt"; address: string };

export interface StartOptions extends RunOptions {
  /** Default: processes. */
  road?: Road;
  /** `report.html` in the run folder; default true. */
  report?: boolean;
}

export interface StartedRun extends RunOutcome {
  /** Path of the report; undefined where none was asked for, or it could not be written (`sinkFaults`). */
  report: string | undefined;
}

/**
 * Runs a scenario to its end and leaves scenario, journal, result and report in the run folder.
 *
 * @throws RunInputError when the run cannot start as asked; it has not begun then, but its folder may be there
 */
export async function startRun(scenario: Scenario, options: StartOptions = {}): Promise<StartedRun> {
  const { road = { kind: "processes" }, report = true, sinks = [], ...others } = options;
  const page = report ? reportSink() : undefined;
  const outcome = await runOn(road, scenario, { ...others, sinks: page === undefined ? sinks : [...sinks, page] });
  return { ...outcome, report: page?.path };
}

async function runOn(road: Road, scenario: Scenario, options: RunOptions): Promise<RunOutcome> {
  switch (road.kind) {
    case "processes":
      return runProcesses(scenario, options);
    case "virtual":
      return runVirtual(scenario, options);
    case "openOlt": {
      // gRPC takes its time to load, and nobody else needs it.
      const { runOpenOlt } = await import("../../run/foreign/index.ts");
      return runOpenOlt(scenario, road.address, options);
    }
  }
}
