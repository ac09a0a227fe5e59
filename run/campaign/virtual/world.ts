/**
 * A run of a campaign in virtual time: one event queue, one set of ONTs, with the OLTs' world as the host and the other roads, and the
 * campaign above them, as its guests.
 */
import type { OltCommand, OltCommandOutcome, OltOntStatus, OltStatus } from "../../../olt/core/types.ts";
import type { ImageRoad, Scenario } from "../../../scenarios/index.ts";
import { newTraffic } from "../../../pon/index.ts";
import type { RunImages } from "../../images/index.ts";
import type { HostFacts, RunResult } from "../../result/index.ts";
import type { OltTotals } from "../../result/olt-history.ts";
import type { RunOptions } from "../../types.ts";
import { mergeStatus, sumOf } from "../../result/port-totals.ts";
import { endTextOf, virtualResult } from "../../virtual/outcome.ts";
import { Simulation, type SimulationOptions } from "../../virtual/world.ts";
import { planCampaign } from "../plan.ts";
import { CampaignGuest } from "./guest.ts";

const NS_PER_MS = 1e6;

export class CampaignSimulation {
  readonly world: Simulation;
  readonly #guest: CampaignGuest;
  readonly #beginsAtMs: number;

  /** @throws RunInputError for a campaign, or a road of it, that cannot be */
  constructor(scenario: Scenario, images: RunImages, options: Omit<SimulationOptions, "guest"> = {}) {
    const planned = planCampaign(scenario, images.facts.version);
    this.#beginsAtMs = planned.beginsAtMs;
    let guest: CampaignGuest | undefined;
    this.world = new Simulation(scenario, images, {
      ...options,
      guest: (host) => (guest = new CampaignGuest(host, scenario, images, planned)),
    });
    this.#guest = guest!;
  }

  get nowNs(): number {
    return this.world.nowNs;
  }

  get end(): Simulation["end"] {
    return this.world.end;
  }

  get steps(): number {
    return this.world.steps;
  }

  get queue(): Simulation["queue"] {
    return this.world.queue;
  }

  run(steps?: number, untilNs?: number): boolean {
    return this.world.run(steps, untilNs);
  }

  /** An operator's. */
  command(asked: OltCommand): OltCommandOutcome {
    return this.#guest.command(asked);
  }

  totals(): OltTotals {
    return this.#totals(false).totals;
  }

  result(options: RunOptions = {}, host?: HostFacts): RunResult {
    const { totals, groupRoads } = this.#totals(true);
    return virtualResult(this.world, totals, endTextOf(this.end), options, host, groupRoads);
  }

  /** All roads as one headend; where an ONT stands is the word of the road that it took last. */
  #totals(isFinal: boolean): { totals: OltTotals; groupRoads: ImageRoad[] } {
    const byRoad = [...this.#guest.roads].flatMap(([road, each]) => {
      const totals = each.totals(isFinal);
      return totals === undefined ? [] : [{ road: road as ImageRoad, totals }];
    });
    const statuses = byRoad.flatMap(({ totals: { status } }) => status ?? []);
    const groupRoads = byRoad.flatMap(({ road, totals: { status } }) => (status?.groups ?? []).map(() => road));
    const merged = statuses.length === 0 ? undefined : statuses.reduce(mergeStatus);
    const none = { sections: 0, repairSections: 0, windows: 0, sectionPayloadBytes: 0 };
    return {
      groupRoads,
      totals: {
        status: merged && this.#statusOf(merged, byRoad),
        counters: sumOf([none, ...byRoad.map(({ totals: { counters } }) => onlyOf(none, counters))]),
        downstream: sumOf([newTraffic(), ...byRoad.map(({ totals }) => totals.downstream)]),
        upstream: sumOf([newTraffic(), ...byRoad.map(({ totals }) => totals.upstream)]),
      },
    };
  }

  #statusOf(merged: OltStatus, byRoad: readonly { road: ImageRoad; totals: OltTotals }[]): OltStatus {
    const { campaign } = this.#guest;
    const nowMs = Math.floor(this.#beginsAtMs + this.nowNs / NS_PER_MS);
    const known = new Map(
      byRoad.map(({ road, totals: { status } }) => [
        road as string,
        new Map(status?.onts.map((ont) => [ont.serial, ont])),
      ]),
    );
    const onts = this.world.onts.map(({ plan: { serial }, index }): OltOntStatus => {
      const { standing, road, why } = campaign.deviceStatus(nowMs, serial)!;
      const told = known.get(road)?.get(serial);
      const isOpen = standing === "pending" || standing === "waiting" || standing === "removed";
      if (told !== undefined && !isOpen) return told;
      return { ...(told ?? notBegun(index, serial, merged.imageBytes)), phase: "skipped", cause: why };
    });
    const { haltedWhy } = campaign.status(nowMs);
    const isOver = this.end === "finished";
    return {
      ...merged,
      onts,
      phase: isOver ? "done" : merged.phase,
      stopReason: haltedWhy === "" ? "" : `the campaign has stopped by itself: ${haltedWhy}`,
      finishedNs: isOver ? this.nowNs : -1,
    };
  }
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
