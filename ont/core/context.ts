import {
  encodeMessage,
  RESULT,
  supportsExtended,
  type Message,
  type MessageBody,
  type MessageHeader,
} from "../../omci/index.ts";
import { AnswerCache } from "./cache.ts";
import type { DownloadJob } from "./job.ts";
import type { TrialOutcome } from "./mib.ts";
import { EventQueue, FlashQueue, UpstreamQueue } from "./queues.ts";
import type { BootRecord, OntConfig, Slot, UpdateState } from "./types.ts";

/** Largest OMCI message without its trailer: extended, 10 bytes of header and 1966 of contents. */
const pduBytesMax = 1976;
const baselineContentsEnd = 40;
/** AK in the message type byte. */
const answerBit = 0x20;

/** What an answer waits for in the flash; each ends with the operation of its id. */
export type FlashWait =
  | { kind: "slotSynced" }
  | { kind: "imageRecorded"; record: BootRecord }
  | {
      kind: "committed";
      record: BootRecord;
      request: Extract<Message, { type: "commitImageRequest" }>;
    }
  | {
      kind: "activated";
      record: BootRecord;
      request: Extract<Message, { type: "activateImageRequest" }>;
    };

/** The image stored last in this uptime, by which repeats of its End are told. */
export interface StoredDownload {
  slot: Slot;
  crc32: number;
  imageBytes: number;
  busyEndsLeft: number;
  endsAnswered: number;
}

/** What the parts of one ONT share. Mutated in place; the decisions are in the files that take it. */
export class OntContext {
  readonly config: OntConfig;
  readonly flash = new FlashQueue();
  readonly events = new EventQueue();
  readonly upstream = new UpstreamQueue();
  readonly cache = new AnswerCache();
  readonly waits = new Map<number, FlashWait>();
  record: BootRecord;
  /** The slot that runs; null while nothing does. */
  running: Slot | null = null;
  /** The OMCC is up. */
  ranged = false;
  /** An extended message came in this session, so that the ONT may send extended ones (G.988 11.2). */
  extendedSeen = false;
  state: UpdateState = "idle";
  cause: string | undefined;
  download: DownloadJob | null = null;
  stored: StoredDownload | null = null;
  /** The committed image changed after the last Start, so that booting it is no roll-back. */
  committedSinceStart = false;
  /** An End that waits for the storing job, and when it is answered "device busy" instead. */
  pendingEnd: {
    request: Extract<Message, { type: "endDownloadRequest" }>;
    deadlineNs: number;
  } | null = null;
  /** When a stalled download is dropped: only some profiles have such a timer. */
  downloadDeadlineNs = Number.POSITIVE_INFINITY;
  /** The restart an Activate or Reboot was answered for. */
  restart: { kind: RestartKind; deadlineNs: number } | null = null;
  mibDataSync = 0;
  trialOutcome: TrialOutcome = "none";
  windowsAccepted = 0;
  windowsRepaired = 0;
  sectionsLost = 0;
  bootAttempts = 0;
  #answers = 0;
  readonly #scratch = new Uint8Array(pduBytesMax);

  constructor(config: OntConfig, record: BootRecord) {
    this.config = config;
    this.record = record;
  }

  setState(state: UpdateState, cause?: string): void {
    if (this.state === state && this.cause === cause) return;
    this.state = state;
    this.cause = cause;
    this.events.push(cause === undefined ? { type: "state", state } : { type: "state", state, cause });
  }

  drop(cause: string, count = 1): void {
    this.events.push(count === 1 ? { type: "dropped", cause } : { type: "dropped", cause, count });
  }

  /** @returns the id of the write; the record in force stays `this.record` until the caller changes it */
  writeRecord(record: BootRecord): number {
    return this.flash.push({ kind: "writeBootRecord", record });
  }

  /** Puts a record into force at once, for changes that are safe to lose: a withdrawn image, a counted boot. */
  adoptRecord(record: BootRecord): void {
    if (record === this.record) return;
    this.writeRecord(record);
    this.record = record;
  }

  /** Counts an executed command: one byte that rolls from 255 to 1. */
  countCommand(): void {
    this.mibDataSync = this.mibDataSync === 255 ? 1 : this.mibDataSync + 1;
  }

  /** A command that the state does not allow, as this ONT answers it. */
  illegal(result: number): number {
    return this.config.quirks.illegalResult ?? result;
  }

  /** By the OMCC version that this ONT's ONU2-G reports. */
  get supportsExtended(): boolean {
    return supportsExtended(this.config.omccVersion);
  }

  get isStoring(): boolean {
    return this.download !== null && this.download.storing !== null;
  }

  /** Answers a request, and keeps the answer for its repeats. */
  answer(nowNs: number, request: MessageHeader, body: MessageBody, change?: (bytes: Uint8Array) => void): void {
    const bytes = this.#encode(request, body);
    change?.(bytes);
    const isBusy = "result" in body && body.result === RESULT.deviceBusy;
    this.cache.answered(request.tci, bytes, !isBusy);
    this.transmit(nowNs, bytes);
  }

  /** Answers a message whose contents this project does not go into, by its result alone. */
  answerResult(nowNs: number, request: MessageHeader, messageType: number, result: number): void {
    const bytes = this.#encode(request, { type: "mibResetResponse", result });
    bytes[2] = answerBit | messageType;
    this.cache.answered(request.tci, bytes, true);
    this.transmit(nowNs, bytes);
  }

  /** Answers a section: these are not kept, a repeated window is told by its TCIs. */
  answerSection(nowNs: number, request: MessageHeader, body: MessageBody): void {
    if (this.config.quirks.neverAnswersSections !== true) this.transmit(nowNs, this.#encode(request, body));
  }

  /** Autonomous message: TCI 0, never kept. */
  notify(nowNs: number, message: Message): void {
    const bytes = this.#encode(message, message);
    const { avcPaddingByte: padding, avcLengthSwapped } = this.config.quirks;
    if (avcLengthSwapped === true && message.messageSet === "extended") bytes.subarray(8, 10).reverse();
    if (padding !== undefined && message.messageSet === "baseline" && message.type === "avc") {
      bytes.fill(padding, 10 + message.values.length, baselineContentsEnd);
    }
    this.transmit(nowNs, bytes);
  }

  /** Sends an encoded answer, unless this ONT has fallen silent. */
  transmit(nowNs: number, bytes: Uint8Array): void {
    const { answersMax, answerDelayNs } = this.config.quirks;
    this.#answers += 1;
    if (answersMax !== undefined && this.#answers > answersMax) return;
    if (!this.upstream.push(bytes, nowNs + (answerDelayNs ?? 0))) this.drop("upstream queue full");
  }

  #encode(request: MessageHeader, body: MessageBody): Uint8Array {
    const { tci, messageSet, classId, instanceId } = request;
    const message: Message = { ...body, tci, messageSet, classId, instanceId };
    const end = encodeMessage(message, this.#scratch);
    return shortened(this.#scratch.slice(0, end), message, this.config.quirks.shortExtendedAnswers === true);
  }
}

/** Why the ONT goes down and what it boots: the boot loader's choice, the image that runs, or nothing yet decided. */
export type RestartKind = "activate" | "soft" | "reboot";

/** Extended Start and End answers as G.9701 has them: no count of instances after the window or the result. */
function shortened(bytes: Uint8Array, message: Message, isShort: boolean): Uint8Array {
  if (!isShort || message.messageSet !== "extended") return bytes;
  const contentsBytes =
    message.type === "startDownloadResponse" ? 2 : message.type === "endDownloadResponse" ? 1 : undefined;
  if (contentsBytes === undefined) return bytes;
  bytes[8] = 0;
  bytes[9] = contentsBytes;
  return bytes.slice(0, 10 + contentsBytes);
}
