/** HTTPS, or TR-069, as a road of a campaign in processes: its headend's process, and how far each device is by what it tells. */
import type { Deferred, Effect, Scope } from "effect";
import type { UpdateEnd } from "../../../headend/campaign/core/index.ts";
import type { RoadEvent } from "../../../ont/road/index.ts";
import type { RunImages } from "../../images/index.ts";
import type { End } from "../../processes/end.ts";
import type { RunState } from "../../processes/run-state.ts";
import { type PullProgress, UpdateEnds } from "../../pull/ends.ts";
import { HeadendProcess, type Listening } from "../../pull/headend-process.ts";
import type { HeadendRoad } from "../../pull/headend-processes.ts";
import type { OltTotals } from "../../result/olt-history.ts";
import { PullUpdates } from "../pull-updates.ts";
import type { ProcessOnt } from "./ont.ts";

const NS_PER_SECOND = 1e9;
/** Who is to stop is asked about so often. */
const ASK_NS = NS_PER_SECOND;

export interface CampaignPullOptions {
  images: RunImages;
  log: number;
  state: RunState;
  end: Deferred.Deferred<End>;
  onts: readonly ProcessOnt[];
  /** How often devices ask. */
  lookSeconds: number;
  after: (delayNs: number, call: () => void) => void;
  ended: (ont: ProcessOnt, end: UpdateEnd, cause: string) => void;
}

export class PullProcessRoad<Where extends Listening> {
  readonly road: HeadendRoad<Where>;
  readonly #options: CampaignPullOptions;
  readonly #headend: HeadendProcess<Where>;
  readonly #ends: UpdateEnds;
  readonly #updates: PullUpdates<ProcessOnt>;
  /** Those that are told of, and the polls of each before. */
  readonly #watched = new Map<ProcessOnt, number>();
  /** Of each in this life. */
  readonly #polls = new Map<ProcessOnt, number>();
  /** As the headend said when it was asked to hold them last; who is not here has not been asked about. */
  readonly #isAtRest = new Set<ProcessOnt>();
  /** Of each: an answer about an earlier one says nothing of a later. */
  readonly #releases = new Map<ProcessOnt, number>();

  constructor(road: HeadendRoad<Where>, options: CampaignPullOptions) {
    const { state, images, onts, lookSeconds, after, ended } = options;
    this.road = road;
    this.#options = options;
    this.#headend = new HeadendProcess<Where>({
      ...options,
      name: road.headend.name,
      entry: road.entries.headend,
      config: (port) => road.headendConfig(port),
    });
    this.#ends = new UpdateEnds(
      road.headend,
      onts.map(({ plan }) => plan),
      images,
      (timeNs, ont, event) => state.handleHeadendEvent(timeNs, ont, event),
    );
    this.#updates = new PullUpdates({
      lookSeconds,
      release: (ont) => this.#release(ont),
      hold: (ont) => this.#hold(ont),
      forget: (ont) => void this.#watched.delete(ont),
      isAtWork: (ont) => !this.#isAtRest.has(ont),
      endOf: ({ index }) => this.#ends.endOf(index),
      after,
      ended,
    });
    this.#askLater();
  }

  get where(): Where | undefined {
    return this.#headend.where;
  }

  get pid(): number | undefined {
    return this.#headend.pid;
  }

  get cpuSeconds(): number {
    return this.#headend.cpuSeconds;
  }

  get restarts(): number {
    return this.#headend.restarts;
  }

  start(onts: readonly ProcessOnt[]): void {
    this.#updates.start(onts);
  }

  stop(ont: ProcessOnt): void {
    this.#updates.stop(ont);
  }

  pause(isPaused: boolean): void {
    this.#headend.ask({ kind: isPaused ? "pause" : "resume" }, () => (this.#ends.isPaused = isPaused));
  }

  totals(): OltTotals {
    this.#ends.sentBytes = this.#headend.sentBytes;
    const { status, downstream, upstream } = this.#ends.report();
    return { status, counters: status.counters, downstream, upstream };
  }

  listen(): Effect.Effect<void, never, Scope.Scope> {
    return this.#headend.start();
  }

  end(): Effect.Effect<void> {
    return this.#headend.stop();
  }

  /** A device tells how far it is. */
  handleProgress(ont: ProcessOnt, timeNs: number, progress: PullProgress, event?: RoadEvent): void {
    this.#polls.set(ont, progress.polls);
    const before = this.#watched.get(ont);
    if (before === undefined) return;
    // A boot begins the counts anew.
    const polls = Math.max(0, progress.polls - before);
    const { state, action, receivedBytes, heldBytes } = progress;
    this.#ends.handleProgress(timeNs, ont.index, { polls, state, action, receivedBytes, heldBytes });
    if (event !== undefined) this.#ends.handleEvent(timeNs, ont.index, event);
    this.#updates.look(ont);
  }

  /** It goes down. */
  handleDown(ont: ProcessOnt): void {
    this.#polls.set(ont, 0);
    if (this.#watched.has(ont)) this.#watched.set(ont, 0);
    this.#ends.handleLifeEnded(ont.index);
  }

  handleGivenUp(ont: ProcessOnt, cause: string): void {
    this.#ends.handleGivenUp(ont.index, cause);
    this.#updates.look(ont);
  }

  /** It may have what there is for it, and is told of from then on; one that asks at the moment has asked before. */
  #release(ont: ProcessOnt): void {
    this.#isAtRest.delete(ont);
    this.#releases.set(ont, this.#releasesOf(ont) + 1);
    this.#ends.begin(ont.index);
    this.#watched.set(ont, Infinity);
    this.#headend.ask({ kind: "release", device: this.road.deviceOf(ont.plan) }, () => {
      if (this.#watched.get(ont) === Infinity) this.#watched.set(ont, (this.#polls.get(ont) ?? 0) + 1);
    });
  }

  #hold(ont: ProcessOnt): void {
    const release = this.#releasesOf(ont);
    this.#headend.ask({ kind: "hold", device: this.road.deviceOf(ont.plan) }, (isAtWork) => {
      if (isAtWork || release !== this.#releasesOf(ont)) return;
      this.#isAtRest.add(ont);
      this.#updates.look(ont);
    });
  }

  #releasesOf(ont: ProcessOnt): number {
    return this.#releases.get(ont) ?? 0;
  }

  #askLater(): void {
    this.#options.after(ASK_NS, () => {
      for (const ont of this.#updates.stopping()) this.#hold(ont);
      this.#askLater();
    });
  }
}
