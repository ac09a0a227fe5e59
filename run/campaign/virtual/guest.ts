/** A campaign in virtual time: its conductor, and the roads that carry out, all in the world of the OLTs. */
import type { Campaign } from "../../../headend/campaign/core/index.ts";
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
import { Conductor } from "../conductor.ts";
import type { PlannedCampaign } from "../plan.ts";
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

export class CampaignGuest implements Guest {
  readonly roads: ReadonlyMap<string, VirtualRoad>;
  readonly limitNs: number;
  readonly #host: GuestHost;
  readonly #stores: OntStores;
  readonly #conductor: Conductor<VirtualOnt>;

  /** @throws RunInputError for what a road cannot be */
  constructor(host: GuestHost, scenario: Scenario, images: RunImages, planned: PlannedCampaign) {
    const { plan, beginsAtMs } = planned;
    const { queue } = host;
    this.#host = host;
    this.limitNs = (plan.endsMs - beginsAtMs) * NS_PER_MS + GRACE_NS;
    this.#conductor = new Conductor(host.onts, scenario, planned, {
      nowNs: () => queue.nowNs,
      after: (delayNs, call) => {
        const event = this.#after(delayNs, call);
        return () => queue.cancel(event);
      },
      tell: (text) => host.tell({ type: "note", text }),
    });
    this.#stores = new OntStores(
      host.onts,
      () => queue.nowNs,
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
      ended: (ont, end, cause) => this.#conductor.ended(ont, end, cause),
    };
    this.roads = new Map(this.#conductor.usedRoads.map((road) => [road, ROADS[road](roadHost)]));
    this.#conductor.begin(this.roads);
  }

  get campaign(): Campaign {
    return this.#conductor.campaign;
  }

  isFinished(): boolean {
    return this.#conductor.isFinished;
  }

  /** An operator's. */
  command(asked: OltCommand): OltCommandOutcome {
    const command = campaignCommandOf(asked);
    if (typeof command === "string") return { accepted: false, reason: command };
    return this.#conductor.command(command);
  }

  answer(ont: VirtualOnt, answer: LocalAnswer): void {
    this.#stores.answer(ont, answer);
  }

  handleOnt(ont: VirtualOnt, event: OntEvent): void {
    for (const road of this.roads.values()) road.handleOnt?.(ont, event);
    if (event.type === "online" || event.type === "offline") this.#conductor.change(ont);
  }

  handleCut(ont: VirtualOnt): void {
    for (const road of this.roads.values()) road.handleCut?.(ont);
    this.#conductor.change(ont);
  }

  handleOlt(nowNs: number, pon: number, ont: VirtualOnt | undefined, event: OltEvent): void {
    for (const road of this.roads.values()) road.handleOlt?.(nowNs, pon, ont, event);
  }

  #after(delayNs: number, call: () => void): number {
    const { queue } = this.#host;
    return queue.schedule(queue.nowNs + delayNs, EVENT.call, 0, 0, call);
  }
}
