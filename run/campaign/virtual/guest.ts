/**
 * A campaign in virtual time: its core decides, roads carry out, and both are in the world of the OLTs. What happens is noted where
 * it happens, within somebody's turn, and told to the core in one turn behind it, so that all that comes at one instant is known
 * before it decides.
 */
import { Campaign, type UpdateEnd } from "../../../headend/campaign/core/index.ts";
import type { LocalAnswer, OntEvent } from "../../../ont/index.ts";
import type { OltCommand, OltCommandOutcome, OltEvent } from "../../../olt/index.ts";
import type { CampaignRoad, Scenario } from "../../../scenarios/index.ts";
import { cwmpVirtualRoad } from "../../cwmp/virtual/road.ts";
import { httpsVirtualRoad } from "../../https/virtual/road.ts";
import type { RunImages } from "../../images/index.ts";
import { OntStores } from "../../pull/virtual/stores.ts";
import { EVENT } from "../../virtual/events.ts";
import type { Guest, GuestHost } from "../../virtual/guest.ts";
import type { VirtualOnt } from "../../virtual/virtual-ont.ts";
import { campaignCommandOf } from "../command.ts";
import { CampaignNotes } from "../notes.ts";
import { campaignDeviceOf, type PlannedCampaign } from "../plan.ts";
import { OmciRoad } from "./omci-road.ts";
import { PullRoad } from "./pull-road.ts";
import type { RoadHost, VirtualRoad } from "./road.ts";

const NS_PER_MS = 1e6;
/** Behind the end of the campaign: what was told to stop may take so long to do it. */
const GRACE_NS = 3 * 3600 * 1e9;

/** One line a road. */
const ROADS: Readonly<Record<CampaignRoad, (host: RoadHost) => VirtualRoad>> = {
  omci: (host) => new OmciRoad(host),
  https: (host) => new PullRoad(host, httpsVirtualRoad),
  cwmp: (host) => new PullRoad(host, cwmpVirtualRoad),
};

interface Ended {
  ont: VirtualOnt;
  end: UpdateEnd;
  cause: string;
}

export class CampaignGuest implements Guest {
  readonly campaign: Campaign;
  readonly roads: ReadonlyMap<string, VirtualRoad>;
  readonly limitNs: number;
  readonly #host: GuestHost;
  readonly #stores: OntStores;
  readonly #beginsAtMs: number;
  readonly #bySerial: ReadonlyMap<string, VirtualOnt>;
  readonly #roadsOf = new Map<VirtualOnt, readonly string[]>();
  readonly #notes: CampaignNotes;
  /** Of each ONT's update that is under way, or was last. */
  readonly #attempts = new Map<VirtualOnt, number>();
  #changed = new Set<VirtualOnt>();
  #ended: Ended[] = [];
  #hasTurn = false;
  #timer = -1;
  #timerNs = Infinity;
  #isFinished = false;

  /** @throws RunInputError for what a road cannot be */
  constructor(host: GuestHost, scenario: Scenario, images: RunImages, { plan, beginsAtMs }: PlannedCampaign) {
    this.#host = host;
    this.#beginsAtMs = beginsAtMs;
    this.campaign = new Campaign(plan);
    this.#bySerial = new Map(host.onts.map((ont) => [ont.plan.serial, ont]));
    this.#notes = new CampaignNotes((text) => host.tell({ type: "note", text }));
    this.limitNs = (plan.endsMs - beginsAtMs) * NS_PER_MS + GRACE_NS;
    this.#stores = new OntStores(
      host.onts,
      () => host.queue.nowNs,
      (ont) => host.pump(ont),
    );
    const roadHost: RoadHost = {
      ...host,
      stores: this.#stores,
      scenario,
      images,
      beginsAtMs,
      window: plan.windows.length === 1 ? plan.windows[0] : undefined,
      after: (delayNs, call) => this.#after(delayNs, call),
      ended: (ont, end, cause) => {
        this.#ended.push({ ont, end, cause });
        this.#soon();
      },
    };
    const named = new Set(host.onts.flatMap(({ plan: own }) => campaignDeviceOf(own, scenario, plan).roads));
    const used = plan.roads.map(({ road }) => road as CampaignRoad).filter((road) => named.has(road));
    this.roads = new Map(used.map((road) => [road, ROADS[road](roadHost)]));
    for (const ont of host.onts) {
      const device = campaignDeviceOf(ont.plan, scenario, plan);
      this.#roadsOf.set(ont, device.roads);
      this.campaign.handleDevice(this.#nowMs, device);
    }
    this.#soon();
  }

  get #nowMs(): number {
    return Math.floor(this.#beginsAtMs + this.#host.queue.nowNs / NS_PER_MS);
  }

  isFinished(): boolean {
    return this.#isFinished;
  }

  /** An operator's. */
  command(asked: OltCommand): OltCommandOutcome {
    const command = campaignCommandOf(asked);
    if (typeof command === "string") return { accepted: false, reason: command };
    const answer = this.campaign.handleCommand(this.#nowMs, command);
    this.#soon();
    return answer;
  }

  answer(ont: VirtualOnt, answer: LocalAnswer): void {
    this.#stores.answer(ont, answer);
  }

  handleOnt(ont: VirtualOnt, event: OntEvent): void {
    for (const road of this.roads.values()) road.handleOnt?.(ont, event);
    if (event.type === "online" || event.type === "offline") this.#change(ont);
  }

  handleCut(ont: VirtualOnt): void {
    for (const road of this.roads.values()) road.handleCut?.(ont);
    this.#change(ont);
  }

  handleOlt(nowNs: number, pon: number, ont: VirtualOnt | undefined, event: OltEvent): void {
    for (const road of this.roads.values()) road.handleOlt?.(nowNs, pon, ont, event);
  }

  #change(ont: VirtualOnt): void {
    this.#changed.add(ont);
    this.#soon();
  }

  #after(delayNs: number, call: () => void): number {
    const { queue } = this.#host;
    return queue.schedule(queue.nowNs + delayNs, EVENT.call, 0, 0, call);
  }

  #soon(): void {
    if (this.#hasTurn) return;
    this.#hasTurn = true;
    this.#after(0, () => this.#turn());
  }

  #turn(): void {
    this.#hasTurn = false;
    const { campaign } = this;
    const nowMs = this.#nowMs;
    const [ended, changed] = [this.#ended, this.#changed];
    [this.#ended, this.#changed] = [[], new Set()];
    for (const ont of changed)
      campaign.handlePresence(nowMs, ont.plan.serial, ont.up ? (this.#roadsOf.get(ont) ?? []) : []);
    for (const { ont, end, cause } of ended)
      campaign.handleEnded(nowMs, ont.plan.serial, this.#attempts.get(ont) ?? 0, end, cause);
    campaign.handleTimeout(nowMs);
    for (let event = campaign.pollEvent(); event !== undefined; event = campaign.pollEvent()) this.#notes.add(event);
    this.#notes.tell(campaign.state(nowMs));
    this.#carryOut();
    this.#watch();
    this.#isFinished = campaign.isOver || this.#isDone(nowMs);
  }

  #carryOut(): void {
    const starts = new Map<string, VirtualOnt[]>();
    const stops: [string, VirtualOnt][] = [];
    for (let action = this.campaign.pollAction(); action !== undefined; action = this.campaign.pollAction()) {
      const ont = this.#bySerial.get(action.serial)!;
      if (action.kind === "stop") {
        stops.push([action.road, ont]);
        continue;
      }
      this.#attempts.set(ont, action.attempt);
      const together = starts.get(action.road);
      if (together === undefined) starts.set(action.road, [ont]);
      else together.push(ont);
    }
    for (const [road, ont] of stops) this.roads.get(road)?.stop(ont);
    for (const [road, onts] of starts) this.roads.get(road)?.start(onts);
  }

  #watch(): void {
    const { queue } = this.#host;
    const dueMs = this.campaign.nextTimeoutMs(this.#nowMs);
    const dueNs = dueMs === Infinity ? Infinity : Math.ceil((dueMs - this.#beginsAtMs) * NS_PER_MS);
    if (dueNs === this.#timerNs) return;
    if (this.#timer >= 0) queue.cancel(this.#timer);
    this.#timerNs = dueNs;
    this.#timer = -1;
    if (dueNs === Infinity) return;
    this.#timer = this.#after(Math.max(0, dueNs - queue.nowNs), () => {
      this.#timer = -1;
      this.#timerNs = Infinity;
      this.#soon();
    });
  }

  /** Nobody is left for whom something could still be done, or it has stopped by itself: nobody is there who would resume it. */
  #isDone(nowMs: number): boolean {
    const { campaign } = this;
    if (campaign.state(nowMs).state === "halted") return !campaign.isUnderWay;
    return campaign.isIdle && campaign.status(nowMs).counts.pending === 0;
  }
}
