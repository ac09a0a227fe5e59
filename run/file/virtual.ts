/** The road file in virtual time: each device looks into a folder of its own, in which update.zip lies from its visit on. */
import { readDdiPath } from "../../base/ddi/index.ts";
import { AGENT_BLOCK_BYTES } from "../../ont/agent/index.ts";
import { FOLDER_ORIGIN, folderAgentConfig, FolderDepot, MemoryFolder, modelAnswer } from "../../ont/folder/index.ts";
import type { FleetDepot } from "../../ont/agent/virtual/index.ts";
import { createStream } from "../../pon/index.ts";
import type { OntPlan } from "../fleet/plan.ts";
import type { MakeVirtualRoad } from "../https/virtual/road.ts";
import { archiveOf, folderFactsOf, visitSeconds } from "./facts.ts";

const NS_PER_SECOND = 1e9;
/** Who waits for a visit looks seldom. */
const LOOK_SECONDS = 60;

type Answer = FleetDepot["answer"];

export const fileVirtualRoad: MakeVirtualRoad = (scenario, images, nowNs) => {
  const bytes = archiveOf(scenario, images);
  const folders = new Map<string, Answer>();
  const answerOf = (plan: OntPlan): Answer => {
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
    return (request) => {
      if (leftSeconds() <= 0) folder.file ??= { bytes, mtimeMs: 0 };
      return modelAnswer(folder, depot, request);
    };
  };
  return {
    depot: { origin: FOLDER_ORIGIN, answer: (request) => folders.get(readDdiPath(request.path)!.device)!(request) },
    network: {
      depotBytesPerSecond: Infinity,
      agentBytesPerSecond: scenario.updateZip.readBytesPerSecond,
      roundTripNs: 0,
      keepAliveNs: Infinity,
      blockBytes: AGENT_BLOCK_BYTES,
    },
    isFromHeadend: false,
    lookSeconds: LOOK_SECONDS,
    agentConfigOf: (plan) => {
      folders.set(plan.serial, answerOf(plan));
      const chance = createStream(scenario.seed, `ont/${plan.serial}/folder`);
      return folderAgentConfig(plan.serial, folderFactsOf(plan, scenario, images), chance);
    },
  };
};
