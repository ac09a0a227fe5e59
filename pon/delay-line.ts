/** Holds frames back until they are due, for a fibre in real time; the virtual line schedules events instead. */
import { FRAME_ROOM_BYTES } from "../omci/index.ts";

/** Frames one delay line holds at most; what comes on top is lost and counted. 8,192 frames are at most 16 MiB. */
export const DELAY_QUEUE_FRAMES = 8192;
/** Frames there is room for before the line grows. */
const FIRST_FRAMES = 64;
/** Room of one frame: the longest OMCI frame is 1,980 bytes with a trailer of 4 behind it. */
const SLOT_BYTES = FRAME_ROOM_BYTES;

/**
 * Frames on their way, each with the time at which it gets out; equal times keep their order. For process drivers, where a
 * frame's bytes have to be kept until then. Frames put in one after the other lie one after the other in `buffer`, so
 * that sections which come out together can be joined into a span again.
 */
export class DelayLine {
  /** Holds all frames; replaced when the line grows. */
  buffer = new Uint8Array(0);
  /** Of the frame that `next` took out: valid until the next `put`. */
  start = 0;
  end = 0;
  tag = 0;
  readonly #framesMax: number;
  #capacity = 0;
  #lengths = new Uint16Array(0);
  #tags = new Int32Array(0);
  /** Slots in the order in which they became free. */
  #free = new Int32Array(0);
  #freeHead = 0;
  #freeCount = 0;
  /** Binary heap by time, then by order of arrival. */
  readonly #dueNs: number[] = [];
  readonly #order: number[] = [];
  readonly #slots: number[] = [];
  #arrivals = 0;

  constructor(framesMax: number = DELAY_QUEUE_FRAMES) {
    this.#framesMax = framesMax;
  }

  /** Frames inside. */
  get frames(): number {
    return this.#slots.length;
  }

  /** When the next frame gets out; Infinity when there is none. */
  nextNs(): number {
    return this.#dueNs[0] ?? Infinity;
  }

  /** @param tag comes out with the frame. @returns false when the line is full or the frame longer than any of OMCI. */
  put(dueNs: number, tag: number, bytes: Uint8Array, start: number, end: number): boolean {
    const length = end - start;
    if (length > SLOT_BYTES || (this.#freeCount === 0 && !this.#grow())) return false;
    const slot = this.#free[this.#freeHead];
    this.#freeHead = (this.#freeHead + 1) % this.#capacity;
    this.#freeCount--;
    this.buffer.set(bytes.subarray(start, end), slot * SLOT_BYTES);
    this.#lengths[slot] = length;
    this.#tags[slot] = tag;
    this.#push(dueNs, slot);
    return true;
  }

  /** Takes out the next frame that is due. @returns false when there is none. */
  next(nowNs: number): boolean {
    if (this.#slots.length === 0 || this.nextNs() > nowNs) return false;
    const slot = this.#slots[0];
    this.#pop();
    this.#free[(this.#freeHead + this.#freeCount) % this.#capacity] = slot;
    this.#freeCount++;
    this.start = slot * SLOT_BYTES;
    this.end = this.start + this.#lengths[slot];
    this.tag = this.#tags[slot];
    return true;
  }

  /** Forgets all frames, as when the power goes. */
  clear(): void {
    while (this.next(Infinity));
  }

  #grow(): boolean {
    const capacity = Math.min(this.#framesMax, Math.max(FIRST_FRAMES, 2 * this.#capacity));
    if (capacity <= this.#capacity) return false;
    const before = { buffer: this.buffer, lengths: this.#lengths, tags: this.#tags };
    this.buffer = new Uint8Array(capacity * SLOT_BYTES);
    this.buffer.set(before.buffer);
    this.#lengths = new Uint16Array(capacity);
    this.#lengths.set(before.lengths);
    this.#tags = new Int32Array(capacity);
    this.#tags.set(before.tags);
    // It grows when no slot is free: the new ones are all there are.
    this.#free = new Int32Array(capacity);
    for (let slot = this.#capacity; slot < capacity; slot++) this.#free[slot - this.#capacity] = slot;
    this.#freeHead = 0;
    this.#freeCount = capacity - this.#capacity;
    this.#capacity = capacity;
    return true;
  }

  #before(a: number, b: number): boolean {
    const differenceNs = this.#dueNs[a] - this.#dueNs[b];
    return differenceNs < 0 || (differenceNs === 0 && this.#order[a] < this.#order[b]);
  }

  #push(dueNs: number, slot: number): void {
    let at = this.#slots.length;
    this.#dueNs.push(dueNs);
    this.#order.push(this.#arrivals++);
    this.#slots.push(slot);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#before(at, parent)) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  #pop(): void {
    const last = this.#slots.length - 1;
    this.#swap(0, last);
    this.#dueNs.pop();
    this.#order.pop();
    this.#slots.pop();
    for (let at = 0; ;) {
      let least = at;
      for (let child = 2 * at + 1; child <= 2 * at + 2 && child < last; child++)
        if (this.#before(child, least)) least = child;
      if (least === at) return;
      this.#swap(at, least);
      at = least;
    }
  }

  #swap(a: number, b: number): void {
    for (const list of [this.#dueNs, this.#order, this.#slots]) {
      const kept = list[a];
      list[a] = list[b];
      list[b] = kept;
    }
  }
}
