/** Several headends of one run as one, ports beside each other or roads beside each other: what any of them did. */
import type { OltStatus } from "../../olt/core/types.ts";
import { newTraffic } from "../../pon/index.ts";
import type { OltTotals } from "./olt-history.ts";

/** Earlier of two times of which either may not have come (-1). */
const earlier = (a: number, b: number): number => (a < 0 ? b : b < 0 ? a : Math.min(a, b));

/** Where most is left to do first. */
const PHASES: readonly OltStatus["phase"][] = ["downloading", "ranging", "activating", "stopped", "done"];

/** A port that is further than another does not bring the whole further: until the last one is done there is something to do. */
const laggardOf = (a: OltStatus["phase"], b: OltStatus["phase"]): OltStatus["phase"] =>
  PHASES.indexOf(a) <= PHASES.indexOf(b) ? a : b;

/** All of them as one OLT: what any of them did, and until when the last of them did it. */
export function mergeStatus(a: OltStatus, b: OltStatus): OltStatus {
  return {
    phase: laggardOf(a.phase, b.phase),
    stopReason: a.stopReason || b.stopReason,
    imageBytes: a.imageBytes,
    bytesDone: Math.min(a.bytesDone, b.bytesDone),
    firstStartNs: earlier(a.firstStartNs, b.firstStartNs),
    lastWindowAnsweredNs: Math.max(a.lastWindowAnsweredNs, b.lastWindowAnsweredNs),
    lastEndNs: Math.max(a.lastEndNs, b.lastEndNs),
    firstActivateNs: earlier(a.firstActivateNs, b.firstActivateNs),
    lastCommitNs: Math.max(a.lastCommitNs, b.lastCommitNs),
    finishedNs: a.finishedNs < 0 || b.finishedNs < 0 ? -1 : Math.max(a.finishedNs, b.finishedNs),
    counters: sumOf([a.counters, b.counters]),
    groups: [...a.groups, ...b.groups],
    onts: [...a.onts, ...b.onts],
    control: {
      paused: a.control.paused || b.control.paused,
      aborting: a.control.aborting || b.control.aborting,
      rateBytesPerSecond: Math.max(a.control.rateBytesPerSecond, b.control.rateBytesPerSecond),
    },
  };
}

export function sumOf<Numbers extends { [Name in keyof Numbers]: number }>(parts: readonly Numbers[]): Numbers {
  const total = { ...parts[0] };
  for (const part of parts.slice(1)) for (const name in total) (total[name] as number) += part[name];
  return total;
}

/** Of several ports each pass says of which it is. */
const placed = (status: OltStatus, pon: number, ports: number): OltStatus =>
  ports === 1 ? status : { ...status, groups: status.groups.map((group) => ({ pon, ...group })) };

/** @param each of the ports, in their order */
export function mergedTotals(each: readonly OltTotals[]): OltTotals {
  const statuses = each.flatMap(({ status }, pon) => (status === undefined ? [] : placed(status, pon, each.length)));
  return {
    status: statuses.length === 0 ? undefined : statuses.reduce(mergeStatus),
    counters: sumOf(each.map(({ counters }) => counters)),
    downstream: sumOf([newTraffic(), ...each.map(({ downstream }) => downstream)]),
    upstream: sumOf([newTraffic(), ...each.map(({ upstream }) => upstream)]),
  };
}
