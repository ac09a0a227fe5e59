/**
 * A whole run in virtual time in one call: for sweeps, sizing checks and tests, which want the result and no folder.
 */
import type { RunResult } from "../result/index.ts";
import type { Scenario } from "../../scenarios/index.ts";
import { prepareImages, type RunImages } from "../images/index.ts";
import { resultIn, worldOf } from "./worlds.ts";
import type { SimulationEnd, SimulationOptions } from "./world.ts";

export interface SimulateOptions extends SimulationOptions {
  /** Images made before, for many runs of scenarios that differ in other things only. */
  images?: RunImages;
}

export interface SimulatedRun {
  /** Without `host`. */
  result: RunResult;
  /** 0: every ONT as the scenario expects; 1: not. */
  exitCode: 0 | 1;
  /** Why the exit code is not 0, a line each. */
  reasons: string[];
  end: SimulationEnd;
  /** Events handled. */
  steps: number;
}

/**
 * Runs a scenario in virtual time to its end, with nothing on disk.
 *
 * @throws RunInputError when an image, a key or a field cannot be used
 */
export function simulate(scenario: Scenario, options: SimulateOptions = {}): SimulatedRun {
  const images = options.images ?? prepareImages(scenario);
  const simulation = worldOf(scenario, images, options);
  simulation.run();
  const result = resultIn(simulation);
  const { reasons } = result.verdict;
  return {
    result,
    exitCode: reasons.length === 0 ? 0 : 1,
    reasons,
    end: simulation.end,
    steps: simulation.steps,
  };
}
