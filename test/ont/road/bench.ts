/** A terminal's end of a road on the bench: its time, its store, its power; and every way in which an answer may go wrong. */
import { type RoadSinks, turnRoad } from "../../../ont/road/index.ts";
import type { DrivenRoad, RoadAction, RoadEvent, RoadHeaders, UpdateState } from "../../../ont/road/core/types.ts";
import { carryOutStore, type OntImageStore } from "../../../ont/store/index.ts";

export const second = 1e9;
export const BLOCK_BYTES = 64 * 1024;
const PIECE_BYTES = 16 * 1024;
const PIECE_NS = 1_000_000;
const ANSWER_NS = 20_000_000;
const BOOT_NS = 30 * second;
const STEPS_MAX = 200_000;

export interface BenchAnswer {
  status: number;
  headers: RoadHeaders;
  cookies?: readonly string[];
  body: Uint8Array;
  /** The connection goes when so many bytes have come. */
  cutAt?: number;
  /** It comes in pieces of so many bytes, so far apart. */
  trickle?: { bytes: number; everyNs: number };
}

interface Waiting<Request> {
  id: number;
  request: Request;
  answer: BenchAnswer | undefined;
  dueNs: number;
  sentBytes: number;
  hasHead: boolean;
}

/** A store that a test takes the power of. */
export interface TestStore extends OntImageStore {
  /** Restarts that were asked for. */
  restart: "activate" | "rollBack" | null;
  cut(): void;
  reboot(): void;
}

/** The power goes before a record is kept. */
export class RecordCut extends Error {}

export abstract class RoadBench<
  Request extends { isBulk: boolean },
  Kept,
  Event extends { type: string },
  Core extends DrivenRoad<Request, Kept, Event | RoadEvent, { state: UpdateState; cause: string }>,
  Store extends TestStore,
> {
  readonly store: Store;
  readonly events: (Event | RoadEvent)[] = [];
  readonly states: UpdateState[] = [];
  readonly requests: Request[] = [];
  record: Kept | null = null;
  /** The power goes before a record with this number is kept. */
  persists = 0;
  cutBeforePersist = Infinity;
  /** Records are kept when `keep` is called. */
  keepsLate = false;
  #late: (() => void)[] = [];
  nowNs = 0;
  wallSeconds: number | undefined = 1_790_000_000;
  /** Bytes of the file that came in. */
  bulkBytes = 0;
  waiting: Waiting<Request>[] = [];
  /** The restart that was asked for is carried out at once; otherwise `reboot` does it. */
  reboots = true;
  #core: Core | undefined;
  #nextNs = 0;
  readonly #sinks: RoadSinks<RoadAction<Request, Kept>, Event | RoadEvent> = {
    name: "road on the bench",
    action: (_nowNs, action) => this.#action(action),
    event: (_nowNs, event) => {
      this.events.push(event);
      if (isState(event) && event.state !== this.states.at(-1)) this.states.push(event.state);
    },
  };

  constructor(store: Store) {
    this.store = store;
  }

  /** As the power comes: from what was kept. */
  protected abstract create(record: Kept | null): Core;

  /** What comes of a request; undefined: nothing at all. */
  protected abstract answerTo(request: Request): BenchAnswer | undefined;

  protected get core(): Core {
    if (this.#core === undefined) throw new Error("the power is off");
    return this.#core;
  }

  powerOn(): void {
    this.#late = [];
    this.#core = this.create(structuredClone(this.record));
    const { wallSeconds } = this;
    this.core.handleWallClock(this.nowNs, wallSeconds === undefined ? undefined : wallSeconds + this.nowNs / second);
    this.settle();
  }

  /** The power goes, and comes back after some time. */
  cut(offNs = second): void {
    this.waiting = [];
    this.store.cut();
    this.nowNs += offNs;
    this.powerOn();
  }

  reboot(): void {
    this.waiting = [];
    this.store.reboot();
    this.nowNs += BOOT_NS;
    this.powerOn();
  }

  settle(): void {
    this.#nextNs = turnRoad(this.core, this.#sinks, this.nowNs);
  }

  #action(action: RoadAction<Request, Kept>): void {
    switch (action.kind) {
      case "request": {
        const { id, request } = action;
        this.requests.push(request);
        const answer = this.answerTo(request);
        this.waiting.push({ id, request, answer, dueNs: this.nowNs + ANSWER_NS, sentBytes: 0, hasHead: false });
        return;
      }
      case "abort":
        this.waiting = this.waiting.filter(({ id }) => id !== action.id);
        return;
      case "store":
        return carryOutStore(
          this.core,
          this.store,
          action.command,
          () => this.nowNs,
          () => this.settle(),
        );
      case "persist":
        this.persists += 1;
        if (this.persists === this.cutBeforePersist) throw new RecordCut();
        if (!this.keepsLate) return this.#keep(action.record, action.id);
        this.#late.push(() => this.#keep(action.record, action.id));
        return;
    }
  }

  #keep(record: Kept, id: number): void {
    this.record = structuredClone(record);
    this.core.handlePersisted(this.nowNs, id);
  }

  /** What has waited to be kept is. */
  keep(): void {
    this.keepsLate = false;
    for (const keep of this.#late.splice(0)) keep();
    this.settle();
  }

  /** The next thing that happens. @returns false when nothing does before `untilNs` */
  step(untilNs: number): boolean {
    if (this.store.restart !== null && this.reboots) {
      this.reboot();
      return true;
    }
    const next = this.waiting.filter((one) => one.answer !== undefined && this.#mayGo(one));
    next.sort((one, other) => one.dueNs - other.dueNs);
    const due = next[0];
    const atNs = Math.min(due?.dueNs ?? Infinity, this.#nextNs);
    if (atNs > untilNs) return false;
    this.nowNs = Math.max(this.nowNs, atNs);
    if (due !== undefined && due.dueNs <= this.nowNs) this.#deliver(due);
    else this.core.handleTimeout(this.nowNs);
    this.settle();
    return true;
  }

  /** A bulk body waits for room. */
  #mayGo({ request, hasHead, dueNs }: Waiting<Request>): boolean {
    return !request.isBulk || !hasHead || this.core.roomBytes(Math.max(this.nowNs, dueNs)) > 0;
  }

  #deliver(waiting: Waiting<Request>): void {
    const { id, answer, request } = waiting;
    if (answer === undefined) return;
    const { status, headers, cookies, body, cutAt, trickle } = answer;
    if (!waiting.hasHead) {
      waiting.hasHead = true;
      waiting.dueNs = this.nowNs + PIECE_NS;
      return this.core.handleResponse(this.nowNs, id, status, headers, cookies);
    }
    const endBytes = Math.min(cutAt ?? Infinity, body.length);
    if (waiting.sentBytes >= endBytes) {
      this.waiting = this.waiting.filter((one) => one !== waiting);
      if (cutAt === undefined) return this.core.handleEnd(this.nowNs, id);
      return this.core.handleBroken(this.nowNs, id, "connection reset");
    }
    const { bytes, everyNs } = trickle ?? { bytes: PIECE_BYTES, everyNs: PIECE_NS };
    const piece = body.subarray(waiting.sentBytes, Math.min(endBytes, waiting.sentBytes + bytes));
    waiting.sentBytes += piece.length;
    waiting.dueNs = this.nowNs + everyNs;
    if (request.isBulk) this.bulkBytes += piece.length;
    this.core.handleBody(this.nowNs, id, piece);
  }

  /** Until something holds, or some time has passed. @returns whether it holds */
  until(holds: () => boolean, withinNs = 3 * 86_400 * second): boolean {
    const endNs = this.nowNs + withinNs;
    for (let steps = 0; !holds(); steps++) {
      if (steps > STEPS_MAX) throw new Error("no end of steps");
      if (!this.step(endNs)) {
        this.nowNs = endNs;
        return holds();
      }
    }
    return true;
  }

  untilState(state: UpdateState, withinNs?: number): boolean {
    return this.until(() => this.core.snapshot().state === state, withinNs);
  }

  run(ns: number): void {
    this.until(() => false, ns);
  }

  /** @returns the last cause that was told with a state */
  get cause(): string {
    return this.core.snapshot().cause;
  }
}

const isState = (event: { type: string }): event is Extract<RoadEvent, { type: "state" }> => event.type === "state";
