/** What an ONT has for its driver: work for the flash, events, upstream frames. */
import type { FlashArea, FlashOperation, OntEvent, UpstreamSink } from "./types.ts";

type WithoutId<T> = T extends { id: number } ? Omit<T, "id"> : never;
export type FlashRequest = WithoutId<FlashOperation>;

/** Work for the driver's storage, first in first out. */
export class FlashQueue {
  readonly #waiting: FlashOperation[] = [];
  /** Ids of those not done yet, whoever has them. */
  readonly #open = new Set<number>();
  /** The area whose erasing is the last thing asked for; null when something else is, or when it is done. */
  #erasing: { id: number; slot: FlashArea } | null = null;
  #lastId = 0;
  #borrowsBytes = false;

  /**
   * @param request the queue's from now on
   * @returns the id that `handleFlashDone` will name
   */
  push(request: FlashRequest): number {
    const id = ++this.#lastId;
    const operation = request as FlashOperation;
    operation.id = id;
    this.#waiting.push(operation);
    this.#open.add(id);
    this.#erasing = request.kind === "eraseSlot" ? { id, slot: request.slot } : null;
    if (request.kind === "writeSlot") this.#borrowsBytes = true;
    return id;
  }

  /** Operations that are not done yet. */
  get unfinished(): number {
    return this.#open.size;
  }

  /** The driver has carried out an operation. */
  done(id: number): void {
    this.#open.delete(id);
    if (this.#erasing?.id === id) this.#erasing = null;
  }

  /** Whether an area will be erased with nothing written behind that. */
  willErase(slot: FlashArea): boolean {
    return this.#erasing?.slot === slot;
  }

  poll(): FlashOperation | undefined {
    const operation = this.#waiting.shift();
    if (this.#waiting.length === 0) this.#borrowsBytes = false;
    return operation;
  }

  /**
   * The bytes of a write point into the window buffer, which the next window overwrites. A driver that polls after
   * each call never needs this copy.
   */
  keepUnpolledBytes(): void {
    if (!this.#borrowsBytes) return;
    this.#borrowsBytes = false;
    for (const operation of this.#waiting) {
      if (operation.kind === "writeSlot") operation.bytes = operation.bytes.slice();
    }
  }
}

/** Events a driver may leave unpolled before the oldest are dropped. */
export const EVENTS_MAX = 4096;

/** What happened, in order. Equal drops in a row are one event with a count. */
export class OntEventQueue {
  readonly #waiting: OntEvent[] = [];

  push(event: OntEvent): void {
    const last = this.#waiting.at(-1);
    if (event.type === "dropped" && last?.type === "dropped" && last.cause === event.cause) {
      last.count = (last.count ?? 1) + (event.count ?? 1);
      return;
    }
    if (this.#waiting.length >= EVENTS_MAX) this.#waiting.shift();
    this.#waiting.push(event);
  }

  poll(): OntEvent | undefined {
    return this.#waiting.shift();
  }
}

/** Upstream frames that may wait for the driver; more are dropped, as by a full T-CONT. */
export const FRAMES_WAITING_MAX = 512;

/** Upstream frames, each with the time before which it must not leave. */
export class UpstreamQueue {
  readonly #waiting: { dueNs: number; bytes: Uint8Array }[] = [];

  /** @returns false when the queue is full and the frame was dropped */
  push(bytes: Uint8Array, dueNs: number): boolean {
    if (this.#waiting.length >= FRAMES_WAITING_MAX) return false;
    this.#waiting.push({ bytes, dueNs });
    return true;
  }

  poll(nowNs: number, sink: UpstreamSink): void {
    for (let first = this.#waiting[0]; first !== undefined && first.dueNs <= nowNs; first = this.#waiting[0]) {
      this.#waiting.shift();
      sink.frame(first.bytes, first.bytes.length);
    }
  }

  /** When the next frame may leave; Infinity when none waits. */
  nextDueNs(): number {
    return this.#waiting[0]?.dueNs ?? Infinity;
  }

  clear(): void {
    this.#waiting.length = 0;
  }
}
