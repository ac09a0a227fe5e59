/**
 * A fleet of update agents and a depot in virtual time: what they ask and when, how long round trips and handshakes take, how
 * they share the depot's rate. Each agent is the real core; the network is a fluid.
 */
import { EventQueue } from "../../../pon/virtual/index.ts";
import { createStream } from "../../../pon/index.ts";
import { createAgent } from "../core/agent.ts";
import type { AgentState } from "../core/types.ts";
import { FleetDevice } from "./fleet-device.ts";
import type { FleetNet, FleetOptions } from "./fleet-options.ts";
import { SharedLink } from "./shared-link.ts";

const NS_PER_SECOND = 1e9;
/** Parts into which the time is divided to see how evenly polls arrive. */
const ARRIVAL_EACH_NS = 60 * NS_PER_SECOND;

export interface FleetReport {
  /** Seconds until so many had committed; NaN: they have not. */
  seconds50: number;
  seconds95: number;
  seconds100: number;
  committed: number;
  states: Partial<Record<AgentState, number>>;
  polls: number;
  handshakes: number;
  bulkBytes: number;
  meanBytesPerSecond: number;
  peakBytesPerSecond: number;
  /** Polls of each minute. */
  arrivals: readonly number[];
}

type Call = () => void;

export class AgentFleet {
  readonly #queue = new EventQueue();
  readonly #link: SharedLink;
  readonly #devices: FleetDevice[];
  readonly #pieces = new Map<number, Call>();
  readonly #arrivals: number[] = [];
  readonly #committedNs: number[] = [];
  #linkHandle = -1;
  #linkNs = Infinity;
  #lastPiece = 0;
  #handshakes = 0;
  /** Times of the first and the last piece of a file. */
  #bulkFromNs = Infinity;
  #bulkToNs = 0;

  constructor(options: FleetOptions) {
    const { depotBytesPerSecond, devices, seed, depot } = options;
    this.#link = new SharedLink(depotBytesPerSecond);
    const queue = this.#queue;
    const net: FleetNet = {
      depot,
      options,
      nowNs: () => queue.nowNs,
      after: (delayNs, call) => queue.schedule(queue.nowNs + Math.max(0, Math.ceil(delayNs)), 0, 0, 0, call),
      cancel: (handle) => void queue.cancel(handle),
      carry: (bytes, call) => this.#carry(options.agentBytesPerSecond, bytes, call),
      drop: (piece) => this.#drop(piece),
      shareBytesPerSecond: () => this.#link.shareOf(options.agentBytesPerSecond),
      handshake: () => void (this.#handshakes += 1),
      polled: () => this.#polled(),
      committed: () => void this.#committedNs.push(queue.nowNs),
    };
    this.#devices = Array.from({ length: devices }, (_, index) => {
      const chance = createStream(seed, `agent ${index}`);
      return new FleetDevice(`ont-${index}`, net, chance, createAgent);
    });
  }

  /** @returns when it has come to: that time, or when nothing is left to do */
  runUntil(untilNs: number, isOver: () => boolean = () => false): number {
    const queue = this.#queue;
    while (queue.nextNs <= untilNs && !isOver() && queue.pop()) (queue.payload as Call)();
    return queue.nowNs;
  }

  get committed(): number {
    return this.#committedNs.length;
  }

  /** Events that wait at the moment. */
  get waiting(): number {
    return this.#queue.size;
  }

  #polled(): void {
    const minute = Math.floor(this.#queue.nowNs / ARRIVAL_EACH_NS);
    while (this.#arrivals.length <= minute) this.#arrivals.push(0);
    this.#arrivals[minute] += 1;
  }

  #carry(limitBytesPerSecond: number, bytes: number, call: Call): number {
    const { nowNs } = this.#queue;
    this.#bulkFromNs = Math.min(this.#bulkFromNs, nowNs);
    const id = ++this.#lastPiece;
    this.#pieces.set(id, call);
    this.#link.add(nowNs, id, limitBytesPerSecond, bytes);
    this.#watchLink();
    return id;
  }

  #drop(piece: number): void {
    if (!this.#pieces.delete(piece)) return;
    this.#link.remove(this.#queue.nowNs, piece);
    this.#watchLink();
  }

  /** One event stands for all pieces: that of the next one that is through. */
  #watchLink(): void {
    const nextNs = this.#link.nextNs();
    if (nextNs === this.#linkNs) return;
    if (this.#linkHandle >= 0) this.#queue.cancel(this.#linkHandle);
    this.#linkNs = nextNs;
    this.#linkHandle =
      nextNs === Infinity
        ? -1
        : this.#queue.schedule(Math.max(nextNs, this.#queue.nowNs), 0, 0, 0, () => this.#linkDue());
  }

  #linkDue(): void {
    this.#linkHandle = -1;
    this.#linkNs = Infinity;
    const { nowNs } = this.#queue;
    this.#bulkToNs = nowNs;
    for (const id of this.#link.through(nowNs)) {
      const call = this.#pieces.get(id);
      this.#pieces.delete(id);
      call?.();
    }
    this.#watchLink();
  }

  report(): FleetReport {
    const times = this.#committedNs;
    const at = (share: number): number => {
      const index = Math.ceil(this.#devices.length * share) - 1;
      return index < times.length ? times[index] / NS_PER_SECOND : NaN;
    };
    const states: FleetReport["states"] = {};
    let polls = 0;
    let bulkBytes = 0;
    for (const device of this.#devices) {
      const { state } = device.snapshot();
      states[state] = (states[state] ?? 0) + 1;
      polls += device.polls;
      bulkBytes += device.bulkBytes;
    }
    const seconds = (this.#bulkToNs - this.#bulkFromNs) / NS_PER_SECOND;
    return {
      seconds50: at(0.5),
      seconds95: at(0.95),
      seconds100: at(1),
      committed: times.length,
      states,
      polls,
      handshakes: this.#handshakes,
      bulkBytes,
      meanBytesPerSecond: seconds > 0 ? bulkBytes / seconds : 0,
      peakBytesPerSecond: this.#link.peakBytesPerSecond,
      arrivals: this.#arrivals,
    };
  }
}
