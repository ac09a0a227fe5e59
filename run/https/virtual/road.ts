/** Whom the update agents of a simulation ask, and what lies between: a depot over HTTPS, or folders. */
import { type AgentConfig, agentConfigOf } from "../../../ont/agent/index.ts";
import type { FleetDepot, FleetNetOptions } from "../../../ont/agent/virtual/index.ts";
import { createStream } from "../../../pon/index.ts";
import type { Scenario } from "../../../scenarios/index.ts";
import type { OntPlan } from "../../fleet/plan.ts";
import type { RunImages } from "../../images/index.ts";
import { agentFactsOf } from "../facts.ts";
import { networkOf } from "./network.ts";

export interface VirtualRoad {
  readonly depot: FleetDepot;
  readonly network: FleetNetOptions;
  /** What they are sent leaves the headend. */
  readonly isFromHeadend: boolean;
  /** How often it is looked whether there is anything left to do. */
  readonly lookSeconds: number;
  agentConfigOf(plan: OntPlan): AgentConfig;
}

/** @param nowNs of virtual time */
export type MakeVirtualRoad = (scenario: Scenario, images: RunImages, nowNs: () => number) => VirtualRoad;

export const httpsVirtualRoad = (depot: FleetDepot, scenario: Scenario, { trustedKeys }: RunImages): VirtualRoad => ({
  depot,
  network: networkOf(scenario),
  isFromHeadend: true,
  lookSeconds: scenario.depot.pollSeconds,
  agentConfigOf: (plan) => {
    const facts = agentFactsOf(plan, scenario, trustedKeys);
    return agentConfigOf(facts, depot.origin, "", createStream(scenario.seed, `ont/${plan.serial}/agent`));
  },
});
