/** What limits the traffic of a run, for the line in its charts. */
import type { Scenario } from "../../scenarios/index.ts";
import { grantPlan } from "../../run/virtual/index.ts";
import type { Budgets } from "./types.ts";

const BITS_PER_BYTE = 8;
const NS_PER_SECOND = 1e9;

/** Downstream each port has its own budget, and all share the feed; upstream there is what the line grants in virtual time. */
export function budgetsOf(scenario: Scenario, clock: "wall" | "virtual"): Budgets {
  const { olt, pon, pons, onts } = scenario;
  const ports = olt.rateBytesPerSecond === undefined ? Infinity : olt.rateBytesPerSecond * BITS_PER_BYTE * pons;
  const downstream = Math.min(ports, pon.headendBitsPerSecond ?? Infinity);
  return {
    downstream: Number.isFinite(downstream) ? downstream : null,
    upstream: clock === "virtual" ? grantedBitsPerSecond(scenario) * onts * pons : null,
  };
}

/** What one ONT's OMCC is granted upstream. */
function grantedBitsPerSecond(scenario: Scenario): number {
  const { grantBytes, cycleNs } = grantPlan(scenario, scenario.onts);
  return (grantBytes * BITS_PER_BYTE * NS_PER_SECOND) / cycleNs;
}
