/** The road file in virtual time: each device looks into a folder of its own, in which update.zip lies from its visit on. */
import { AGENT_BLOCK_BYTES } from "../../ont/agent/index.ts";
import { FOLDER_ORIGIN, folderAgentConfig, FolderDepot, MemoryFolder, modelAnswer } from "../../ont/folder/index.ts";
import { agentDevice, type FleetDepot } from "../../ont/agent/virtual/index.ts";
import { createStream } from "../../pon/index.ts";
import type { OntPlan } from "../fleet/plan.ts";
import type { MakeVirtualRoad } from "../pull/virtual/road.ts";
import { archiveOf, folderFactsOf, visitSeconds } from "./facts.ts";

const NS_PER_SECOND = 1e9;
/** Who waits for a visit looks seldom. */
const LOOK_SECONDS = 60;

export const fileVirtualRoad: MakeVirtualRoad = ({ scenario, images, nowNs }) => {
  const bytes = archiveOf(scenario, images);
  const folderOf = (plan: OntPlan): FleetDepot => {
    const folder = new MemoryFolder();
    const fromSeconds = visitSeconds(plan, scenario);
    const leftSeconds = (): number => fromSeconds - nowNs() / NS_PER_SECOND;
    folder.nextChangeSeconds = () => (leftSeconds() > 0 ? leftSeconds() : Infinity);
    const depot = new FolderDepot({
      folder,
      device: plan.serial,
      facts: folderFactsOf(plan, scenario, images),
      nowNs,
      // It is put there once.
      onReplaced: () => undefined,
    });
    const answer: FleetDepot["answer"] = (request) => {
      if (leftSeconds() <= 0) folder.file ??= { bytes, mtimeMs: 0 };
      return modelAnswer(folder, depot, request);
    };
    return { origin: FOLDER_ORIGIN, answer };
  };
  return {
    network: {
      headendBytesPerSecond: Infinity,
      deviceBytesPerSecond: scenario.updateZip.readBytesPerSecond,
      roundTripNs: 0,
      keepAliveNs: Infinity,
      blockBytes: AGENT_BLOCK_BYTES,
    },
    lookSeconds: LOOK_SECONDS,
    makeDevice: (plan, net, store, onEvent) => {
      const chance = createStream(scenario.seed, `ont/${plan.serial}/folder`);
      const config = folderAgentConfig(plan.serial, folderFactsOf(plan, scenario, images), chance);
      return agentDevice(config, net, folderOf(plan), store, onEvent);
    },
  };
};
