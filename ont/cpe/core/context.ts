/** What the parts of one CPE share: its record, its session, its transfers, and what it has to say. */
import type { CwmpEvent, CwmpEventCode, CwmpMessage, CwmpVersion } from "../../../cwmp/index.ts";
import { type FileRecord, RoadContext, type RoadExchange, type TransferRules } from "../../road/core/index.ts";
import type { DeviceState } from "../../store/types.ts";
import type { CpeConfig, CpeEvent, CpeRecord, CpeRequest, TransferRecord } from "./types.ts";

/** What the CPE asks of the ACS. @property number of the transfer that it is about; 0: of none */
export interface OwnRequest {
  message: CwmpMessage;
  number: number;
}

/** One exchange with the ACS; of its answer everything is kept, as far as it may go. */
export interface SessionExchange extends RoadExchange {
  body: Uint8Array[];
  bodyBytes: number;
}

export interface CpeSession {
  /** `answering`: it has a request of the ACS, and no answer yet. `ending`: for a restart that cannot wait. */
  step: "inform" | "own" | "open" | "answering";
  url: string;
  redirects: number;
  cookies: Map<string, string>;
  exchange: SessionExchange | null;
  /** What was posted last; empty: nothing. It is posted once more where a redirect points, and when the ACS wants it again. */
  posted: string;
  postedId: string;
  version: CwmpVersion;
  /** The ACS wants none of its requests for now. */
  isHeld: boolean;
  own: OwnRequest[];
  retryRequests: number;
  requests: number;
  /** Of its Inform. */
  events: readonly CwmpEvent[];
  /** Values that the ACS knows when it is over. */
  told: Readonly<Record<string, string>>;
  /** What the ACS asked, and in which words. */
  asked: { id: string; version: CwmpVersion } | null;
  /** Waits until what it says is kept. */
  answer: CwmpMessage | null;
}

/** A configuration on its way; it goes to no slot. */
export interface ConfigurationFetch {
  number: number;
  exchange: RoadExchange | null;
  body: Uint8Array[];
  bodyBytes: number;
  attempts: number;
  retryNs: number;
}

export type CpePersistWait = "apply" | "answer";

interface CpeRoad {
  config: CpeConfig;
  request: CpeRequest;
  record: CpeRecord;
  file: FileRecord;
  persistWait: CpePersistWait;
  action: never;
  event: Extract<CpeEvent, { type: "session" }>;
}

const EMPTY: CpeRecord = {
  knownAcsUrl: "",
  parameters: {},
  parameterKey: "",
  attributes: {},
  toldValues: {},
  events: [],
  transfers: [],
  informs: [],
  lastNumber: 0,
  knownVersion: "",
  knownSha256: "",
  bootSha256: "",
  trialSha256: "",
};

const NS_PER_MS = 1e6;
const MS_PER_SECOND = 1000;

/** Mutated in place; the decisions are in the files that take it. */
export class CpeContext extends RoadContext<CpeRoad> {
  readonly rules: TransferRules<FileRecord>;
  readonly powerOnNs: number;
  session: CpeSession | null = null;
  /** Events that are of this life. */
  lifeEvents: CwmpEvent[] = [];
  /** No session before that. */
  sessionNs: number;
  retryCount = 0;
  /** Sessions that came to their end. */
  sessions = 0;
  periodicNs = Infinity;
  /** For which it was worked out. */
  periodicSeconds = Infinity;
  connectionRequestsNs: number[] = [];
  lastEnvelope = 0;

  /** Number of the transfer under way; 0: none is. */
  activeNumber = 0;
  /** When each transfer, and each inform that is scheduled, was received, by our own clock. */
  readonly receivedNs = new Map<number, number>();
  hasWallClock = false;
  /** Where the file under way has moved to. */
  movedUrl = "";
  redirects = 0;
  configuration: ConfigurationFetch | null = null;
  /** A transfer that is to be answered when it is done. */
  heldAnswer: { number: number; deadlineNs: number } | null = null;
  /** Transfers that their user has confirmed, and refused. */
  readonly confirmed = new Set<number>();
  readonly refused = new Set<number>();
  isIdle = true;
  wantsDownload = false;
  /** Not before that is it tried again: an installation, a confirmation, a restart. */
  installNs = 0;
  /** A restart that the ACS asked for, once the session is over. */
  isRestartDue = false;

  constructor(
    config: CpeConfig,
    record: CpeRecord | null,
    device: DeviceState,
    nowNs: number,
    rulesOf: (context: CpeContext) => TransferRules<FileRecord>,
  ) {
    super(config, { ...EMPTY, ...record }, device, nowNs);
    this.rules = rulesOf(this);
    this.powerOnNs = nowNs;
    this.sessionNs = nowNs;
    for (const { number } of [...this.record.transfers, ...this.record.informs]) this.receivedNs.set(number, nowNs);
  }

  wallMs(nowNs: number): number | "unknown" {
    const seconds = this.wallSeconds(nowNs);
    return seconds === undefined ? "unknown" : Math.round(seconds * MS_PER_SECOND);
  }

  /** What the power took from the clock comes back with the wall clock, once in a life: later steps of that move nothing. */
  anchor(nowNs: number): void {
    const wallMs = this.wallMs(nowNs);
    if (this.hasWallClock || wallMs === "unknown") return;
    this.hasWallClock = true;
    for (const { number, receivedMs } of [...this.record.transfers, ...this.record.informs]) {
      if (receivedMs === "unknown") continue;
      const sinceNs = Math.max(0, wallMs - receivedMs) * NS_PER_MS;
      this.receivedNs.set(number, Math.min(this.receivedNs.get(number) ?? nowNs, nowNs - sinceNs));
    }
  }

  get active(): TransferRecord | undefined {
    return this.activeNumber === 0 ? undefined : this.transferOf(this.activeNumber);
  }

  transferOf(number: number): TransferRecord | undefined {
    return this.record.transfers.find((each) => each.number === number);
  }

  /** @param events beside what becomes of the transfer, which is kept at the same time */
  changeTransfer(
    number: number,
    change: Partial<TransferRecord>,
    wait: CpePersistWait | "none" = "none",
    events: readonly CwmpEvent[] = [],
  ): void {
    const transfers = this.record.transfers.map((each) => (each.number === number ? { ...each, ...change } : each));
    this.persist({ transfers, events: withEvents(this.record.events, events) }, wait);
  }

  /** Of this life only: a boot makes it anew, or nobody misses it. */
  addEvent(eventCode: CwmpEventCode, commandKey = ""): void {
    this.lifeEvents = withEvents(this.lifeEvents, [{ eventCode, commandKey }]);
  }
}

/** What happened once more is told once. */
export function withEvents(before: readonly CwmpEvent[], added: readonly CwmpEvent[]): CwmpEvent[] {
  const events = [...before];
  for (const event of added)
    if (!events.some((each) => each.eventCode === event.eventCode && each.commandKey === event.commandKey))
      events.push(event);
  return events;
}
