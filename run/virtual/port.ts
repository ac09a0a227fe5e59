/** One PON port in virtual time. */
import { createOlt, turnOlt } from "../../olt/index.ts";
import type { ImageSource } from "../../image/index.ts";
import type { Olt, OltCommand, OltCommandOutcome, OltConfig, OltEvent, OltStatus } from "../../olt/core/types.ts";
import { newTraffic, type TrafficInterval, TrafficMeter } from "../../pon/index.ts";
import {
  cycleNsFor,
  DownstreamLine,
  type EventQueue,
  type HeadendFeed,
  lineProfiles,
  type LineProfile,
  UpstreamGrants,
  Downstream,
  Upstream,
  type UpstreamFrame,
} from "../../pon/virtual/index.ts";
import { bySerial, StandingCommands } from "../control/standing.ts";
import { OltHistory } from "../result/olt-history.ts";
import type { Scenario } from "../../scenarios/index.ts";
import { EVENT } from "./events.ts";
import { feederFibre } from "./impairments.ts";
import type { Observer } from "./observer.ts";
import { VirtualSouthbound } from "./southbound.ts";
import { NO_EVENT, type VirtualOnt } from "./virtual-ont.ts";

/** Upstream rate of an OMCC: the fixed 5 Mbit/s that one large vendor's default T-CONT for OMCI has. */
const OMCC_UP_BYTES_PER_SECOND = 625_000;
/** Least grant, so that a baseline answer fits. */
const GRANT_BYTES_MIN = 64;

export interface PortParts {
  number: number;
  scenario: Scenario;
  config: OltConfig;
  /** What its OLT may send. */
  sources: readonly ImageSource[];
  /** What does not change in it need not be copied; undefined: all is. */
  imageMemory: ArrayBufferLike | undefined;
  queue: EventQueue;
  feed: HeadendFeed;
  onts: readonly VirtualOnt[];
  observer: Observer;
  oneByOne: boolean;
  healAtNs: number;
  /** As `DownstreamParts` has it, as far as it is not the fibre's to say. */
  mayWait: boolean;
}

/** The grant cycle asked for in whole frames, or the shortest in which all ONTs of a port have their turn. */
export function grantPlan(scenario: Scenario, onts: number): { cycleNs: number; grantBytes: number } {
  const profile = lineProfiles[scenario.pon.profile];
  const { frameNs } = profile;
  const askedNs = Math.max(1, Math.round((scenario.pon.grantCycleMicroseconds * 1e3) / frameNs)) * frameNs;
  const grantBytes = Math.max(GRANT_BYTES_MIN, Math.round((OMCC_UP_BYTES_PER_SECOND * askedNs) / 1e9));
  return { cycleNs: Math.max(askedNs, cycleNsFor(profile, onts, grantBytes)), grantBytes };
}

/** One PON port: an OLT core, the line, and its ONTs. */
export class VirtualPort {
  readonly number: number;
  readonly profile: LineProfile;
  readonly line: DownstreamLine;
  readonly downstream: Downstream<VirtualOnt>;
  readonly upstream: Upstream<VirtualOnt>;
  readonly downstreamTraffic = newTraffic();
  readonly upstreamTraffic = newTraffic();
  readonly #trafficMeter = new TrafficMeter(this.downstreamTraffic, this.upstreamTraffic, 0);
  readonly history = new OltHistory();
  /** After so many missing bursts the OLT takes an ONT's signal for lost. */
  readonly signalLostNs: number;
  olt: Olt | null = null;
  /** OLTs that this port has had. */
  lives = 0;
  readonly #parts: PortParts;
  #standing = new StandingCommands();
  /** Whom the distribution is for; undefined: all of the port. */
  #admitted: Set<VirtualOnt> | undefined;
  readonly #byOnuId: VirtualOnt[] = [];
  readonly #southbound: VirtualSouthbound;
  #wakeEvent = NO_EVENT;
  #wakeNs = Infinity;
  readonly #events = {
    event: (nowNs: number, event: OltEvent): void => {
      const ont = "onuId" in event ? this.#byOnuId[event.onuId] : undefined;
      this.#parts.observer.olt?.(nowNs, this.number, ont, event);
    },
  };

  constructor(parts: PortParts) {
    const { number, scenario, queue, onts, feed, observer } = parts;
    this.#parts = parts;
    this.number = number;
    this.profile = lineProfiles[scenario.pon.profile];
    const { cycleNs, grantBytes } = grantPlan(scenario, onts.length);
    this.signalLostNs = 4 * cycleNs;
    const allocations = Math.ceil((onts.length * this.profile.frameNs) / cycleNs);
    this.line = new DownstreamLine(this.profile, allocations);
    const trailerBytes = scenario.pon.trailer === "none" ? 0 : 4;
    const feeder = feederFibre(scenario, number);
    const { imageMemory, oneByOne, healAtNs, mayWait } = parts;
    const ontOf = (onuId: number): VirtualOnt | undefined => this.#byOnuId[onuId];
    this.downstream = new Downstream({
      queue,
      profile: this.profile,
      line: this.line,
      feed,
      ports: scenario.pons,
      feeder,
      trailerBytes,
      imageMemory,
      traffic: this.downstreamTraffic,
      oneByOne,
      healAtNs,
      // Without a trailer a section may be anything once its bits have flipped.
      mayWait: mayWait && trailerBytes > 0,
      onts: onts.toSorted((a, b) => a.propagationNs - b.propagationNs || a.index - b.index),
      ontOf,
      onMissed: observer.missed && ((ont, index) => observer.missed?.(number, ont, index)),
    });
    const grants = new UpstreamGrants({ profile: this.profile, onts: onts.length, cycleNs, grantBytes });
    this.upstream = new Upstream({
      queue,
      profile: this.profile,
      grants,
      feeder,
      trailerBytes,
      traffic: this.upstreamTraffic,
      healAtNs,
      slotOf: (ont) => ont.index - number * scenario.onts,
    });
    this.#southbound = new VirtualSouthbound({
      port: number,
      line: this.downstream,
      downstream: this.downstreamTraffic,
      upstream: this.upstreamTraffic,
      observer,
    });
  }

  start(): void {
    this.lives++;
    const { config, sources } = this.#parts;
    const onts = this.#admitted?.size;
    this.olt = createOlt(onts === undefined ? config : { ...config, expectedOnts: onts, knownOnts: onts }, sources);
    for (const command of this.#standing.forNewOlt()) this.olt.handleCommand(this.#parts.queue.nowNs, command);
  }

  /**
   * Gives ONTs to the distribution that is under way, or begins one with them. From then on there is nobody on the port but those
   * who were given.
   *
   * @returns whether one began
   */
  admit(onts: readonly VirtualOnt[]): boolean {
    const hasEnded = this.olt?.finished === true || (this.olt !== null && this.#admitted?.size === 0);
    const isNew = hasEnded || this.#admitted === undefined;
    if (isNew) {
      if (this.olt !== null) this.kill();
      this.#admitted = new Set();
      this.#standing = new StandingCommands();
    }
    for (const ont of onts) this.#admitted?.add(ont);
    if (isNew) this.start();
    return isNew;
  }

  /** The distribution is over for it: when it is ranged again, its OLT does not hear of it. */
  release(ont: VirtualOnt): void {
    this.#admitted?.delete(ont);
  }

  takes(ont: VirtualOnt): boolean {
    return this.#admitted?.has(ont) ?? true;
  }

  /** An operator's; where there is no OLT at the moment, it is for the next one. */
  command(nowNs: number, asked: OltCommand): OltCommandOutcome {
    const command = bySerial(asked, (onuId) => this.#byOnuId[onuId]?.config.serial);
    if (this.olt === null) return this.#standing.keep(command);
    const outcome = this.olt.handleCommand(nowNs, command);
    if (outcome.accepted) this.#standing.note(command);
    return outcome;
  }

  /** The OLT is gone: what it sent is on its way still, what it knew is lost. */
  kill(): void {
    this.keepReport();
    this.history.endLife();
    this.olt = null;
    this.#wakeAt(Infinity);
  }

  /** Notes how things stand, for the result. */
  keepReport(): void {
    if (this.olt === null) return;
    const { downstreamTraffic, upstreamTraffic } = this;
    // Traffic is counted by the port over all lives of its OLT.
    const isFirst = this.lives === 1;
    const none = newTraffic();
    this.history.report({
      status: this.olt.status(),
      downstream: isFirst ? downstreamTraffic : none,
      upstream: isFirst ? upstreamTraffic : none,
      eventsLost: 0,
    });
  }

  get status(): OltStatus | undefined {
    return this.olt?.status();
  }

  ontOf(onuId: number): VirtualOnt | undefined {
    return this.#byOnuId[onuId];
  }

  /** Ranging: the ONU-ID stays with the ONT. */
  range(nowNs: number, ont: VirtualOnt): void {
    if (this.olt === null || ont.core === null || !this.takes(ont)) return;
    if (ont.assignedOnuId < 0) {
      ont.assignedOnuId = this.#byOnuId.length;
      this.#byOnuId.push(ont);
    }
    ont.onuId = ont.assignedOnuId;
    ont.core.handleRanged(nowNs, ont.onuId);
    this.olt.handleRanged(nowNs, ont.onuId, ont.config.serial);
  }

  signalLost(nowNs: number, ont: VirtualOnt): void {
    if (ont.assignedOnuId >= 0) this.olt?.handleLinkLost(nowNs, ont.assignedOnuId);
  }

  receive(nowNs: number, frame: UpstreamFrame<VirtualOnt>): void {
    const { ont } = frame;
    const pdu = this.upstream.arrive(frame);
    if (pdu === undefined || this.olt === null || ont.assignedOnuId < 0) return;
    this.#parts.observer.upstream?.(nowNs, ont, pdu);
    this.olt.handleFrame(nowNs, ont.assignedOnuId, pdu);
  }

  wake(nowNs: number): void {
    this.#wakeEvent = NO_EVENT;
    this.#wakeNs = Infinity;
    if (this.olt !== null && this.olt.nextTimeoutNs() <= nowNs) this.olt.handleTimeout(nowNs);
  }

  /** Everything the OLT has to hand out after a call, and when it wants to be called again. */
  pump(nowNs: number): void {
    const { olt } = this;
    if (olt === null) return;
    this.#reportTraffic(nowNs, this.#trafficMeter.look(nowNs));
    this.#wakeAt(turnOlt(olt, this.#southbound, this.#events, nowNs));
  }

  /** The simulation ends. */
  endTraffic(nowNs: number): void {
    this.#reportTraffic(nowNs, this.#trafficMeter.end(nowNs));
  }

  #reportTraffic(nowNs: number, interval: TrafficInterval | undefined): void {
    if (interval) this.#parts.observer.olt?.(nowNs, this.number, undefined, { type: "traffic", ...interval });
  }

  #wakeAt(atNs: number): void {
    if (atNs === this.#wakeNs) return;
    const { queue } = this.#parts;
    if (this.#wakeEvent !== NO_EVENT) queue.cancel(this.#wakeEvent);
    this.#wakeNs = atNs;
    this.#wakeEvent =
      atNs === Infinity ? NO_EVENT : queue.schedule(Math.max(atNs, queue.nowNs), EVENT.oltWake, this.number);
  }
}
