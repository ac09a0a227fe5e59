/** The passes over the image as lanes over time: those of the first download on top, catch-up groups, then ONTs alone. */
import type { RunResult } from "../../run/result/index.ts";
import type { OntTrack, PassBar } from "./types.ts";

type GroupResult = RunResult["groups"][number];

/** In the order of their lanes. */
export const PASS_KINDS = ["first", "catchUp", "alone"] as const satisfies readonly GroupResult["why"][];

/** When the first ONT was sent a Start: passes count from there. */
const firstStartOf = (onts: readonly OntTrack[]): number =>
  Math.min(...onts.flatMap(({ seconds, states }) => seconds[states.indexOf("downloading")] ?? []));

/** @param endSeconds of the run */
export function passBars(groups: readonly GroupResult[], onts: readonly OntTrack[], endSeconds: number): PassBar[] {
  const firstSeconds = firstStartOf(onts);
  if (!Number.isFinite(firstSeconds)) return [];
  const bars: PassBar[] = [];
  let lanesAbove = 0;
  for (const why of PASS_KINDS) {
    /** Until when each lane of this kind is taken. */
    const taken: number[] = [];
    const numbered = groups
      .filter((group) => group.why === why)
      .map((group, before) => ({ group, number: before + 1 }));
    for (const { group, number } of numbered) {
      const { onts: members, startSeconds, copies, payload } = group;
      const toSeconds = group.endSeconds ?? openEnd(group, groups) ?? endSeconds - firstSeconds;
      const free = taken.findIndex((until) => until <= startSeconds);
      const lane = free === -1 ? taken.length : free;
      taken[lane] = Math.max(toSeconds, startSeconds);
      bars.push({
        why,
        number,
        ...(payload !== "image" && { payload }),
        onts: members,
        copies,
        lane: lanesAbove + lane,
        fromSeconds: firstSeconds + startSeconds,
        toSeconds: firstSeconds + toSeconds,
        isWhole: group.endSeconds !== null,
      });
    }
    lanesAbove += taken.length;
  }
  return bars;
}

/** A pass that never ended was cut off with its OLT: it lasted until the next OLT of its port began anew at the latest. */
function openEnd(group: GroupResult, groups: readonly GroupResult[]): number | undefined {
  let lastSeconds = group.startSeconds;
  for (const { why, startSeconds } of groups.slice(groups.indexOf(group) + 1)) {
    // Passes are listed port by port, each port's in the order of their beginnings: this is another one's.
    if (startSeconds < lastSeconds) return undefined;
    if (why === "first" && startSeconds > group.startSeconds) return startSeconds;
    lastSeconds = startSeconds;
  }
  return undefined;
}
