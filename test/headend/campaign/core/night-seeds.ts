/** Nights drawn from seeds: zones whose clocks change, windows, devices that come and go; nothing is installed outside. */
import { expect } from "vitest";
import { readWindow } from "../../../../base/maintenance/index.ts";
import { Campaign, type CampaignPlan } from "../../../../headend/campaign/core/index.ts";
import { createStream } from "../../../../pon/index.ts";
import { CLOCK_CHANGES, type WallTable, WALL_STEP_MS, wallTable } from "../../../support/wall-clock.ts";
import { actionsOf, at, deviceOf, MINUTE_MS, plan } from "./fixture.ts";

const HOURS = ["02:00-05:00", "01:45-03:15", "23:30-02:30", "00:00-00:30", "02:15-02:45", "04:00-07:00"];
const HOUR_MS = 60 * MINUTE_MS;
const DAYS = 4;
const DEVICES = 12;

const tables = new Map<string, WallTable>();
function tableOf(zone: string, hours: string, fromMs: number): WallTable {
  const key = `${zone} ${hours} ${fromMs}`;
  const known = tables.get(key) ?? wallTable(zone, hours, fromMs, DAYS);
  tables.set(key, known);
  return known;
}

interface Install {
  serial: string;
  fromMs: number;
  toMs: number;
}

/** @returns how many updates were begun */
export function runNight(seed: number): number {
  const chance = createStream(seed, "night");
  const below = (count: number): number => Math.floor(chance.nextFloat() * count);
  const [zone, ...days] = CLOCK_CHANGES[below(CLOCK_CHANGES.length)];
  const fromMs = at(`${days[below(2)]}T00:00:00Z`) - 12 * HOUR_MS;
  const hours = HOURS.filter(() => chance.nextFloat() < 0.3);
  if (hours.length === 0) hours.push(HOURS[below(HOURS.length)]);
  const closed = tableOf(zone, hours[0], fromMs);
  const beginsMs = closed.steps[closed.fromStep].ms;
  const endsMs = closed.steps.at(-1)!.ms - 24 * HOUR_MS;
  const own: CampaignPlan = {
    ...plan,
    windows: hours.map((each) => readWindow(`${each} ${zone}`)!),
    endsMs,
    gatherMs: below(3) * MINUTE_MS,
    concurrency: 1 + below(DEVICES),
    roads: plan.roads.map((road) => ({ ...road, updateMs: (5 + below(60)) * MINUTE_MS })),
    waves: [
      { devices: 1 + below(4), successShare: chance.nextFloat(), failureShare: 1, pauseAfter: false },
      { devices: below(2) * 3, successShare: chance.nextFloat(), failureShare: 1, pauseAfter: false },
    ],
  };
  const installs = simulate(own, below, beginsMs, endsMs);
  const isOpen = (ms: number): boolean =>
    hours.some((each) => {
      const { steps } = tableOf(zone, each, fromMs);
      return steps[Math.floor((ms - steps[0].ms) / WALL_STEP_MS)]?.isOpen ?? false;
    });
  const outside = installs.flatMap(({ serial, fromMs: begunMs, toMs }) => {
    for (let ms = begunMs; ms < toMs; ms += MINUTE_MS)
      if (!isOpen(ms)) return [`${serial} at ${new Date(ms).toISOString()}`];
    return [];
  });
  expect(outside, `seed ${seed}: ${hours.join()} ${zone}`).toEqual([]);
  return installs.length;
}

/** Devices keep no promise: some take longer than predicted, and are stopped. */
function simulate(own: CampaignPlan, below: (count: number) => number, beginsMs: number, endsMs: number): Install[] {
  const campaign = new Campaign(own);
  const installs: Install[] = [];
  const running = new Map<string, Install & { attempt: number; doneMs: number }>();
  const changes = Array.from({ length: DEVICES * 4 }, () => ({
    ms: beginsMs + below(endsMs - beginsMs),
    serial: `ont-${below(DEVICES)}`,
    roads: [[], ["https"], ["omci", "https"], ["omci", "https"]][below(4)],
  })).toSorted((one, other) => one.ms - other.ms);
  let nowMs = beginsMs;
  const carryOut = (): void => {
    for (const action of actionsOf(campaign)) {
      const { serial, attempt } = action;
      if (action.kind === "start") {
        const { updateMs } = own.roads.find(({ road }) => road === action.road)!;
        running.set(serial, {
          serial,
          attempt,
          fromMs: nowMs,
          toMs: 0,
          doneMs: nowMs + Math.round((updateMs * (1 + below(16))) / 10),
        });
      } else finish(serial, "stopped");
    }
  };
  const finish = (serial: string, end: "stopped" | "committed" | "failed"): void => {
    const update = running.get(serial)!;
    running.delete(serial);
    installs.push({ ...update, toMs: nowMs });
    campaign.handleEnded(nowMs, serial, update.attempt, end);
    carryOut();
  };
  for (let number = 0; number < DEVICES; number++) {
    campaign.handleDevice(nowMs, deviceOf(`ont-${number}`));
    if (below(3) > 0) campaign.handlePresence(nowMs, `ont-${number}`, ["omci", "https"]);
    carryOut();
  }
  while (!campaign.isOver) {
    const due = [...running.values()].toSorted((one, other) => one.doneMs - other.doneMs)[0];
    const change = changes[0];
    nowMs = Math.min(campaign.nextTimeoutMs(nowMs), due?.doneMs ?? Infinity, change?.ms ?? Infinity);
    expect(nowMs).toBeLessThan(Infinity);
    if (nowMs === due?.doneMs) finish(due.serial, below(5) === 0 ? "failed" : "committed");
    else if (nowMs === change?.ms) {
      changes.shift();
      campaign.handlePresence(nowMs, change.serial, change.roads);
    } else campaign.handleTimeout(nowMs);
    carryOut();
  }
  return installs;
}
