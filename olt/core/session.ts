import { encodeMessage, SOFTWARE_IMAGE, type Message, type MessageBody, type MessageSet } from "../../omci/index.ts";
import type { OltContext } from "./context.ts";
import { countsAsSilent } from "./policy.ts";
import type { OntPhase } from "./types.ts";

/** TCIs of everything that is not the group stream; the group's own are below (see omci/windows.ts). */
export const UNICAST_TCI_FIRST = 0x6000;
const UNICAST_TCI_LAST = 0x7fff;
/** Largest PDU: extended, 1966 contents bytes. */
const PDU_BYTES_MAX = 1976;

export interface ImageFacts {
  version: string;
  committed: boolean;
  active: boolean;
  valid: boolean;
}

/** What an ONT told of itself. */
export interface OntFacts {
  extended: boolean;
  /** Empty: not told. */
  productCode: string;
  /** Answers Gets on the recovery ME (class 65280). */
  recoveryAware: boolean;
  /** Takes parity sections, as far as known. */
  parityAware: boolean;
  images: [ImageFacts, ImageFacts];
}

type RequestBody = Extract<MessageBody, { type: `${string}Request` }>;

interface Target {
  classId?: number;
  instanceId: number;
  messageSet?: MessageSet;
  /** A TCI given by the caller (group Starts), else the next unicast one. */
  tci?: number;
}

interface Handlers {
  onAnswer: (message: Message, nowNs: number) => void;
  onSilent: (nowNs: number) => void;
  /** Give up after one send instead of the limits' `sendsMax`; its deadline is doubled this many times. */
  once?: { doublings: number };
}

interface PendingRequest extends Handlers {
  pdu: Uint8Array;
  tci: number;
  classId: number;
  instanceId: number;
  answerType: string;
  name: string;
  sends: number;
  firstSentNs: number;
  sentNs: number;
  deadlineNs: number;
}

const scratch = new Uint8Array(PDU_BYTES_MAX);
const unknownImage = (): ImageFacts => ({
  version: "",
  committed: false,
  active: false,
  valid: false,
});

/**
 * Whether a message answers a request. The TCI alone does not tell: an OLT that was started anew counts from the same
 * one, and answers to the OLT before it may still come.
 */
const answers = (message: Message, request: PendingRequest): boolean =>
  message.tci === request.tci &&
  message.type === request.answerType &&
  message.classId === request.classId &&
  message.instanceId === request.instanceId;

/** One ONT as the OLT sees it: its phase, the one request under way, the one wait under way. */
export class Session {
  readonly onuId: number;
  serial: string;
  phase: OntPhase = "discovering";
  cause = "";
  online = true;
  messageSet: MessageSet = "baseline";
  facts: OntFacts = {
    extended: false,
    productCode: "",
    recoveryAware: false,
    parityAware: false,
    images: [unknownImage(), unknownImage()],
  };
  /** Instance that takes the image: the one neither active nor committed. */
  targetInstance = 0;
  /** Activate was sent and the ONT has not come back yet. */
  activated = false;
  bytesDone = 0;
  /** Sections that a window of this ONT may have, as far as larger ones did not get through. */
  windowLimit = Infinity;
  /** The most of the image that any download to this ONT has come to. */
  furthestBytes = 0;
  windowsRepaired = 0;
  sectionsLost = 0;
  /** TCI of the last section of the last window this ONT is known to have accepted; 0 = none since Start. */
  acceptedTci = 0;
  leftGroup = false;
  /** Since when nothing was heard of it; -1 = it answers. */
  silentSinceNs = -1;
  /** Came, or came back, after the download had begun. */
  late = false;
  restarts = 0;
  startedNs = -1;
  endedNs = -1;
  /** Takes the answers to Download sections while a download is under way. */
  onWindowAnswer: ((message: Extract<Message, { type: "downloadSectionResponse" }>, nowNs: number) => void) | null =
    null;
  readonly #context: OltContext;
  #tci = UNICAST_TCI_FIRST;
  #request: PendingRequest | null = null;
  #waitUntilNs = Infinity;
  #waitThen: ((nowNs: number) => void) | null = null;

  constructor(context: OltContext, onuId: number, serial: string) {
    this.#context = context;
    this.onuId = onuId;
    this.serial = serial;
  }

  get activeInstance(): number {
    return this.facts.images.findIndex((image) => image.active);
  }

  get committedInstance(): number {
    return this.facts.images.findIndex((image) => image.committed);
  }

  setPhase(phase: OntPhase, cause = ""): void {
    if (this.phase === phase && this.cause === cause) return;
    this.phase = phase;
    this.cause = cause;
    this.#context.emit({ type: "phase", onuId: this.onuId, phase, cause });
  }

  /** @param count consecutive TCIs wanted (a window); they never straddle the wrap. */
  takeTcis(count: number): number {
    if (this.#tci + count - 1 > UNICAST_TCI_LAST) this.#tci = UNICAST_TCI_FIRST;
    const first = this.#tci;
    this.#tci += count;
    return first;
  }

  /** Sends a request and repeats it, same TCI and bytes, until it is answered or the ONT counts as silent. */
  request(nowNs: number, body: RequestBody, target: Target, handlers: Handlers): void {
    const tci = target.tci ?? this.takeTcis(1);
    const message = {
      tci,
      messageSet: target.messageSet ?? this.messageSet,
      classId: target.classId ?? SOFTWARE_IMAGE,
      instanceId: target.instanceId,
      ...body,
    } as Message;
    const pdu = scratch.slice(0, encodeMessage(message, scratch));
    this.#request = {
      ...handlers,
      pdu,
      tci,
      classId: message.classId,
      instanceId: message.instanceId,
      answerType: body.type.replace("Request", "Response"),
      name: body.type.replace("Request", ""),
      sends: 0,
      firstSentNs: nowNs,
      sentNs: nowNs,
      // The clock starts when the frame leaves; a frame that waits for its turn has not been asked yet.
      deadlineNs: Infinity,
    };
    this.#send(this.#request);
  }

  cancelRequest(): void {
    this.#request = null;
  }

  /** Calls back once at a time; a new wait replaces the old one. */
  wait(untilNs: number, then: (nowNs: number) => void): void {
    this.#waitUntilNs = untilNs;
    this.#waitThen = then;
  }

  cancelWait(): void {
    this.#waitUntilNs = Infinity;
    this.#waitThen = null;
  }

  /** Drops all that is under way, as after a lost link. */
  reset(nowNs: number): void {
    this.cancelRequest();
    this.cancelWait();
    this.onWindowAnswer = null;
    this.messageSet = "baseline";
    this.#context.outbox.drop(this.onuId, nowNs);
  }

  /** @returns false when nobody waits for this answer. */
  handleAnswer(nowNs: number, message: Message): boolean {
    this.silentSinceNs = -1;
    if (message.type === "downloadSectionResponse") {
      if (!this.onWindowAnswer) return false;
      this.onWindowAnswer(message, nowNs);
      return true;
    }
    const request = this.#request;
    if (!request || !answers(message, request)) return false;
    // An answer to a repeated request does not tell which send it belongs to (Karn's rule).
    if (request.sends === 1) this.#context.requestClock.sample(nowNs - request.sentNs);
    this.#request = null;
    request.onAnswer(message, nowNs);
    return true;
  }

  handleTimeout(nowNs: number): void {
    const request = this.#request;
    if (request && request.deadlineNs <= nowNs) this.#handleSilence(nowNs, request);
    if (this.#waitUntilNs <= nowNs) {
      const then = this.#waitThen;
      this.cancelWait();
      then?.(nowNs);
    }
  }

  nextTimeoutNs(): number {
    const deadlineNs = this.#request ? this.#request.deadlineNs : Infinity;
    return deadlineNs < this.#waitUntilNs ? deadlineNs : this.#waitUntilNs;
  }

  #send(request: PendingRequest): void {
    request.deadlineNs = Infinity;
    this.#context.outbox.control(this.onuId, request.pdu, (nowNs) => {
      if (request.sends === 0) request.firstSentNs = nowNs;
      request.sentNs = nowNs;
      request.deadlineNs = nowNs + this.#context.requestClock.deadlineNs(request.once?.doublings ?? request.sends);
      request.sends++;
    });
  }

  #handleSilence(nowNs: number, request: PendingRequest): void {
    const { limits } = this.#context.config;
    // Early repeats are cheap; silence is only believed after the standard's deadline has passed twice.
    const silent = request.once || countsAsSilent(request.sends, nowNs - request.firstSentNs, limits);
    if (silent) {
      this.#request = null;
      request.onSilent(nowNs);
      return;
    }
    this.#context.counters.retries++;
    this.#context.emit({
      type: "retry",
      onuId: this.onuId,
      message: request.name,
      send: request.sends + 1,
    });
    this.#send(request);
  }
}
