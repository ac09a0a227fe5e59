/**
 * A campaign that goes on, in virtual time or in real time: its core decides, and the hands of a driver carry out. What happens is
 * noted where it happens, and told to the core in one turn behind it, so that all that comes at one instant is known before it decides.
 */
import {
  Campaign,
  type CampaignAnswer,
  type CampaignCommand,
  type UpdateEnd,
} from "../../headend/campaign/core/index.ts";
import type { CampaignRoad, Scenario } from "../../scenarios/index.ts";
import type { OntPlan } from "../fleet/plan.ts";
import { CampaignNotes } from "./notes.ts";
import { campaignDeviceOf, type PlannedCampaign } from "./plan.ts";

const NS_PER_MS = 1e6;

/** An ONT, whoever turns it. */
export interface CampaignOnt {
  readonly plan: OntPlan;
  /** It has booted, and answers. */
  readonly up: boolean;
}

/** A road to ONTs: it is told whom to update and whom to leave, and tells how each ended. */
export interface CampaignHand<Ont> {
  /** Together: where a road has groups, these are one. */
  start(onts: readonly Ont[]): void;
  /** It ends, unless it is too late: then as it would have. */
  stop(ont: Ont): void;
}

/** What a driver has for it. */
export interface ConductorHost {
  nowNs(): number;
  /** @returns what takes it back */
  after(delayNs: number, call: () => void): () => void;
  /** A line for people. */
  tell(text: string): void;
  /** It has had its turn. */
  turned?(): void;
}

interface Ended<Ont> {
  ont: Ont;
  end: UpdateEnd;
  cause: string;
}

export class Conductor<Ont extends CampaignOnt> {
  readonly campaign: Campaign;
  readonly #host: ConductorHost;
  readonly #beginsAtMs: number;
  readonly #bySerial: ReadonlyMap<string, Ont>;
  readonly #roadsOf: ReadonlyMap<Ont, readonly string[]>;
  readonly #notes: CampaignNotes;
  /** Of those of the plan: by which some ONT can be updated, in the order in which they are tried. */
  readonly usedRoads: readonly CampaignRoad[];
  #roads: ReadonlyMap<string, CampaignHand<Ont>> = new Map();
  /** Of each ONT's update that is under way, or was last. */
  readonly #attempts = new Map<Ont, number>();
  #changed = new Set<Ont>();
  #ended: Ended<Ont>[] = [];
  #hasBegun = false;
  #hasTurn = false;
  #takeBack: (() => void) | undefined;
  #timerNs = Infinity;
  /** Nothing is under way, and nothing more will be. */
  isFinished = false;

  constructor(onts: readonly Ont[], scenario: Scenario, { plan, beginsAtMs }: PlannedCampaign, host: ConductorHost) {
    this.#host = host;
    this.#beginsAtMs = beginsAtMs;
    this.campaign = new Campaign(plan);
    this.#bySerial = new Map(onts.map((ont) => [ont.plan.serial, ont]));
    const devices = onts.map((ont) => campaignDeviceOf(ont.plan, scenario, plan));
    for (const device of devices) this.campaign.handleDevice(this.nowMs, device);
    this.#roadsOf = new Map(onts.map((ont, index) => [ont, devices[index].roads]));
    this.#notes = new CampaignNotes((text) => host.tell(text));
    const named = new Set(devices.flatMap(({ roads }) => roads));
    this.usedRoads = plan.roads.map(({ road }) => road as CampaignRoad).filter((road) => named.has(road));
  }

  get nowMs(): number {
    return Math.floor(this.#beginsAtMs + this.#host.nowNs() / NS_PER_MS);
  }

  /** By which an ONT can be updated. */
  roadsOf(ont: Ont): readonly string[] {
    return this.#roadsOf.get(ont) ?? [];
  }

  begin(roads: ReadonlyMap<string, CampaignHand<Ont>>): void {
    this.#roads = roads;
    this.#hasBegun = true;
    this.#soon();
  }

  command(command: CampaignCommand): CampaignAnswer {
    const answer = this.campaign.handleCommand(this.nowMs, command);
    this.#soon();
    return answer;
  }

  /** It has come, or gone. */
  change(ont: Ont): void {
    this.#changed.add(ont);
    this.#soon();
  }

  ended(ont: Ont, end: UpdateEnd, cause: string): void {
    this.#ended.push({ ont, end, cause });
    this.#soon();
  }

  #soon(): void {
    if (this.#hasTurn || !this.#hasBegun) return;
    this.#hasTurn = true;
    this.#host.after(0, () => this.#turn());
  }

  #turn(): void {
    this.#hasTurn = false;
    const { campaign, nowMs } = this;
    const [ended, changed] = [this.#ended, this.#changed];
    [this.#ended, this.#changed] = [[], new Set()];
    for (const ont of changed) campaign.handlePresence(nowMs, ont.plan.serial, ont.up ? this.roadsOf(ont) : []);
    for (const { ont, end, cause } of ended)
      campaign.handleEnded(nowMs, ont.plan.serial, this.#attempts.get(ont) ?? 0, end, cause);
    campaign.handleTimeout(nowMs);
    for (let event = campaign.pollEvent(); event !== undefined; event = campaign.pollEvent()) this.#notes.add(event);
    this.#notes.tell(campaign.state(nowMs));
    this.#carryOut();
    this.#watch(nowMs);
    this.isFinished = campaign.isOver || this.#isDone(nowMs);
    this.#host.turned?.();
  }

  #carryOut(): void {
    const starts = new Map<string, Ont[]>();
    const stops: [string, Ont][] = [];
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
    for (const [road, ont] of stops) this.#roads.get(road)?.stop(ont);
    for (const [road, onts] of starts) this.#roads.get(road)?.start(onts);
  }

  /** @param nowMs of this turn: what has become due since is not done yet */
  #watch(nowMs: number): void {
    const dueMs = this.campaign.nextTimeoutMs(nowMs);
    const dueNs = dueMs === Infinity ? Infinity : Math.ceil((dueMs - this.#beginsAtMs) * NS_PER_MS);
    if (dueNs === this.#timerNs) return;
    this.#takeBack?.();
    this.#timerNs = dueNs;
    this.#takeBack = undefined;
    if (dueNs === Infinity) return;
    this.#takeBack = this.#host.after(Math.max(0, dueNs - this.#host.nowNs()), () => {
      this.#takeBack = undefined;
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
