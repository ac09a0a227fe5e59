/** A campaign in real processes: an OLT, a depot, an ACS, and ONTs that can be updated by any of them; its conductor decides. */
import { Effect, type Scope } from "effect";
import type { OltCommand, OltCommandOutcome } from "../../../olt/core/types.ts";
import { roadEventOf } from "../../../ont/cpe/index.ts";
import type { FromRoadsProcess } from "../../../ont/roads/process/index.ts";
import type { ImageRoad } from "../../../scenarios/index.ts";
import { finish, STOP_LIMIT } from "../../processes/end.ts";
import { OntProcesses } from "../../processes/ont-processes.ts";
import type { RunProcesses } from "../../processes/run-processes.ts";
import type { HeadendIdentity } from "../../pull/identity.ts";
import type { MakePullProcesses } from "../../pull/road.ts";
import type { OltTotals } from "../../result/olt-history.ts";
import { campaignCommandOf } from "../command.ts";
import { type CampaignHand, Conductor } from "../conductor.ts";
import type { PlannedCampaign } from "../plan.ts";
import { campaignTotals } from "../totals.ts";
import { OmciProcessRoad } from "./omci-road.ts";
import { ProcessOnt } from "./ont.ts";
import { Headends } from "./headends.ts";
import { RunTimers } from "./timers.ts";

/** Sections and files come to the same processes: as where ONTs fetch their images, nobody gives way. */
const NICENESS = 0;

const NS_PER_MS = 1e6;

export type CampaignProcessesOptions = Parameters<MakePullProcesses>[0];

export class CampaignProcesses implements RunProcesses {
  readonly #options: CampaignProcessesOptions;
  readonly #timers = new RunTimers();
  readonly #all: readonly ProcessOnt[];
  readonly #bySerial: ReadonlyMap<string, ProcessOnt>;
  readonly #conductor: Conductor<ProcessOnt>;
  readonly #omci: OmciProcessRoad;
  readonly #headends: Headends;
  readonly #onts: OntProcesses<FromRoadsProcess>;
  #finishedNs = -1;
  #hasBegun = false;
  /** Where ONTs stand is what the result says: that their processes end changes nothing of it. */
  #isStopping = false;
  startedNs = 0;

  constructor(options: CampaignProcessesOptions, planned: PlannedCampaign, identity: HeadendIdentity) {
    const { state, bundles, log, end, scenario, groups, oltConfig } = options;
    this.#options = options;
    this.#all = state.onts.map((record) => new ProcessOnt(record));
    this.#bySerial = new Map(this.#all.map((ont) => [ont.plan.serial, ont]));
    const after = (delayNs: number, call: () => void): (() => void) => this.#timers.after(delayNs, call);
    this.#conductor = new Conductor(this.#all, scenario, planned, {
      nowNs: () => state.nowNs(),
      after,
      tell: (text) => state.note({ type: "note", text }, text),
      turned: () => this.#lookForEnd(),
    });
    const road = {
      log,
      state,
      end,
      onts: this.#all,
      after: (delayNs: number, call: () => void) => void after(delayNs, call),
      ended: (ont: ProcessOnt, how: Parameters<Conductor<ProcessOnt>["ended"]>[1], cause: string) =>
        this.#conductor.ended(ont, how, cause),
    };
    this.#omci = new OmciProcessRoad({ ...road, entry: bundles.olt, oltConfig });
    this.#headends = new Headends(this.#conductor.usedRoads, options, identity, road);
    this.#onts = new OntProcesses<FromRoadsProcess>({
      state,
      entry: bundles.roads,
      log,
      groups,
      end,
      niceness: NICENESS,
      startMessage: (onts) => ({
        type: "start",
        config: {
          ...options.ontConfigOf(onts, this.#omci.address!),
          ...this.#headends.roadsConfig(onts, (ont) => this.#conductor.roadsOf(this.#ontOf(ont))),
        },
      }),
      isReady: (message) => message.type === "ready",
      failureOf: (message) => (message.type === "failed" ? message.message : undefined),
      onMessage: (message) => this.#handle(message),
      onAllUp: () => this.#awaitAll(),
      onEnded: (ont) => this.#handleDown(this.#all[ont]),
      onGivenUp: (ont, cause) => this.#headends.handleGivenUp(this.#all[ont], cause),
    });
  }

  get oltPids(): number[] {
    return this.#omci.pid === undefined ? [] : [this.#omci.pid];
  }

  get ontPids(): number[] {
    return this.#onts.pids;
  }

  /** Those of all headends together are the OLT's. */
  get cpuSeconds(): { olt: number; onts: number } {
    return { olt: this.#omci.cpuSeconds + this.#headends.cpuSeconds, onts: this.#onts.cpuSeconds };
  }

  get restarts(): { olt: number; onts: number } {
    return { olt: this.#omci.restarts + this.#headends.restarts, onts: this.#onts.restarts };
  }

  cutOnt(ont: number, offMs: number): void {
    this.#onts.cut(ont, offMs);
  }

  killOlt(_pon: number, offMs: number): void {
    this.#omci.kill(offMs);
  }

  commandPort(_pon: number, asked: OltCommand): Promise<OltCommandOutcome> {
    return this.#omci.command(asked);
  }

  skipOnt(ont: number, by: string): void {
    void this.#omci.command({ kind: "skip", serial: this.#all[ont].plan.serial, ahead: true, by });
  }

  /** To the campaign; a pause holds up what its roads have under way, too. */
  command(asked: OltCommand): Promise<OltCommandOutcome> {
    const command = campaignCommandOf(asked, "processes");
    if (typeof command === "string") return Promise.resolve({ accepted: false, reason: command });
    const answer = this.#conductor.command(command);
    if (answer.accepted && (command.kind === "pause" || command.kind === "resume")) {
      this.#options.state.notePause(this.#options.state.nowNs(), command.kind);
      this.#omci.pause(command.kind === "pause", command.by);
      this.#headends.pause(command.kind === "pause");
    }
    return Promise.resolve(answer);
  }

  /** All roads as one headend. */
  totals(): { totals: OltTotals; groupRoads: ImageRoad[] } {
    const omci = this.#omci.totals();
    return campaignTotals(
      [...(omci === undefined ? [] : [{ road: "omci" as const, totals: omci }]), ...this.#headends.totals()],
      {
        campaign: this.#conductor.campaign,
        nowMs: this.#conductor.nowMs,
        serials: this.#all.map(({ plan }) => plan.serial),
        finishedNs: this.#finishedNs,
      },
    );
  }

  start(): Effect.Effect<void, never, Scope.Scope> {
    return Effect.gen({ self: this }, function* () {
      const { state } = this.#options;
      this.startedNs = state.nowNs();
      state.totalsOf = () => this.totals().totals;
      yield* Effect.addFinalizer(() => Effect.sync(() => this.#timers.clear()));
      yield* Effect.all([this.#omci.listen(), ...this.#headends.all.map((road) => road.listen())], {
        concurrency: "unbounded",
        discard: true,
      });
      yield* this.#onts.start();
    });
  }

  stop(): Effect.Effect<void> {
    const headends = [this.#omci.end(), ...this.#headends.all.map((road) => road.end())];
    return Effect.gen({ self: this }, function* () {
      this.#isStopping = true;
      this.#timers.clear();
      yield* this.#onts.stop();
      yield* Effect.all(headends, { concurrency: "unbounded", discard: true });
    }).pipe(Effect.timeoutOption(STOP_LIMIT), Effect.asVoid);
  }

  #ontOf(serial: string): ProcessOnt {
    return this.#bySerial.get(serial)!;
  }

  /** Their processes are up: it begins when all have booted, as far as they do. */
  #awaitAll(): void {
    const { rangingPatienceMs } = this.#options.scenario.olt;
    this.#timers.after(rangingPatienceMs * NS_PER_MS, () => this.#begin());
    this.#beginWhenAllAreThere();
  }

  #beginWhenAllAreThere(): void {
    if (!this.#onts.areAllUp) return;
    if (this.#onts.fromStart.every(({ fleet }) => this.#all[fleet.plan.index].up)) this.#begin();
  }

  #begin(): void {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    for (const ont of this.#all) if (ont.up) this.#conductor.change(ont);
    const roads = new Map<string, CampaignHand<ProcessOnt>>([["omci", this.#omci], ...this.#headends.byRoad]);
    this.#conductor.begin(roads);
  }

  #handle(message: FromRoadsProcess): void {
    const { state } = this.#options;
    switch (message.type) {
      case "events":
        state.handleOnt(message);
        for (const { serial, event } of message.events) {
          if (event.type === "online") this.#handleUp(this.#ontOf(serial));
          if (event.type === "offline") this.#handleDown(this.#ontOf(serial));
        }
        return;
      case "stopped":
        return state.handleOnt(message);
      case "roadEvents":
        for (const { serial, timeNs, event, progress } of message.events) {
          const told = event.road === "cwmp" ? roadEventOf(event.event) : event.event;
          this.#headends.byRoad.get(event.road)?.handleProgress(this.#ontOf(serial), timeNs, progress.progress, told);
        }
        return;
      case "progress":
        for (const { serial, progress } of message.each)
          this.#headends.byRoad
            .get(progress.road)
            ?.handleProgress(this.#ontOf(serial), state.nowNs(), progress.progress);
        return;
      case "ready":
      case "failed":
        return;
    }
  }

  #handleUp(ont: ProcessOnt): void {
    ont.up = true;
    this.#conductor.change(ont);
    this.#beginWhenAllAreThere();
  }

  #handleDown(ont: ProcessOnt): void {
    if (!ont.up || this.#isStopping) return;
    ont.up = false;
    this.#headends.handleDown(ont);
    this.#conductor.change(ont);
  }

  #lookForEnd(): void {
    const { state, end } = this.#options;
    const { firstStartNs = -1 } = this.totals().totals.status ?? {};
    if (firstStartNs >= 0) state.faults?.handleFirstStart(firstStartNs);
    if (!this.#conductor.isFinished) return;
    if (this.#finishedNs < 0) this.#finishedNs = state.nowNs();
    finish(end, { reason: "finished", text: "" });
  }
}
