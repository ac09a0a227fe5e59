/** What the parts of one update agent share: its record, its state, what it waits for, and what it has to say. */
import type { DeviceState, StoreCommand } from "../../store/types.ts";
import { strongTag } from "./http.ts";
import { DEADLINES, firstPollNs } from "./policy.ts";
import { TokenBucket } from "./throttle.ts";
import type {
  ActionRecord,
  AgentAction,
  AgentConfig,
  AgentEvent,
  AgentHeaders,
  AgentRecord,
  AgentRequest,
  AgentState,
  ArtifactRecord,
} from "./types.ts";

const NS_PER_SECOND = 1e9;
/** Events a driver may leave unpolled before the oldest are dropped. */
const EVENTS_MAX = 256;

/** A request that is under way. */
export interface AgentExchange {
  id: number;
  deadlineNs: number;
  /** 0: no answer yet. */
  status: number;
  headers: AgentHeaders;
}

/** What is asked of the depot beside the file itself, one after the other. */
export type ControlTask =
  | { kind: "poll" }
  | { kind: "configData"; path: string }
  | { kind: "cancel"; path: string }
  | { kind: "deployment"; path: string }
  /** @property isFinal it is told again and again, until the depot has it */
  | { kind: "report"; path: string; execution: string; finished: string; body: string; isFinal: boolean };

export interface ControlExchange extends AgentExchange {
  task: ControlTask;
  body: Uint8Array[];
  bodyBytes: number;
}

/** A file on its way into the image store. */
export interface FileTransfer {
  artifact: ArtifactRecord;
  step: "header" | "begin" | "body" | "finish";
  exchange: AgentExchange | null;
  /** The beginning of the file, until its header is checked. */
  header: Uint8Array;
  /** Bytes of the answer under way that are held already. */
  skipBytes: number;
  /** From the beginning of the file: handed to the store; outliving a power cut; asked to outlive one. */
  receivedBytes: number;
  stableBytes: number;
  markedBytes: number;
  /** Requests without a block of progress, and where the last that made progress began. */
  attempts: number;
  progressBytes: number;
  /** How often it was begun from the beginning. */
  restarts: number;
  retryNs: number;
  /** When its pace is looked at, and how much there was when it was last. */
  paceNs: number;
  paceBytes: number;
}

/** What the store was asked, by its id. */
export type StoreWait =
  | { kind: "begin" | "finish" | "activate" | "commit" | "rollBack" | "drop" }
  /** @property stableBytes what outlives a power cut then; 0: nothing new */
  | { kind: "write"; transfer: FileTransfer; stableBytes: number };

export type PersistWait = "apply" | "close" | "none";

/** Mutated in place; the decisions are in the files that take it. */
export class AgentContext {
  readonly config: AgentConfig;
  readonly bucket: TokenBucket;
  readonly actions: AgentAction[] = [];
  readonly events: AgentEvent[] = [];
  device: DeviceState;
  record: AgentRecord;
  state: AgentState = "idle";
  cause = "";
  /** When the state began. */
  sinceNs: number;
  /** Of the wall clock against ours, seconds; undefined: nobody knows. */
  wallOffsetSeconds: number | undefined;

  control: ControlExchange | null = null;
  tasks: ControlTask[] = [];
  pollSeconds: number;
  nextPollNs: number;
  pollFailures = 0;
  /** A report that did not get through is told again then. */
  reportNs = 0;
  polls = 0;
  lastPollNs = -Infinity;
  /** The depot has been told what this device is. */
  isIntroduced = false;
  /** What the depot said last of installing, and when; null: nothing in this life. */
  depotInstall: { isAllowed: boolean; toldNs: number } | null = null;
  isDepotPaused = false;
  /** Files of the deployment that do not do, with their causes. */
  readonly refused = new Map<string, string>();

  transfer: FileTransfer | null = null;
  /** An installation that was refused for what passes is tried again then; so is a confirmation. */
  installNs = 0;
  /** Since when it has waited, with the tries that came to nothing. */
  waitingSinceNs = 0;
  installFailures = 0;
  receivedBytes = 0;
  readonly storeWaits = new Map<number, StoreWait>();
  readonly persistWaits = new Map<number, PersistWait>();
  #lastId = 0;

  constructor(config: AgentConfig, record: AgentRecord | null, device: DeviceState, nowNs: number) {
    this.config = config;
    this.device = device;
    this.record = record ?? { action: null, closedPath: "", isUserPaused: false };
    this.bucket = new TokenBucket(config.rateBytesPerSecond, nowNs);
    this.pollSeconds = config.pollSeconds;
    this.nextPollNs = nowNs + firstPollNs(config.pollSeconds, config.chance);
    this.sinceNs = nowNs;
  }

  setState(nowNs: number, state: AgentState, cause = ""): void {
    if (this.state === state && this.cause === cause) return;
    if (this.state !== state) this.sinceNs = nowNs;
    this.state = state;
    this.cause = cause;
    this.emit(cause === "" ? { type: "state", state } : { type: "state", state, cause });
  }

  emit(event: AgentEvent): void {
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

  ask(request: Omit<AgentRequest, "headers"> & { headers?: Record<string, string> }): number {
    const id = ++this.#lastId;
    const headers = { ...this.config.headers, ...request.headers };
    this.actions.push({ kind: "request", id, request: { ...request, headers } });
    return id;
  }

  /** What comes of it no longer counts. */
  abort(exchange: AgentExchange | null): void {
    if (exchange !== null) this.actions.push({ kind: "abort", id: exchange.id });
  }

  /** @param command without its id */
  store(command: StoreCommandWithoutId, wait: StoreWait): void {
    const id = ++this.#lastId;
    this.storeWaits.set(id, wait);
    this.actions.push({ kind: "store", command: { ...command, id } as StoreCommand });
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

  persist(change: Partial<AgentRecord>, wait: PersistWait = "none"): void {
    this.record = { ...this.record, ...change };
    const id = ++this.#lastId;
    this.persistWaits.set(id, wait);
    this.actions.push({ kind: "persist", id, record: this.record });
  }

  changeAction(change: Partial<ActionRecord>, wait: PersistWait = "none"): void {
    const { action } = this.record;
    if (action !== null) this.persist({ action: { ...action, ...change } }, wait);
  }

  /** @returns undefined for a place that is not at the depot */
  pathOf(href: string): string | undefined {
    const { origin, pathname, search } = new URL(href);
    return origin === this.config.origin ? pathname + search : undefined;
  }

  pollBy(atNs: number): void {
    this.nextPollNs = Math.min(this.nextPollNs, atNs);
  }
}

type WithoutId<T> = T extends { id: number } ? Omit<T, "id"> : never;
type StoreCommandWithoutId = WithoutId<StoreCommand>;

export const newTransfer = (artifact: ArtifactRecord, nowNs: number): FileTransfer => ({
  artifact,
  step: "header",
  exchange: null,
  header: new Uint8Array(0),
  skipBytes: 0,
  receivedBytes: 0,
  stableBytes: 0,
  markedBytes: 0,
  attempts: 0,
  progressBytes: 0,
  restarts: 0,
  retryNs: nowNs,
  paceNs: Infinity,
  paceBytes: 0,
});

/** Whether the file under way is still the one that was begun: its tag has not changed. */
export const isSameFile = ({ artifact }: FileTransfer, headers: AgentHeaders): boolean =>
  headers.etag === undefined || strongTag(headers) === artifact.etag;
