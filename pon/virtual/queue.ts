/** The event queue that is the clock of a virtual run; what the events mean is up to who schedules them. */

/** Events that may wait at once; more mean that something schedules without end. */
export const EVENTS_WAITING_MAX = 1 << 22;

/** Generations of one slot that are told apart, so that a handle kept too long cancels nothing. */
const GENERATIONS = 1 << 20;

const NONE = -1;

/**
 * Where each event that happened came from: with the events of another queue, these say in which order one queue would have had
 * them all. Of two at one time that is the order of scheduling, so that of their origins.
 */
export interface Lineage {
  timeNs: number[];
  /** The event in which it was scheduled, by its place in these lists; -1 = before all. */
  origin: number[];
  /** What it was for: of those scheduled before all, the order in which they were. */
  target: number[];
}

/**
 * What waits for its time: a binary heap over typed arrays, ordered by time, then by the order of scheduling, so that a
 * run has one order only. An event is four numbers (time, kind, target, argument) and, at most, a reference; nothing is
 * allocated per event. `pop` leaves the event in the fields of the queue.
 */
export class EventQueue {
  /** Time of the event popped last, integer nanoseconds. */
  nowNs = 0;
  kind = 0;
  target = 0;
  argument = 0;
  payload: unknown;
  /** Its place among the events of its instant. */
  order = 0;
  /** Most events that waited at once so far. */
  waitingMax = 0;
  #size = 0;
  #sequence = 0;
  /** Heap position -> slot. */
  #heap = new Int32Array(64);
  /** Slot -> heap position, or the next free slot. */
  #position = new Int32Array(64);
  #timeNs = new Float64Array(64);
  #order = new Float64Array(64);
  #kinds = new Uint8Array(64);
  #targets = new Int32Array(64);
  #arguments = new Float64Array(64);
  #generation = new Uint32Array(64);
  readonly #payloads: unknown[] = [];
  readonly #origins: number[] = [];
  #slotsUsed = 0;
  #freeSlot = NONE;
  /** Kept where somebody asks for it, before anything is scheduled. */
  lineage: Lineage | undefined;

  get size(): number {
    return this.#size;
  }

  /** Time of the next event; Infinity when none waits. */
  get nextNs(): number {
    return this.#size === 0 ? Infinity : this.#timeNs[this.#heap[0]];
  }

  /** Time passes in which nothing happens: what comes from outside has the instant that it is. @returns true */
  passTo(atNs: number): true {
    this.nowNs = Math.max(this.nowNs, Math.min(atNs, this.nextNs));
    return true;
  }

  /**
   * @param atNs integer nanoseconds, not before the event popped last
   * @param kind 0…255
   * @returns a handle for `cancel`
   */
  schedule(atNs: number, kind: number, target: number, argument = 0, payload?: unknown): number {
    if (!(atNs >= this.nowNs && atNs < Number.MAX_SAFE_INTEGER)) {
      throw new RangeError(`event at ${atNs} ns, now is ${this.nowNs} ns`);
    }
    const slot = this.#takeSlot();
    this.#timeNs[slot] = atNs;
    this.#order[slot] = this.#sequence++;
    this.#kinds[slot] = kind;
    this.#targets[slot] = target;
    this.#arguments[slot] = argument;
    this.#payloads[slot] = payload;
    if (this.lineage !== undefined) this.#origins[slot] = this.lineage.timeNs.length - 1;
    this.#rise(this.#size++, slot);
    if (this.#size > this.waitingMax) this.waitingMax = this.#size;
    return this.#generation[slot] * EVENTS_WAITING_MAX + slot;
  }

  /** @returns the place that an event would have that was scheduled now, for what happens without one */
  place(): number {
    return this.#sequence++;
  }

  /** Whether an event of this instant and place would have happened by now. */
  isPast(atNs: number, place: number): boolean {
    return atNs < this.nowNs || (atNs === this.nowNs && place < this.order);
  }

  /** @returns false when the event has happened or was cancelled before */
  cancel(handle: number): boolean {
    const slot = handle % EVENTS_WAITING_MAX;
    const generation = Math.floor(handle / EVENTS_WAITING_MAX);
    if (handle < 0 || slot >= this.#slotsUsed || this.#generation[slot] !== generation) return false;
    this.#removeAt(this.#position[slot]);
    this.#freeOf(slot);
    return true;
  }

  /** Takes the next event into the fields; false when none waits. */
  pop(): boolean {
    if (this.#size === 0) return false;
    const slot = this.#heap[0];
    this.nowNs = this.#timeNs[slot];
    this.kind = this.#kinds[slot];
    this.target = this.#targets[slot];
    this.argument = this.#arguments[slot];
    this.payload = this.#payloads[slot];
    this.order = this.#order[slot];
    if (this.lineage !== undefined) this.#note(this.lineage, slot);
    this.#removeAt(0);
    this.#freeOf(slot);
    return true;
  }

  /** Where the next event comes from, as `Lineage` has it; what it is for. */
  get nextOrigin(): { origin: number; target: number } {
    const slot = this.#heap[0];
    return { origin: this.#origins[slot], target: this.#targets[slot] };
  }

  #note({ timeNs, origin, target }: Lineage, slot: number): void {
    timeNs.push(this.nowNs);
    origin.push(this.#origins[slot]);
    target.push(this.target);
  }

  #takeSlot(): number {
    const free = this.#freeSlot;
    if (free !== NONE) {
      this.#freeSlot = this.#position[free];
      return free;
    }
    if (this.#slotsUsed === this.#heap.length) this.#grow();
    return this.#slotsUsed++;
  }

  #freeOf(slot: number): void {
    this.#payloads[slot] = undefined;
    this.#generation[slot] = (this.#generation[slot] + 1) % GENERATIONS;
    this.#position[slot] = this.#freeSlot;
    this.#freeSlot = slot;
  }

  #removeAt(position: number): void {
    const last = this.#heap[--this.#size];
    if (position === this.#size) return;
    // The last one fills the hole, and finds its place from there.
    if (position > 0 && this.#before(last, this.#heap[(position - 1) >> 1])) this.#rise(position, last);
    else this.#sink(position, last);
  }

  #before(slot: number, other: number): boolean {
    const difference = this.#timeNs[slot] - this.#timeNs[other];
    return difference < 0 || (difference === 0 && this.#order[slot] < this.#order[other]);
  }

  #rise(from: number, slot: number): void {
    let position = from;
    while (position > 0) {
      const parent = (position - 1) >> 1;
      const above = this.#heap[parent];
      if (!this.#before(slot, above)) break;
      this.#put(position, above);
      position = parent;
    }
    this.#put(position, slot);
  }

  #sink(from: number, slot: number): void {
    let position = from;
    for (;;) {
      let child = 2 * position + 1;
      if (child >= this.#size) break;
      if (child + 1 < this.#size && this.#before(this.#heap[child + 1], this.#heap[child])) child++;
      const below = this.#heap[child];
      if (!this.#before(below, slot)) break;
      this.#put(position, below);
      position = child;
    }
    this.#put(position, slot);
  }

  #put(position: number, slot: number): void {
    this.#heap[position] = slot;
    this.#position[slot] = position;
  }

  #grow(): void {
    const length = this.#heap.length * 2;
    if (length > EVENTS_WAITING_MAX) throw new RangeError(`more than ${EVENTS_WAITING_MAX} events wait`);
    this.#heap = grown(this.#heap, new Int32Array(length));
    this.#position = grown(this.#position, new Int32Array(length));
    this.#timeNs = grown(this.#timeNs, new Float64Array(length));
    this.#order = grown(this.#order, new Float64Array(length));
    this.#kinds = grown(this.#kinds, new Uint8Array(length));
    this.#targets = grown(this.#targets, new Int32Array(length));
    this.#arguments = grown(this.#arguments, new Float64Array(length));
    this.#generation = grown(this.#generation, new Uint32Array(length));
  }
}

interface Numbers {
  set(source: ArrayLike<number>): void;
}

function grown<Array extends Numbers & ArrayLike<number>>(from: Array, to: Array): Array {
  to.set(from);
  return to;
}
