/** The other side of the model: the same scenario measured in virtual time, so that the two can be compared. */
import type { FleetGroup, Scenario } from "../../scenarios/index.ts";
import { simulate } from "../../run/virtual/index.ts";

/** What runs in virtual time came to, as the model counts it: all ports together, means over the runs. */
export interface Measured {
  runs: number;
  seconds: number;
  sections: number;
  imageCopies: number;
  downstreamBytes: number;
  upstreamBytes: number;
  stragglers: number;
}

const isLate = ({ joinAtSeconds, joinOverSeconds }: FleetGroup): boolean => joinAtSeconds + joinOverSeconds > 0;

/**
 * Runs a scenario's download in virtual time, once for each seed from the scenario's on; without activation, which is not
 * part of the model, unless ONTs come late: only with it a run goes on while they are away.
 */
export function measure(scenario: Scenario, runs: number): Measured {
  const sum: Measured = {
    runs,
    seconds: 0,
    sections: 0,
    imageCopies: 0,
    downstreamBytes: 0,
    upstreamBytes: 0,
    stragglers: 0,
  };
  const activate = scenario.olt.activate && scenario.fleet.some(isLate);
  for (let run = 0; run < runs; run++) {
    const seed = scenario.seed + run;
    const { result } = simulate({ ...scenario, seed, olt: { ...scenario.olt, activate } });
    const { downstream, upstream, timing, ontResults } = result;
    sum.seconds += (timing.downloadSeconds ?? Number.NaN) / runs;
    sum.sections += downstream.sections / runs;
    // Copies are counted over all ports; each of them sends its own.
    sum.imageCopies += downstream.imageCopies / scenario.pons / runs;
    sum.downstreamBytes += downstream.gemBytes / runs;
    sum.upstreamBytes += upstream.gemBytes / runs;
    sum.stragglers += ontResults.filter(({ leftGroup }) => leftGroup).length / runs;
  }
  return sum;
}
