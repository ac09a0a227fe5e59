/** By which road a device is updated now, or what it waits for. */
import { type OpeningHours, timeText } from "./hours.ts";
import type { CampaignEntry, CampaignPlan, RoadPlan } from "./types.ts";

const MS_PER_MINUTE = 60_000;

export type RoadChoice = { kind: "road"; road: RoadPlan } | { kind: "waits"; for: WaitCause; why: string };

/** `room`: until others are done; `road`: until it can be reached by one that it has, and may be tried. */
type WaitCause = "window" | "road" | "time" | "room";

interface Room {
  /** Under way by a road. */
  countBy: (road: string) => number;
  underWay: number;
}

const waits = (cause: WaitCause, why: string): RoadChoice => ({ kind: "waits", for: cause, why: `waits: ${why}` });

/** @param entry with `isLate` as it would be */
export function chooseRoad(
  { device, failures, isLate }: Pick<CampaignEntry, "device" | "failures" | "isLate">,
  online: ReadonlySet<string>,
  { roads, concurrency }: Pick<CampaignPlan, "roads" | "concurrency">,
  { isOpen, opensMs, closesMs, rule }: OpeningHours,
  room: Room,
  nowMs: number,
): RoadChoice {
  if (!isOpen)
    return opensMs === Infinity
      ? waits("window", "no window comes before the campaign ends")
      : waits("window", `window ${rule} opens ${timeText(opensMs)}`);
  const usable = roads.filter(({ road, attempts }) => device.roads.includes(road) && (failures[road] ?? 0) < attempts);
  if (usable.length === 0)
    return waits("road", `no road of the campaign leads to it (it has ${device.roads.join(", ")})`);
  const timely = usable.filter(({ takesLate }) => takesLate || !isLate);
  // Who has no other road is taken late, too.
  const offered = timely.length > 0 ? timely : usable;
  const here = offered.filter(({ road }) => online.has(road));
  if (here.length === 0)
    return waits("road", online.size === 0 ? "it is offline" : `it is offline by ${namesOf(offered)}`);
  const inTime = here.filter(({ updateMs }) => nowMs + updateMs <= closesMs);
  if (inTime.length === 0) {
    const minutes = Math.ceil(here[0].updateMs / MS_PER_MINUTE);
    const closes = rule === "" ? "the campaign ends" : `window ${rule} closes`;
    return waits("time", `an update takes ${minutes} min, ${closes} ${timeText(closesMs)}`);
  }
  if (room.underWay >= concurrency) return waits("room", `${room.underWay} are under way, no more at once`);
  const [first] = inTime;
  const taken = room.countBy(first.road);
  if (taken >= first.concurrency) return waits("room", `${taken} are under way by ${first.road}, no more at once`);
  return { kind: "road", road: first };
}

const namesOf = (roads: readonly RoadPlan[]): string => roads.map(({ road }) => road).join(", ");
