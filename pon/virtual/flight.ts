/** Frames on the fibre, in objects that are used again. When they arrive is decided elsewhere. */
import { newSectionSpan, type SectionSpan } from "../../omci/index.ts";
import type { Channel } from "../types.ts";
import { Arrivals } from "./arrivals.ts";

const EMPTY_BYTES = new Uint8Array(0);

/** Frames on the fibre: one span of sections, or one other frame. */
export class Flight {
  channel: Channel = "broadcast";
  isSpan = false;
  /** Deliveries that still need it. */
  users = 0;
  readonly span: SectionSpan = newSectionSpan();
  /** Any other frame, without trailer. */
  pdu: Uint8Array = EMPTY_BYTES;
  #own: Uint8Array = EMPTY_BYTES;

  /** @param lasting memory that stays as it is: a span whose data lie there is not copied, and those who get it may keep it */
  takeSpan(channel: Channel, span: SectionSpan, lasting: ArrayBufferLike | undefined): void {
    this.channel = channel;
    this.isSpan = true;
    Object.assign(this.span, span);
    this.span.lasting = (span.parityOf ?? span.data).buffer === lasting;
    if (span.data.buffer === lasting) return;
    const bytes = (span.count - 1) * span.dataStride + Math.max(span.lastSectionBytes, span.sectionBytes);
    const end = Math.min(span.data.length, span.dataOffset + bytes);
    this.span.data = this.#copy(span.data, span.dataOffset, end);
    this.span.dataOffset = 0;
  }

  takeFrame(channel: Channel, bytes: Uint8Array, lengthBytes: number): void {
    this.channel = channel;
    this.isSpan = false;
    this.pdu = this.#copy(bytes, 0, lengthBytes);
  }

  #copy(from: Uint8Array, start: number, end: number): Uint8Array {
    const length = end - start;
    if (this.#own.length < length) this.#own = new Uint8Array(Math.max(length, 256));
    this.#own.set(from.subarray(start, end));
    return this.#own.subarray(0, length);
  }
}

/** What of a flight reaches some ONTs at one instant: all of it reaches several, parts of it one. */
export class Delivery {
  flight: Flight = new Flight();
  pieces = new Arrivals();
  /** Its instant, and its place among the events of that (`EventQueue.place`), where it is none itself. */
  atNs = 0;
  place = 0;
  /** ONTs that have not taken it yet. */
  left = 0;
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
