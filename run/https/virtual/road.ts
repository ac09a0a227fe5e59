/** The road https in virtual time: a depot, and ONTs whose agents poll it. */
import { AGENT_BLOCK_BYTES, agentConfigOf } from "../../../ont/agent/index.ts";
import { agentDevice } from "../../../ont/agent/virtual/index.ts";
import { createStream } from "../../../pon/index.ts";
import { networkOf } from "../../pull/virtual/network.ts";
import { type MakeVirtualRoad, wallMsOf } from "../../pull/virtual/road.ts";
import { agentFactsOf, depotConfigOf } from "../facts.ts";
import { VirtualDepot } from "./depot.ts";

export const httpsVirtualRoad: MakeVirtualRoad = (around) => {
  const { scenario, images, byRelease } = around;
  const config = depotConfigOf(scenario);
  const { window = config.window } = byRelease ?? {};
  const depot = new VirtualDepot(
    { ...config, ...(window && { window }), byRelease: byRelease !== undefined },
    images.payloads,
    wallMsOf(around),
  );
  return {
    headend: depot,
    network: networkOf(scenario.depot, scenario, AGENT_BLOCK_BYTES),
    lookSeconds: scenario.depot.pollSeconds,
    makeDevice: (plan, net, store, onEvent) => {
      const facts = agentFactsOf(plan, scenario, images.trustedKeys);
      const chance = createStream(scenario.seed, `ont/${plan.serial}/agent`);
      return agentDevice(agentConfigOf(facts, depot.origin, "", chance), net, depot, store, onEvent);
    },
  };
};
