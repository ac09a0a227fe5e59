/** What a road to the image store keeps of one device, whichever road: its record, its state, what it waits for, and what it has to say. */
import type { DeviceState, StoreCommand } from "../../store/types.ts";
import type { FileTransfer, RoadExchange, StoreWait } from "./file-transfer.ts";
import { DEADLINES } from "./policy.ts";
import { TokenBucket } from "./throttle.ts";
import type { FileRecord, HeaderVerdict, RoadAction, RoadConfig, RoadEvent, UpdateState } from "./types.ts";

const NS_PER_SECOND = 1e9;
/** Events a driver may leave unpolled before the oldest are dropped. */
const EVENTS_MAX = 256;

/** What a road decides of its files. */
export interface TransferRules<File extends FileRecord> {
  /** Requests for a file that brought no block, one after the other. */
  attemptsMax: number;
  /** Nothing is gained by asking again. */
  isFinal(cause: string): boolean;
  /** Asks for the file. @returns the request's id */
  fetch(file: File, headers: Readonly<Record<string, string>>): number;
  /** By which the store knows the file again; empty: nothing is kept of it. */
  identityOf(file: File): string;
  /** Why nothing is fetched now; empty: it is. */
  pauseCause(nowNs: number): string;
  /** When that may change by itself. */
  pauseChangeNs(nowNs: number): number;
  /** The header is good: what is known of the file now is kept. @returns why the file is refused all the same */
  fits(verdict: Extract<HeaderVerdict, { kind: "fits" }>, file: File): string;
  /** All of it is there: whether what is to be known of it before its check is kept. */
  mayFinish(): boolean;
  /** The file does not do. */
  refuse(nowNs: number, cause: string): void;
  /** It did not come. */
  fail(nowNs: number, cause: string): void;
}

type WithoutId<T> = T extends { id: number } ? Omit<T, "id"> : never;

/** What differs from road to road. */
export interface RoadTypes {
  config: RoadConfig;
  request: unknown;
  record: object;
  file: FileRecord;
  /** Why something is kept, for what is to come of it; beside "none". */
  persistWait: string;
  /** Beyond what every road does and tells. */
  action: { kind: string };
  event: { type: string };
}

/** Mutated in place; the decisions are in the files that take it. */
export abstract class RoadContext<Road extends RoadTypes = RoadTypes> {
  readonly config: Road["config"];
  readonly bucket: TokenBucket;
  readonly actions: (RoadAction<Road["request"], Road["record"]> | Road["action"])[] = [];
  readonly events: (RoadEvent | Road["event"])[] = [];
  device: DeviceState;
  record: Road["record"];
  state: UpdateState = "idle";
  cause = "";
  /** When the state began. */
  sinceNs: number;
  /** Of the wall clock against ours, seconds; undefined: nobody knows. */
  wallOffsetSeconds: number | undefined;

  transfer: FileTransfer<Road["file"]> | null = null;
  receivedBytes = 0;
  /** What the store refused for a cause that passes, in a row. */
  storeFailures = 0;
  readonly storeWaits = new Map<number, StoreWait>();
  readonly persistWaits = new Map<number, Road["persistWait"] | "none">();
  abstract readonly rules: TransferRules<Road["file"]>;
  #lastId = 0;

  constructor(config: Road["config"], record: Road["record"], device: DeviceState, nowNs: number) {
    this.config = config;
    this.device = device;
    this.record = record;
    this.bucket = new TokenBucket(config.rateBytesPerSecond, nowNs);
    this.sinceNs = nowNs;
  }

  setState(nowNs: number, state: UpdateState, cause = ""): void {
    if (this.state === state && this.cause === cause) return;
    if (this.state !== state) this.sinceNs = nowNs;
    this.state = state;
    this.cause = cause;
    this.emit(cause === "" ? { type: "state", state } : { type: "state", state, cause });
  }

  emit(event: RoadEvent | Road["event"]): void {
    if (this.events.length >= EVENTS_MAX) this.events.shift();
    this.events.push(event);
  }

  /** When the state is over, whatever happens. */
  get deadlineNs(): number {
    return this.sinceNs + (DEADLINES[this.state]?.ns ?? Infinity);
  }

  wallSeconds(nowNs: number): number | undefined {
    return this.wallOffsetSeconds === undefined ? undefined : this.wallOffsetSeconds + nowNs / NS_PER_SECOND;
  }

  request(request: Road["request"]): number {
    const id = ++this.#lastId;
    this.actions.push({ kind: "request", id, request });
    return id;
  }

  /** What comes of it no longer counts. */
  abort(exchange: RoadExchange | null): void {
    if (exchange !== null) this.actions.push({ kind: "abort", id: exchange.id });
  }

  /** @param request without its id; the driver's from now on */
  store(request: WithoutId<StoreCommand>, wait: StoreWait): void {
    const id = ++this.#lastId;
    const command = request as StoreCommand;
    command.id = id;
    this.storeWaits.set(id, wait);
    this.actions.push({ kind: "store", command });
  }

  /** Whether the store is at work on something that is no write. */
  get isStoreBusy(): boolean {
    for (const { kind } of this.storeWaits.values()) if (kind !== "write" && kind !== "drop") return true;
    return false;
  }

  /** What was asked of the store no longer counts. */
  dropStore(): void {
    this.storeWaits.clear();
    this.store({ kind: "drop" }, { kind: "drop" });
  }

  /** What is under way is of no use any more. */
  dropTransfer(): void {
    const { transfer } = this;
    if (transfer === null) return;
    this.abort(transfer.exchange);
    this.transfer = null;
    if (transfer.step !== "header") this.dropStore();
  }

  persist(change: Partial<Road["record"]>, wait: Road["persistWait"] | "none" = "none"): void {
    this.record = { ...this.record, ...change };
    const id = ++this.#lastId;
    this.persistWaits.set(id, wait);
    this.actions.push({ kind: "persist", id, record: this.record });
  }
}
