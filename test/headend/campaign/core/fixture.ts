/** A campaign, and roads that do as a test says. */
import { readWindow } from "../../../../base/maintenance/index.ts";
import {
  Campaign,
  type CampaignAction,
  type CampaignDevice,
  type CampaignEvent,
  type CampaignPlan,
  type UpdateEnd,
} from "../../../../headend/campaign/core/index.ts";

export const MINUTE_MS = 60_000;
export const at = (text: string): number => Date.parse(text);

export const plan: CampaignPlan = {
  name: "night",
  filter: {},
  targetVersion: "2.0",
  windows: [readWindow("02:00-05:00 UTC")!],
  endsMs: Infinity,
  gatherMs: 0,
  concurrency: 100,
  roads: [
    {
      road: "omci",
      attempts: 1,
      takesLate: false,
      concurrency: Infinity,
      updateMs: 30 * MINUTE_MS,
      limitMs: Infinity,
    },
    { road: "https", attempts: 2, takesLate: true, concurrency: 2, updateMs: 60 * MINUTE_MS, limitMs: Infinity },
  ],
  waves: [{ devices: 0, successShare: 1, failureShare: 1, pauseAfter: false }],
};

export const deviceOf = (serial: string, facts: Partial<CampaignDevice> = {}): CampaignDevice => ({
  serial,
  product: "P",
  hardware: "HW-1",
  version: "1.0",
  labels: [],
  roads: ["omci", "https"],
  ...facts,
});

/** At night, in the window, with devices that answer by both roads, unless a test says otherwise. */
export class Night {
  readonly campaign: Campaign;
  readonly events: CampaignEvent[] = [];
  readonly #attempts = new Map<string, number>();
  nowMs: number;

  constructor(own: Partial<CampaignPlan> = {}, now = "2026-11-28T02:00:00Z") {
    this.campaign = new Campaign({ ...plan, ...own });
    this.nowMs = at(now);
  }

  come(serials: readonly string[], facts: Partial<CampaignDevice> = {}): string[] {
    for (const serial of serials) {
      const device = deviceOf(serial, facts);
      this.campaign.handleDevice(this.nowMs, device);
      this.campaign.handlePresence(this.nowMs, serial, device.roads);
    }
    return this.actions();
  }

  go(serial: string): string[] {
    this.campaign.handlePresence(this.nowMs, serial, []);
    return this.actions();
  }

  end(serial: string, end: UpdateEnd, cause = ""): string[] {
    this.campaign.handleEnded(this.nowMs, serial, this.#attempts.get(serial) ?? 0, end, cause);
    return this.actions();
  }

  at(now: string): string[] {
    this.nowMs = at(now);
    this.campaign.handleTimeout(this.nowMs);
    return this.actions();
  }

  why(serial: string): string {
    return this.campaign.deviceStatus(this.nowMs, serial)?.why ?? "";
  }

  get state(): string {
    const { state, why } = this.campaign.status(this.nowMs);
    return why === "" ? state : `${state}: ${why}`;
  }

  /** What the roads are told since it was asked last: `a:omci`, or `a:stop`. */
  actions(): string[] {
    for (let event = this.campaign.pollEvent(); event !== undefined; event = this.campaign.pollEvent())
      this.events.push(event);
    const told: string[] = [];
    for (const action of actionsOf(this.campaign)) {
      this.#attempts.set(action.serial, action.attempt);
      told.push(`${action.serial}:${action.kind === "start" ? action.road : "stop"}`);
    }
    return told;
  }
}

export function* actionsOf(campaign: Campaign): Generator<CampaignAction> {
  for (let action = campaign.pollAction(); action !== undefined; action = campaign.pollAction()) yield action;
}
