/** What the parts of one ONT share: its state, its queues, and how it answers. */
import {
  encodeBody,
  RESULT,
  SOFTWARE_IMAGE,
  retypeAnswer,
  supportsExtended,
  type Message,
  type MessageBody,
  type MessageHeader,
  type ImageKind,
  PDU_BYTES_MAX,
  refusalCode,
  refusalName,
  type TrialOutcome,
} from "../../omci/index.ts";
import type { Behaviour } from "./behaviour.ts";
import type { RestartKind } from "./boot.ts";
import { AnswerCache } from "./cache.ts";
import type { ConditionCause, OntConditions } from "./conditions.ts";
import { behaviourOf } from "./deviations.ts";
import type { DownloadJob } from "./job.ts";
import { OntEventQueue, FlashQueue, UpstreamQueue } from "./queues.ts";
import { otherSlot } from "./images.ts";
import type { LocalAnswer, LocalRequest } from "./local-types.ts";
import type { BootRecord, OntConfig, Slot, UpdateState } from "./types.ts";

/** What an answer waits for in the flash; each ends with the operation of its id. */
export type FlashWait =
  | { kind: "slotRead" }
  | { kind: "slotSynced" }
  /** A step of a rebuild (rebuild.ts). */
  | { kind: "rebuilt" }
  | { kind: "configMigrated" }
  /** A write by a road beside OMCI. */
  | { kind: "localWritten"; id: number }
  /** Of the boot loader in diagnostic mode (diagnostic.ts). */
  | { kind: "localRead"; id: number }
  | { kind: "recoveryChecked"; id: number; slot: Slot }
  | { kind: "recoveryActivated"; id: number; record: BootRecord }
  | { kind: "imageRecorded"; record: BootRecord }
  /** Before it is booted. */
  | { kind: "bootChecked" }
  /** Before Activate is answered. */
  | {
      kind: "activateChecked";
      slot: Slot;
      request: Extract<Message, { type: "activateImageRequest" }>;
    }
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
  /** Ends for it that have had their answer. */
  ends: number;
}

/** What the parts of one ONT share. Mutated in place; the decisions are in the files that take it. */
export class OntContext {
  readonly config: OntConfig;
  readonly behaviour: Behaviour;
  readonly flash = new FlashQueue();
  readonly events = new OntEventQueue();
  readonly upstream = new UpstreamQueue();
  readonly cache = new AnswerCache();
  readonly waits = new Map<number, FlashWait>();
  record: BootRecord;
  /** The slot that runs; null while nothing does. */
  running: Slot | null = null;
  /** Why the boot loader stays in diagnostic mode; null: it does not. */
  diagnostic: string | null = null;
  /** The OMCC is up. */
  ranged = false;
  /** An extended message came in this session, so that the ONT may send extended ones (G.988 11.2). */
  extendedSeen = false;
  state: UpdateState = "idle";
  cause: string | undefined;
  download: DownloadJob | null = null;
  stored: StoredDownload | null = null;
  /** Identity of the image that the next Start is for, as the OLT told it, hexadecimal; empty = not told. */
  announced = "";
  /** What the next Start is for. */
  announcedKind: ImageKind = "image";
  /** Why the last Start, window, End, Activate or Commit was refused: a value of `REFUSALS`. */
  refusal = 0;
  conditions: OntConditions | undefined;
  installsRefused = 0;
  /** The cause of the last such event: an OLT that asks again and again makes no more of them. */
  #installRefused = "";
  /** The committed image changed after the last Start, so that booting it is no roll-back. */
  committedSinceStart = false;
  /** An End that waits for the storing job, and when it is answered "device busy" instead. */
  pendingEnd: {
    request: Extract<Message, { type: "endDownloadRequest" }>;
    deadlineNs: number;
  } | null = null;
  /** When a stalled download is dropped: only some profiles have such a timer. */
  downloadDeadlineNs = Infinity;
  /** The restart an Activate or Reboot was answered for. */
  restart: { kind: RestartKind; deadlineNs: number } | null = null;
  readonly localAnswers: LocalAnswer[] = [];
  mibDataSync = 0;
  trialOutcome: TrialOutcome = "none";
  windowsAccepted = 0;
  windowsRepaired = 0;
  sectionsLost = 0;
  bootAttempts = 0;
  #messages = 0;
  readonly #scratch = new Uint8Array(PDU_BYTES_MAX);

  constructor(config: OntConfig, record: BootRecord) {
    this.config = config;
    this.behaviour = behaviourOf(config.quirks);
    this.record = record;
    this.conditions = config.conditions;
  }

  /** Notes why a command is refused, for the OLT that asks. */
  refuse(cause: string): void {
    this.refusal = refusalCode(cause);
  }

  /** The conditions stand against an update, or no longer do (null). */
  noteInstall(when: "start" | "activate", cause: ConditionCause | null): void {
    const told = cause === null ? "" : `${when}/${cause}`;
    if (cause !== null) {
      this.installsRefused += 1;
      this.refuse(cause);
      if (told !== this.#installRefused) this.events.push({ type: "installRefused", when, cause });
    }
    this.#installRefused = told;
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

  /**
   * Looks once more at an image that is about to be trusted with the next boot; what was written well may not be what is there.
   *
   * @returns false when there is nothing to hold it against: the ONT never checked it (deviations.ts)
   */
  checkSlot(slot: Slot, wait: FlashWait): boolean {
    const image = this.record.slots[slot];
    if (image === null || image.sha256 === "") return false;
    this.waits.set(this.flash.push({ kind: "checkSlot", slot, image }), wait);
    return true;
  }

  /** Puts a record into force at once, for changes that are safe to lose: a withdrawn image, a counted boot. */
  adoptRecord(record: BootRecord): void {
    if (record === this.record) return;
    this.writeRecord(record);
    this.record = record;
  }

  /** Counts an executed command: one byte that rolls from 255 to 1. */
  countCommand(request: MessageHeader): void {
    // What the ONT does by itself is no command of the OLT's (G.988 9.1.3).
    if (isLocal(request)) return;
    this.mibDataSync = this.mibDataSync === 255 ? 1 : this.mibDataSync + 1;
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
    if (isLocal(request)) return answerLocal(this, request.localId, "result" in body ? (body.result ?? 0) : 0);
    const bytes = this.#encodeAnswer(request, body);
    if (bytes === undefined) return;
    change?.(bytes);
    const isBusy = "result" in body && body.result === RESULT.deviceBusy;
    this.cache.answered(request.tci, bytes, !isBusy);
    this.transmit(nowNs, bytes);
  }

  /** Answers a message whose contents this project does not go into, by its result alone: no profile knows its type. */
  answerResult(nowNs: number, request: MessageHeader, messageType: number, result: number): void {
    const bytes = this.#encode(request, { type: "mibResetResponse", result });
    retypeAnswer(bytes, messageType);
    this.cache.answered(request.tci, bytes, true);
    this.transmit(nowNs, bytes);
  }

  /** Answers a section: these are not kept, a repeated window is told by its TCIs. */
  answerSection(nowNs: number, request: MessageHeader, body: MessageBody): void {
    const bytes = this.#encodeAnswer(request, body);
    if (bytes !== undefined) this.transmit(nowNs, bytes);
  }

  /** Autonomous message: TCI 0, never kept. */
  notify(nowNs: number, message: Message): void {
    this.transmit(nowNs, this.#encode(message, message));
  }

  /** Sends an encoded answer, unless this ONT has fallen silent. */
  transmit(nowNs: number, bytes: Uint8Array): void {
    const { messagesMax, answerDelayNs } = this.behaviour;
    this.#messages += 1;
    if (this.#messages > messagesMax) return;
    if (!this.upstream.push(bytes, nowNs + answerDelayNs)) this.drop("upstream queue full");
  }

  /** @returns undefined where this ONT has no answer of this type; the request then stays one that is under way */
  #encodeAnswer(request: MessageHeader, body: MessageBody): Uint8Array | undefined {
    // A command to another class is no command to a software image: its refusal is answered.
    const isCommand = request.classId === SOFTWARE_IMAGE || body.type === "downloadSectionResponse";
    return !isCommand || this.behaviour.answers(body.type) ? this.#encode(request, body) : undefined;
  }

  #encode(request: MessageHeader, body: MessageBody): Uint8Array {
    const end = encodeBody(request, body, this.#scratch);
    return this.behaviour.form(this.#scratch.slice(0, end), request.messageSet, body);
  }
}

/** A TCI that no frame has: no window of an OLT follows from it. */
const LOCAL_TCI = 0x1_0000;

/** Of a request by a road beside OMCI (local.ts). */
export const localHeader = (id: number): LocalRequest & { messageSet: "extended" } => ({
  tci: LOCAL_TCI,
  messageSet: "extended",
  classId: SOFTWARE_IMAGE,
  localId: id,
});

/** Whether the answer goes to a road beside OMCI (local.ts). */
export const isLocal = (request: MessageHeader): request is MessageHeader & LocalRequest => "localId" in request;

/** @param cause of a refusal that has none of its own @param bytes that were asked for */
export function answerLocal(context: OntContext, id: number, result: number, cause?: string, bytes?: Uint8Array): void {
  const { record, running, download, state, refusal } = context;
  const ok = result === RESULT.ok;
  const first = download?.held.all[0];
  const own = state === "failed" ? context.cause : refusalName(refusal);
  context.localAnswers.push({
    id,
    ok,
    cause: ok ? "" : (cause ?? (own || "busy")),
    passes: result === RESULT.deviceBusy,
    heldBytes: first?.from === 0 ? first.to : 0,
    image: running === null ? null : record.slots[otherSlot(running)],
    ...(bytes && { bytes }),
  });
}
