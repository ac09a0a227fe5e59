import type { SectionRun } from "../../omci/section-run.ts";
import type { Channel } from "../../ont/core/types.ts";
import { Arrivals } from "./arrivals.ts";

const emptyBytes = new Uint8Array(0);

/** Frames on the fibre: one run of sections, or one other frame. */
export class Flight {
  channel: Channel = "broadcast";
  isRun = false;
  /** Deliveries that still need it. */
  users = 0;
  readonly run: SectionRun = {
    messageSet: "baseline",
    classId: 0,
    instanceId: 0,
    firstTci: 0,
    firstSection: 0,
    count: 0,
    ackRequested: false,
    data: emptyBytes,
    dataOffset: 0,
    dataStride: 0,
    sectionBytes: 0,
    lastSectionBytes: 0,
  };
  /** Any other frame, without trailer. */
  pdu: Uint8Array = emptyBytes;
  #own: Uint8Array = emptyBytes;

  /** @param lasting memory that stays as it is: a run whose data lie there is not copied */
  takeRun(channel: Channel, run: SectionRun, lasting: ArrayBufferLike): void {
    this.channel = channel;
    this.isRun = true;
    Object.assign(this.run, run);
    if (run.data.buffer === lasting) return;
    const bytes = (run.count - 1) * run.dataStride + Math.max(run.lastSectionBytes, run.sectionBytes);
    const end = Math.min(run.data.length, run.dataOffset + bytes);
    this.run.data = this.#copy(run.data, run.dataOffset, end);
    this.run.dataOffset = 0;
  }

  takeFrame(channel: Channel, bytes: Uint8Array, lengthBytes: number): void {
    this.channel = channel;
    this.isRun = false;
    this.pdu = this.#copy(bytes, 0, lengthBytes);
  }

  #copy(from: Uint8Array, start: number, end: number): Uint8Array {
    const length = end - start;
    if (this.#own.length < length) this.#own = new Uint8Array(Math.max(length, 256));
    this.#own.set(from.subarray(start, end));
    return this.#own.subarray(0, length);
  }

  /** Makes `out` the run of some of this flight's sections. */
  part(first: number, count: number, out: SectionRun): void {
    const { run } = this;
    const last = first + count === run.count;
    out.messageSet = run.messageSet;
    out.classId = run.classId;
    out.instanceId = run.instanceId;
    out.firstTci = run.firstTci + first;
    out.firstSection = run.firstSection + first;
    out.count = count;
    out.ackRequested = last && run.ackRequested;
    out.data = run.data;
    out.dataOffset = run.dataOffset + first * run.dataStride;
    out.dataStride = run.dataStride;
    out.sectionBytes = run.sectionBytes;
    out.lastSectionBytes = last ? run.lastSectionBytes : run.sectionBytes;
  }
}

/** What of a flight reaches some ONTs at one instant: all of it reaches several, parts of it one. */
export class Delivery {
  flight: Flight = new Flight();
  readonly pieces = new Arrivals();
  ontCount = 0;
  /** Numbers of the ONTs, and which life of each the frames were sent to. */
  readonly onts: number[] = [];
  readonly lives: number[] = [];

  add(ont: number, life: number): void {
    this.onts[this.ontCount] = ont;
    this.lives[this.ontCount++] = life;
  }
}

/** Objects that come back when they are done with: nothing is allocated per frame. */
export class Pool<Item> {
  readonly #make: () => Item;
  readonly #free: Item[] = [];
  made = 0;

  constructor(make: () => Item) {
    this.#make = make;
  }

  take(): Item {
    const item = this.#free.pop();
    if (item !== undefined) return item;
    this.made++;
    return this.#make();
  }

  give(item: Item): void {
    this.#free.push(item);
  }
}
