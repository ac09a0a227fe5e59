/** The other side of the model: the same scenario measured in virtual time, so that the two can be compared. */
import type { FleetGroup, Scenario } from "../../scenarios/index.ts";
import { sizingInputOf } from "./input.ts";
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

export interface MeasureOptions {
  /** After each run. */
  onRun?: () => void;
}

/**
 * Whether the ports of a scenario go their ways apart and are alike: then one of them, run, counts for all. Not so where they
 * share a feed that may hold them up, and where a fault names an ONT.
 */
export function runsAlike(scenario: Scenario): boolean {
  if (scenario.pons === 1 || scenario.faults.some(({ onts }) => onts.length > 0)) return false;
  const { line } = sizingInputOf(scenario);
  return Math.min(line.budgetBytesPerSecond, line.lineBytesPerSecond) * scenario.pons <= line.feedBytesPerSecond;
}

/** Ports over which a mean is taken. */
const MEAN_PORTS = 5;

/** Runs whose mean is worth as much as that of five runs of one port: where many ports share a feed, each run has all of them. */
export const runsFor = (scenario: Scenario): number =>
  runsAlike(scenario) ? MEAN_PORTS : Math.max(1, Math.ceil(MEAN_PORTS / scenario.pons));

/**
 * Runs a scenario's download in virtual time, once for each seed from the scenario's on; without activation, which is not
 * part of the model, unless ONTs come late: only with it a run goes on while they are away. Of ports that are alike and
 * apart one is run and counts for all, with its time, as the model has it: that of the slowest of many ports is a little longer.
 */
export function measure(asked: Scenario, runs: number, { onRun = () => undefined }: MeasureOptions = {}): Measured {
  const ports = runsAlike(asked) ? asked.pons : 1;
  const scenario = ports === 1 ? asked : { ...asked, pons: 1, pon: withoutFeed(asked.pon) };
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
    sum.sections += (downstream.sections * ports) / runs;
    // Copies are counted over all ports; each of them sends its own.
    sum.imageCopies += downstream.imageCopies / scenario.pons / runs;
    sum.downstreamBytes += (downstream.gemBytes * ports) / runs;
    sum.upstreamBytes += (upstream.gemBytes * ports) / runs;
    sum.stragglers += (ontResults.filter(({ leftGroup }) => leftGroup).length * ports) / runs;
    onRun();
  }
  return sum;
}

/** One port is fed as well as each of many that the feed does not hold up. */
function withoutFeed({ headendBitsPerSecond: _feed, ...pon }: Scenario["pon"]): Scenario["pon"] {
  return pon;
}
