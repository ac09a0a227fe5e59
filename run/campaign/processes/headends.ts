/** The depot and the ACS of a campaign in processes, as far as some ONT can be updated by them, and what its ONTs are told of both. */
import type { RoadsProcessConfig } from "../../../ont/roads/process/index.ts";
import type { CampaignRoad } from "../../../scenarios/index.ts";
import { cwmpRoad } from "../../cwmp/road.ts";
import { httpsRoad } from "../../https/road.ts";
import type { OntRecord } from "../../processes/run-state.ts";
import type { HeadendRoad } from "../../pull/headend-processes.ts";
import type { Listening } from "../../pull/headend-process.ts";
import type { HeadendIdentity } from "../../pull/identity.ts";
import type { PullRoadOptions } from "../../pull/road.ts";
import type { RoadTotals } from "../totals.ts";
import type { ProcessOnt } from "./ont.ts";
import { type CampaignPullOptions, PullProcessRoad } from "./pull-road.ts";

type HttpsRoad = ReturnType<typeof httpsRoad>;
type CwmpRoad = ReturnType<typeof cwmpRoad>;
type WhereOf<Road> = Road extends HeadendRoad<infer Where, infer _Devices> ? Where : never;

export class Headends {
  readonly byRoad = new Map<CampaignRoad, PullProcessRoad<Listening>>();
  readonly #https: { road: HttpsRoad; process: PullProcessRoad<WhereOf<HttpsRoad>> } | undefined;
  readonly #cwmp: { road: CwmpRoad; process: PullProcessRoad<WhereOf<CwmpRoad>> } | undefined;

  /** @throws RunInputError for what a headend cannot be */
  constructor(
    used: readonly CampaignRoad[],
    options: PullRoadOptions,
    identity: HeadendIdentity,
    own: Omit<CampaignPullOptions, "images" | "lookSeconds">,
  ) {
    const { scenario, images } = options;
    if (used.includes("https")) {
      const road = httpsRoad(options, identity, true);
      const lookSeconds = scenario.depot.pollSeconds;
      this.#https = { road, process: new PullProcessRoad(road, { ...own, images, lookSeconds }) };
      this.byRoad.set("https", this.#https.process);
    }
    if (used.includes("cwmp")) {
      const road = cwmpRoad(options, identity, true);
      const lookSeconds = scenario.acs.informSeconds;
      this.#cwmp = { road, process: new PullProcessRoad(road, { ...own, images, lookSeconds }) };
      this.byRoad.set("cwmp", this.#cwmp.process as unknown as PullProcessRoad<Listening>);
    }
  }

  get all(): readonly PullProcessRoad<Listening>[] {
    return [...this.byRoad.values()];
  }

  get cpuSeconds(): number {
    return this.all.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
  }

  get restarts(): number {
    return this.all.reduce((sum, { restarts }) => sum + restarts, 0);
  }

  totals(): RoadTotals[] {
    return [...this.byRoad].map(([road, process]) => ({ road, totals: process.totals() }));
  }

  pause(isPaused: boolean): void {
    for (const road of this.all) road.pause(isPaused);
  }

  handleDown(ont: ProcessOnt): void {
    for (const road of this.all) road.handleDown(ont);
  }

  handleGivenUp(ont: ProcessOnt, cause: string): void {
    for (const road of this.all) road.handleGivenUp(ont, cause);
  }

  /** @param roadsOf by which an ONT can be updated */
  roadsConfig(
    onts: readonly OntRecord[],
    roadsOf: (serial: string) => readonly string[],
  ): Pick<RoadsProcessConfig, "roads" | "depot" | "acs"> {
    const https = this.#https && this.#https.road.devicesConfig(onts, this.#https.process.where!);
    const cwmp = this.#cwmp && this.#cwmp.road.devicesConfig(onts, this.#cwmp.process.where!);
    const roads = onts.map(({ fleet: { plan } }, index) => {
      const named = roadsOf(plan.serial);
      const agent = named.includes("https") ? https?.devices[index].agent : undefined;
      const facts = named.includes("cwmp") ? cwmp?.devices[index].facts : undefined;
      return [plan.serial, { ...(agent && { https: agent }), ...(facts && { cwmp: facts }) }] as const;
    });
    return {
      roads: Object.fromEntries(roads),
      ...(https?.depot && { depot: https.depot }),
      ...(cwmp && { acs: { acsUrl: cwmp.acsUrl, trusted: cwmp.trusted } }),
    };
  }
}
