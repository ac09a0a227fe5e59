/** The network of a fleet in virtual time, as a fluid: round trips, handshakes, and the headend's rate, which all share. */
import type { EventQueue } from "../../../pon/virtual/index.ts";
import type { RoadNet, RoadNetOptions } from "./net.ts";
import { SharedLink } from "./shared-link.ts";

const NS_PER_SECOND = 1e9;
/** Parts into which the time is divided to see how evenly polls arrive. */
const ARRIVAL_EACH_NS = 60 * NS_PER_SECOND;

type Call = () => void;

/** Puts its events, calls, into a queue that may have others: whoever pops one of this kind calls its payload. */
export class RoadNetwork implements RoadNet {
  readonly options: RoadNetOptions;
  readonly arrivals: number[] = [];
  readonly #queue: EventQueue;
  readonly #kind: number;
  readonly #link: SharedLink;
  readonly #pieces = new Map<number, Call>();
  #linkHandle = -1;
  #linkNs = Infinity;
  #lastPiece = 0;
  handshakes = 0;
  /** Times of the first and the last piece of a file. */
  #bulkFromNs = Infinity;
  #bulkToNs = 0;

  constructor(queue: EventQueue, kind: number, options: RoadNetOptions) {
    this.#queue = queue;
    this.#kind = kind;
    this.options = options;
    this.#link = new SharedLink(options.headendBytesPerSecond);
  }

  nowNs(): number {
    return this.#queue.nowNs;
  }

  wallSeconds(): number {
    return (this.options.beginsAtSeconds ?? 0) + this.#queue.nowNs / NS_PER_SECOND;
  }

  after(delayNs: number, call: Call): number {
    return this.#queue.schedule(this.#queue.nowNs + Math.max(0, Math.ceil(delayNs)), this.#kind, 0, 0, call);
  }

  cancel(handle: number): void {
    this.#queue.cancel(handle);
  }

  shareBytesPerSecond(): number {
    return this.#link.shareOf(this.options.deviceBytesPerSecond);
  }

  get peakBytesPerSecond(): number {
    return this.#link.peakBytesPerSecond;
  }

  /** From the first piece of a file to the last. */
  get bulkSeconds(): number {
    return Math.max(0, this.#bulkToNs - this.#bulkFromNs) / NS_PER_SECOND;
  }

  handshake(): void {
    this.handshakes += 1;
  }

  polled(): void {
    const minute = Math.floor(this.#queue.nowNs / ARRIVAL_EACH_NS);
    while (this.arrivals.length <= minute) this.arrivals.push(0);
    this.arrivals[minute] += 1;
  }

  carry(bytes: number, call: Call): number {
    const { nowNs } = this.#queue;
    this.#bulkFromNs = Math.min(this.#bulkFromNs, nowNs);
    const id = ++this.#lastPiece;
    this.#pieces.set(id, call);
    this.#link.add(nowNs, id, this.options.deviceBytesPerSecond, bytes);
    this.#watchLink();
    return id;
  }

  drop(piece: number): void {
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
        : this.#queue.schedule(Math.max(nextNs, this.#queue.nowNs), this.#kind, 0, 0, () => this.#linkDue());
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
}
