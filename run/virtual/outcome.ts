/** The result of a simulation: what its OLTs did, what its ONTs hold. */
import { createHash } from "node:crypto";
import type { BootRecord, Slot } from "../../ont/core/types.ts";
import type { OltTotals } from "../result/olt-history.ts";
import { mergedTotals } from "../result/port-totals.ts";
import { buildResult, type HostFacts, type OntFinal, type OntStorage, type RunResult } from "../result/index.ts";
import type { ImageRoad, Scenario } from "../../scenarios/index.ts";
import type { OntPlan } from "../fleet/index.ts";
import type { RunImages } from "../images/index.ts";
import type { RunOptions } from "../types.ts";
import { imageBytesIn, storageOf, unreadableStorage } from "../result/storage.ts";
import type { SlotContent } from "./slot-content.ts";
import { sentIn } from "../payloads/index.ts";
import type { VirtualOnt } from "./virtual-ont.ts";
import type { Simulation, SimulationEnd } from "./world.ts";

/** Digests of slots, each content once. */
class ContentDigests {
  readonly #known = new Map<Buffer, Map<number, string>>();

  /** SHA-256 of the first bytes, hexadecimal. */
  of(content: SlotContent, lengthBytes: number): string {
    const shared = content.sharedPrefix(lengthBytes);
    // Of one that is whole it is known.
    if (shared === undefined || shared.length === lengthBytes) return content.sha256Of(lengthBytes);
    let ofShared = this.#known.get(shared);
    if (ofShared === undefined) this.#known.set(shared, (ofShared = new Map()));
    let digest = ofShared.get(lengthBytes);
    if (digest === undefined) ofShared.set(lengthBytes, (digest = sha256(shared.subarray(0, lengthBytes))));
    return digest;
  }
}

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** What the flash of an ONT holds. */
function readStorage(ont: VirtualOnt, digests: ContentDigests): OntStorage {
  const activeSlot = ont.up ? ont.activeSlot : undefined;
  const digestOf = (record: BootRecord, slot: Slot): string | undefined => {
    const lengthBytes = imageBytesIn(record, slot);
    return lengthBytes === undefined ? undefined : digests.of(ont.flash.slots[slot], lengthBytes);
  };
  try {
    const record = ont.flash.readRecord();
    return storageOf(record, [digestOf(record, 0), digestOf(record, 1)], activeSlot);
  } catch (error) {
    return unreadableStorage(error, activeSlot);
  }
}

/** What the OLTs of all ports did. */
export const totalsOf = ({ ports }: Simulation): OltTotals => portTotals(ports);

export function portTotals(ports: Simulation["ports"]): OltTotals {
  return mergedTotals(
    ports.map((port) => {
      port.keepReport();
      return port.history.totals();
    }),
  );
}

/** Why the run ended before the OLTs were done, else empty. */
export function endTextOf(end: SimulationEnd): string {
  switch (end) {
    case "finished":
      return "";
    case "timeLimit":
      return "the run took longer than its limit";
    case "stuck":
      return "nothing was left to happen, but the OLT was not done";
    case "running":
      return "interrupted";
  }
}

/** Result of a simulation that has ended, or was left. */
export function resultOf(simulation: Simulation, options: RunOptions = {}, host?: HostFacts): RunResult {
  return virtualResult(simulation, totalsOf(simulation), endTextOf(simulation.end), options, host);
}

/** What any simulation leaves, whichever road the image came by. */
export function virtualResult(
  simulation: Pick<Simulation, "scenario" | "images" | "onts" | "nowNs">,
  totals: OltTotals,
  endedEarly: string,
  options: RunOptions = {},
  host?: HostFacts,
  groupRoads?: readonly ImageRoad[],
): RunResult {
  const { scenario, images, onts, nowNs } = simulation;
  const facts = {
    scenario,
    images,
    onts: finalsOf(onts, images),
    expected: onts.map(({ plan }) => plan.expect),
    nowNs,
  };
  return factsResult(facts, totals, endedEarly, options, host, groupRoads);
}

/** What ONTs hold at the end. */
export function finalsOf(onts: readonly VirtualOnt[], images: RunImages): OntFinal[] {
  const digests = new ContentDigests();
  return onts.map((ont) => ({
    id: ont.index,
    serial: ont.config.serial,
    factorySha256: ont.factory.image.sha256,
    targetSha256: images.targetOf(ont.config.hardwareVersion),
    storage: readStorage(ont, digests),
    cause: ont.cause,
    bootAttempts: ont.bootAttempts,
  }));
}

/** What is left of a simulation, wherever its parts ran. */
export interface EndFacts {
  scenario: Scenario;
  images: RunImages;
  onts: OntFinal[];
  expected: OntPlan["expect"][];
  nowNs: number;
}

export function factsResult(
  { scenario, images, onts, expected, nowNs }: EndFacts,
  { status, counters, downstream, upstream }: OltTotals,
  endedEarly: string,
  options: RunOptions = {},
  host?: HostFacts,
  groupRoads?: readonly ImageRoad[],
): RunResult {
  return buildResult({
    poncast: options.poncast,
    forecast: options.forecast,
    scenario,
    seed: scenario.seed,
    clock: "virtual",
    ...sentIn(images),
    road: scenario.road,
    ...(groupRoads && { groupRoads }),
    olt: status,
    counters,
    onts,
    expected,
    downstream,
    upstream,
    endedEarly,
    spawnSeconds: 0,
    totalSeconds: nowNs / 1e9,
    ...(host && { host }),
  });
}
