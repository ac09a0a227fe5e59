/**
 * A run of a campaign in virtual time: one event queue, one set of ONTs, with the OLTs' world as the host and the other roads, and the
 * campaign above them, as its guests.
 */
import type { OltCommand, OltCommandOutcome } from "../../../olt/core/types.ts";
import type { ImageRoad, Scenario } from "../../../scenarios/index.ts";
import type { RunImages } from "../../images/index.ts";
import type { HostFacts, RunResult } from "../../result/index.ts";
import type { OltTotals } from "../../result/olt-history.ts";
import type { RunOptions } from "../../types.ts";
import { endTextOf, virtualResult } from "../../virtual/outcome.ts";
import { Simulation, type SimulationOptions } from "../../virtual/world.ts";
import { planCampaign } from "../plan.ts";
import { campaignTotals } from "../totals.ts";
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

  #totals(isFinal: boolean): { totals: OltTotals; groupRoads: ImageRoad[] } {
    const byRoad = [...this.#guest.roads].flatMap(([road, each]) => {
      const totals = each.totals(isFinal);
      return totals === undefined ? [] : [{ road: road as ImageRoad, totals }];
    });
    return campaignTotals(byRoad, {
      campaign: this.#guest.campaign,
      nowMs: Math.floor(this.#beginsAtMs + this.nowNs / NS_PER_MS),
      serials: this.world.onts.map(({ plan }) => plan.serial),
      finishedNs: this.end === "finished" ? this.nowNs : -1,
    });
  }
}
