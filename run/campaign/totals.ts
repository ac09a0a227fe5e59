/** All roads of a campaign as one headend: what they sent together, and where each ONT stands. */
import type { Campaign } from "../../headend/campaign/core/index.ts";
import type { OltOntStatus, OltStatus } from "../../olt/core/types.ts";
import { newTraffic } from "../../pon/index.ts";
import type { ImageRoad } from "../../scenarios/index.ts";
import { mergeStatus, sumOf } from "../result/port-totals.ts";
import type { OltTotals } from "../result/olt-history.ts";

export interface RoadTotals {
  road: ImageRoad;
  totals: OltTotals;
}

export interface CampaignStanding {
  campaign: Campaign;
  nowMs: number;
  /** By their numbers. */
  serials: readonly string[];
  /** When it was over, nanoseconds of the run; -1: it is not. */
  finishedNs: number;
}

/** Where an ONT stands is the word of the road that it took last. */
export function campaignTotals(
  byRoad: readonly RoadTotals[],
  standing: CampaignStanding,
): { totals: OltTotals; groupRoads: ImageRoad[] } {
  const statuses = byRoad.flatMap(({ totals: { status } }) => status ?? []);
  const groupRoads = byRoad.flatMap(({ road, totals: { status } }) => (status?.groups ?? []).map(() => road));
  const merged = statuses.length === 0 ? undefined : statuses.reduce(mergeStatus);
  const none = { sections: 0, repairSections: 0, windows: 0, sectionPayloadBytes: 0 };
  return {
    groupRoads,
    totals: {
      status: merged && statusOf(merged, byRoad, standing),
      counters: sumOf([none, ...byRoad.map(({ totals: { counters } }) => onlyOf(none, counters))]),
      downstream: sumOf([newTraffic(), ...byRoad.map(({ totals }) => totals.downstream)]),
      upstream: sumOf([newTraffic(), ...byRoad.map(({ totals }) => totals.upstream)]),
    },
  };
}

function statusOf(
  merged: OltStatus,
  byRoad: readonly RoadTotals[],
  { campaign, nowMs, serials, finishedNs }: CampaignStanding,
): OltStatus {
  const known = new Map(
    byRoad.map(({ road, totals: { status } }) => [
      road as string,
      new Map(status?.onts.map((ont) => [ont.serial, ont])),
    ]),
  );
  const onts = serials.map((serial, index): OltOntStatus => {
    const { standing, road, why } = campaign.deviceStatus(nowMs, serial)!;
    const told = known.get(road)?.get(serial);
    const isOpen = standing === "pending" || standing === "waiting" || standing === "removed";
    if (told !== undefined && !isOpen) return told;
    return { ...(told ?? notBegun(index, serial, merged.imageBytes)), phase: "skipped", cause: why };
  });
  const { haltedWhy } = campaign.status(nowMs);
  return {
    ...merged,
    onts,
    phase: finishedNs >= 0 ? "done" : merged.phase,
    stopReason: haltedWhy === "" ? "" : `the campaign has stopped by itself: ${haltedWhy}`,
    finishedNs,
  };
}

const notBegun = (onuId: number, serial: string, payloadBytes: number): OltOntStatus => ({
  onuId,
  serial,
  phase: "skipped",
  cause: "",
  version: "",
  activeInstance: 0,
  committedInstance: 0,
  payload: 0,
  payloadBytes,
  bytesDone: 0,
  windowsRepaired: 0,
  sectionsLost: 0,
  leftGroup: false,
  online: false,
  startedNs: -1,
  endedNs: -1,
});

function onlyOf<Numbers extends { [Name in keyof Numbers]: number }>(zero: Numbers, from: Numbers): Numbers {
  const only = { ...zero };
  for (const name in zero) only[name] = from[name];
  return only;
}
