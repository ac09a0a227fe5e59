/** One device of a fleet in virtual time: its road, its image store, its two connections to the headend. */
import { carryOutStore, type DeviceState, type OntImageStore, type StoreCommand } from "../../store/index.ts";
import type { DrivenRoad, RoadAction } from "../core/types.ts";
import { type RoadSinks, turnRoad } from "../turn.ts";
import type { NetAnswer, RoadNet } from "./net.ts";

const NS_PER_SECOND = 1e9;
/** TCP's own, then TLS: two round trips, as with a client that looks at a staple first (RFC 8446 2, RFC 5246 7.3). */
const HANDSHAKE_ROUND_TRIPS = 3;
/** Ten segments go out at once (RFC 6928). */
const INITIAL_BYTES = 10 * 1460;
/** A piece of a file is what comes in so long, roughly, and not less than one TLS record. */
const PIECE_SECONDS = 25;
const PIECE_BYTES_MIN = 16 * 1024;

/** A file on its way. */
interface Bulk {
  id: number;
  answer: NetAnswer;
  sentBytes: number;
  /** What is on the link; -1: it waits for room. */
  piece: number;
}

/** A road in virtual time, and its headend, which answers at once. */
export interface NetRoad<Request, Kept, Event, Road> {
  name: string;
  /** Power-on. */
  make(record: Kept | null, device: DeviceState, nowNs: number): Road;
  /** @returns undefined: nobody is there */
  answer(request: Request): NetAnswer | undefined;
  /** What is counted as an arrival. */
  isPoll(request: Request): boolean;
  onEvent(nowNs: number, event: Event): void;
}

export class NetDevice<
  Request extends { isBulk: boolean },
  Kept,
  Event,
  Snapshot,
  Road extends DrivenRoad<Request, Kept, Event, Snapshot>,
> implements RoadSinks<RoadAction<Request, Kept>, Event> {
  readonly name: string;
  readonly #net: RoadNet;
  readonly #store: OntImageStore;
  readonly #virtual: NetRoad<Request, Kept, Event, Road>;
  #road!: Road;
  #record: Kept | null = null;
  #handle = -1;
  #dueNs = Infinity;
  #bulk: Bulk | null = null;
  /** Requests under way that are not aborted. */
  readonly #open = new Set<number>();
  /** When each connection was last of use: control, file. */
  readonly #usedNs: [number, number] = [-Infinity, -Infinity];
  #isTurning = false;
  #isOn = false;
  #lives = 0;
  polls = 0;
  bulkBytes = 0;

  /** Without power: `powerOn` is to be called first. */
  constructor(net: RoadNet, store: OntImageStore, road: NetRoad<Request, Kept, Event, Road>) {
    this.name = road.name;
    this.#net = net;
    this.#store = store;
    this.#virtual = road;
  }

  snapshot(): Snapshot {
    return this.#road.snapshot();
  }

  /** Something that comes to it from elsewhere. @returns undefined while it has no power */
  call<Answer>(what: (road: Road, nowNs: number) => Answer): Answer | undefined {
    if (!this.#isOn) return undefined;
    const answer = what(this.#road, this.#net.nowNs());
    this.#turn();
    return answer;
  }

  /** A boot; what was under way before is lost, but for what was kept. */
  powerOn(): void {
    const nowNs = this.#net.nowNs();
    this.powerOff();
    this.#isOn = true;
    this.#road = this.#virtual.make(this.#record, this.#store.state(), nowNs);
    this.#road.handleWallClock(nowNs, this.#net.wallSeconds());
    this.#turn();
  }

  powerOff(): void {
    this.#isOn = false;
    this.#lives += 1;
    this.#dropBulk();
    this.#open.clear();
    this.#usedNs.fill(-Infinity);
    if (this.#handle >= 0) this.#net.cancel(this.#handle);
    this.#handle = -1;
    this.#dueNs = Infinity;
  }

  /** The connections are gone: what was asked for is not answered. */
  breakOff(cause: string): void {
    const nowNs = this.#net.nowNs();
    this.#dropBulk();
    this.#usedNs.fill(-Infinity);
    for (const id of this.#open) {
      this.#open.delete(id);
      this.#road.handleBroken(nowNs, id, cause);
    }
    if (this.#isOn) this.#turn();
  }

  /** The file that is coming in comes no further. */
  breakOffFile(cause: string): void {
    const bulk = this.#bulk;
    if (bulk === null) return;
    this.#dropBulk();
    this.#open.delete(bulk.id);
    this.#road.handleBroken(this.#net.nowNs(), bulk.id, cause);
    this.#turn();
  }

  #turn(): void {
    if (this.#isTurning || !this.#isOn) return;
    this.#isTurning = true;
    const dueNs = turnRoad(this.#road, this, this.#net.nowNs());
    this.#isTurning = false;
    this.#feed();
    if (dueNs === this.#dueNs) return;
    if (this.#handle >= 0) this.#net.cancel(this.#handle);
    this.#dueNs = dueNs;
    this.#handle = dueNs === Infinity ? -1 : this.#net.after(dueNs - this.#net.nowNs(), () => this.#due());
  }

  #due(): void {
    this.#handle = -1;
    this.#dueNs = Infinity;
    this.#road.handleTimeout(this.#net.nowNs());
    this.#turn();
  }

  event(nowNs: number, event: Event): void {
    this.#virtual.onEvent(nowNs, event);
  }

  action(nowNs: number, action: RoadAction<Request, Kept>): void {
    switch (action.kind) {
      case "request":
        return this.#ask(action.id, action.request);
      case "abort":
        this.#open.delete(action.id);
        if (this.#bulk?.id === action.id) this.#dropBulk();
        return;
      case "store":
        return this.#carryOut(action.command);
      case "persist":
        this.#record = action.record;
        return this.#road.handlePersisted(nowNs, action.id);
    }
  }

  /** What comes of it after a power cut is nobody's. */
  #carryOut(command: StoreCommand): void {
    const life = this.#lives;
    const net = this.#net;
    carryOutStore(
      this.#road,
      this.#store,
      command,
      () => net.nowNs(),
      () => {
        if (this.#lives === life) this.#turn();
      },
    );
  }

  #ask(id: number, request: Request): void {
    const { options } = this.#net;
    const connection = request.isBulk ? 1 : 0;
    const nowNs = this.#net.nowNs();
    const isNew = nowNs - this.#usedNs[connection] > options.keepAliveNs;
    if (isNew) this.#net.handshake();
    const roundTrips = 1 + (isNew ? HANDSHAKE_ROUND_TRIPS : 0);
    this.#usedNs[connection] = nowNs + roundTrips * options.roundTripNs;
    const life = this.#lives;
    this.#open.add(id);
    // The request is there half a round trip before its answer is here.
    this.#net.after((roundTrips - 0.5) * options.roundTripNs, () => {
      if (this.#lives !== life || !this.#open.has(id)) return;
      if (this.#virtual.isPoll(request)) {
        this.polls += 1;
        this.#net.polled();
      }
      const answer = this.#virtual.answer(request);
      if (answer === undefined) return this.#broken(id);
      this.#net.after(options.roundTripNs / 2, () => {
        if (this.#lives === life && this.#open.has(id)) this.#answered(id, request, answer, isNew);
      });
    });
  }

  #broken(id: number): void {
    this.#open.delete(id);
    this.#usedNs.fill(-Infinity);
    this.#road.handleBroken(this.#net.nowNs(), id, "nobody is there");
    this.#turn();
  }

  #answered(id: number, request: Request, answer: NetAnswer, isNew: boolean): void {
    const nowNs = this.#net.nowNs();
    this.#road.handleResponse(nowNs, id, answer.status, answer.headers, []);
    if (!request.isBulk) {
      if (answer.body.length > 0) this.#road.handleBody(nowNs, id, answer.body);
      this.#open.delete(id);
      this.#road.handleEnd(nowNs, id);
      return this.#turn();
    }
    this.#bulk = { id, answer, sentBytes: 0, piece: -1 };
    const rampNs = isNew ? this.#rampNs() : 0;
    if (rampNs === 0) return this.#turn();
    // Until then there is no piece to take.
    this.#bulk.piece = 0;
    this.#net.after(rampNs, () => {
      if (this.#bulk?.id !== id) return;
      this.#bulk.piece = -1;
      this.#turn();
    });
    this.#turn();
  }

  /** What slow start costs against the full share from the first byte, roughly: a round trip for each doubling after the first. */
  #rampNs(): number {
    const { roundTripNs } = this.#net.options;
    const bytes = (this.#net.shareBytesPerSecond() * roundTripNs) / NS_PER_SECOND;
    const doublings = Math.ceil(Math.log2(Math.max(1, bytes / INITIAL_BYTES)));
    return Math.max(0, doublings - 1) * roundTripNs;
  }

  /** The next piece, where the road has room for one. */
  #feed(): void {
    const bulk = this.#bulk;
    if (bulk === null || bulk.piece >= 0 || !this.#isOn) return;
    const nowNs = this.#net.nowNs();
    const left = bulk.answer.body.length - bulk.sentBytes;
    const room = this.#road.roomBytes(nowNs);
    // Where many share little, a piece must not take so long that nothing seems to come.
    const inTime = Math.max(PIECE_BYTES_MIN, Math.floor(this.#net.shareBytesPerSecond() * PIECE_SECONDS));
    const bytes = Math.min(left, room, this.#net.options.blockBytes / 2, inTime);
    if (bytes < 1) return;
    bulk.piece = this.#net.carry(bytes, () => this.#arrived(bulk, bytes));
  }

  #arrived(bulk: Bulk, bytes: number): void {
    if (this.#bulk !== bulk) return;
    const nowNs = this.#net.nowNs();
    const { answer, sentBytes } = bulk;
    bulk.piece = -1;
    bulk.sentBytes += bytes;
    this.bulkBytes += bytes;
    this.#usedNs[1] = nowNs;
    this.#road.handleBody(nowNs, bulk.id, answer.body.subarray(sentBytes, sentBytes + bytes));
    if (bulk.sentBytes === answer.body.length && this.#bulk === bulk) {
      this.#bulk = null;
      this.#open.delete(bulk.id);
      this.#road.handleEnd(nowNs, bulk.id);
    }
    this.#turn();
  }

  #dropBulk(): void {
    const bulk = this.#bulk;
    this.#bulk = null;
    if (bulk !== null && bulk.piece > 0) this.#net.drop(bulk.piece);
  }
}
