/** One ONT as the OLT sees it: where it stands, what it told, the one request and the one wait under way. */
import {
  encodeMessage,
  maskOf,
  PDU_BYTES_MAX,
  SOFTWARE_IMAGE,
  type Message,
  type MessageSet,
  UNICAST_TCI_FIRST,
  UNICAST_TCI_LAST,
} from "../../omci/index.ts";
import type { OltContext } from "./context.ts";
import { type OntImageFacts, NO_FACTS, type OntFacts } from "./facts.ts";
import { AnswerShare } from "./answer-share.ts";
import { POOR_SHARE } from "./policy.ts";
import type { Payload } from "./payload.ts";
import { type InnerPhase, phaseIs, type PhaseProperty, toldCause, toldPhase } from "./phases.ts";
import { Progress } from "./progress.ts";
import { type RequestBody, type RequestHandlers, RequestInFlight } from "./request.ts";

const SCRATCH = new Uint8Array(PDU_BYTES_MAX);
const MASK_IS_VALID = maskOf(SOFTWARE_IMAGE, "isValid");

export type WindowAnswer = Extract<Message, { type: "downloadSectionResponse" }>;

type CausedPhase = "skipped" | "rolledBack" | "failed" | "withdrawing" | "rollingBack";

/** Where an ONT stands, with what belongs to that phase and no other. */
export type OntState =
  /** Answers to sections are taken while it downloads, and never else. */
  | { phase: "downloading"; onWindowAnswer: (message: WindowAnswer, nowNs: number) => void }
  /** One line: why. */
  | { phase: CausedPhase; cause: string }
  /** A cause: why it stays so. */
  | { phase: "stored"; cause?: string }
  | { phase: Exclude<InnerPhase, "downloading" | CausedPhase | "stored"> };

interface RequestHead {
  classId?: number;
  instanceId: number;
  messageSet?: MessageSet;
  /** A TCI given by the caller (group Starts), else the next unicast one. */
  tci?: number;
}

interface Wait {
  untilNs: number;
  onDue: (nowNs: number) => void;
}

const causeOf = (state: OntState): string => ("cause" in state && state.cause) || toldCause(state.phase);

export class Session {
  readonly onuId: number;
  readonly serial: string;
  readonly progress = new Progress();
  /** What it is sent. */
  payload: Payload;
  /** A delta has failed in it: it gets whole images from then on. */
  wholeOnly = false;
  /** Questions of its discovery that it has answered: one that falls silent in the middle is asked the rest. */
  questionsAnswered = 0;
  /** It has told once all of what it is and has: half of it does not show whether it is on trial. */
  isDiscovered = false;
  readonly #context: OltContext;
  readonly #answers = new AnswerShare();
  #state: OntState = { phase: "discovering" };
  #facts = NO_FACTS;
  #online = true;
  #silentSinceNs = -1;
  #messageSet: MessageSet = "baseline";
  #targetInstance = 0;
  #tci = UNICAST_TCI_FIRST;
  #request: RequestInFlight | null = null;
  /** The one before, for answers to its repeats. */
  #answeredRequest: RequestInFlight | null = null;
  /** The last one that was given up. */
  #givenUpRequest: RequestInFlight | null = null;
  #wait: Wait | null = null;
  /** Of the last question that only kept a download going; -1 = none. */
  #keepAliveTci = -1;

  constructor(context: OltContext, onuId: number, serial: string) {
    this.#context = context;
    this.onuId = onuId;
    this.serial = serial;
    this.payload = context.payloads[0];
    // It may take the place of one that waited.
    context.changedSessions.add(onuId);
  }

  get phase(): InnerPhase {
    return this.#state.phase;
  }

  /** Why it stands there, where there is something to say, else empty. */
  get cause(): string {
    return causeOf(this.#state);
  }

  is(property: PhaseProperty): boolean {
    return phaseIs(this.#state.phase, property);
  }

  get facts(): OntFacts {
    return this.#facts;
  }

  /** Share of sections that it loses where that is much: it left a group for that, or answers as seldom; else 0. */
  get poorLinkLoss(): number {
    const { isLossy, lossShare } = this.progress;
    const { poorLoss } = this.#answers;
    return isLossy || poorLoss > 0 ? Math.max(POOR_SHARE, lossShare, poorLoss) : 0;
  }

  /** Its signal is there. */
  get online(): boolean {
    return this.#online;
  }

  /** Message set of what is sent to it. */
  get messageSet(): MessageSet {
    return this.#messageSet;
  }

  /** Instance that takes the image: the one neither active nor committed. */
  get targetInstance(): number {
    return this.#targetInstance;
  }

  /** What it holds, as far as told, where the image goes to. */
  get targetImage(): OntImageFacts {
    return this.#facts.images[this.#targetInstance];
  }

  enter(state: OntState): void {
    const before = this.#state;
    this.#state = state;
    const phase = toldPhase(state.phase);
    const cause = causeOf(state);
    if (toldPhase(before.phase) === phase && causeOf(before) === cause) return;
    this.#context.emit({ type: "phase", onuId: this.onuId, phase, cause });
  }

  learn(news: Partial<OntFacts>): void {
    this.#facts = { ...this.#facts, ...news };
  }

  learnImage(instance: number, news: Partial<OntImageFacts>): void {
    const [first, second] = this.#facts.images;
    this.learn({ images: instance === 0 ? [{ ...first, ...news }, second] : [first, { ...second, ...news }] });
  }

  aimAt(instance: number): void {
    this.#targetInstance = instance;
  }

  speak(messageSet: MessageSet): void {
    this.#messageSet = messageSet;
  }

  /** Ranged, or ranged again: nothing that was under way goes on. */
  linkUp(nowNs: number): void {
    this.#online = true;
    this.questionsAnswered = 0;
    this.#answers.forgive();
    this.reset(nowNs);
  }

  linkDown(): void {
    this.#online = false;
  }

  /** Since when nothing was heard of it, from now on at the latest. */
  silentSinceNs(nowNs: number): number {
    if (this.#silentSinceNs < 0) this.#silentSinceNs = nowNs;
    return this.#silentSinceNs;
  }

  /** @param count consecutive TCIs wanted (a window); they never straddle the wrap. */
  takeTcis(count: number): number {
    if (this.#tci + count - 1 > UNICAST_TCI_LAST) this.#tci = UNICAST_TCI_FIRST;
    const first = this.#tci;
    this.#tci += count;
    return first;
  }

  /** Sends a request; it takes the place of the one under way. */
  request(body: RequestBody, head: RequestHead, handlers: RequestHandlers): void {
    const message = {
      tci: head.tci ?? this.takeTcis(1),
      messageSet: head.messageSet ?? this.#messageSet,
      classId: head.classId ?? SOFTWARE_IMAGE,
      instanceId: head.instanceId,
      ...body,
    } as Message;
    this.#request = new RequestInFlight(this.#context, this.#answers, this.onuId, message, handlers);
    this.#request.send();
  }

  /** A request has left and waits for its answer. */
  get isAsking(): boolean {
    return this.#request !== null && this.#request.deadlineNs !== Infinity;
  }

  /**
   * A question that changes nothing, for an ONT that is in the middle of a download, or has answered its Start and waits for
   * its first window, and waits for no request: Get of *is valid* (G.988 9.1.4). Nobody waits for the answer. Any other request
   * in between would take the place of the last one in what an ONT keeps for repeats (docs/reference.md, 4.4).
   */
  keepAlive(): Uint8Array | undefined {
    if (!this.is("isInDownload") || !this.#online || this.#request !== null) return undefined;
    this.#keepAliveTci = this.takeTcis(1);
    const message = {
      type: "getRequest" as const,
      tci: this.#keepAliveTci,
      messageSet: this.#messageSet,
      classId: SOFTWARE_IMAGE,
      instanceId: this.#targetInstance,
      attributeMask: MASK_IS_VALID,
    };
    return SCRATCH.slice(0, encodeMessage(message, SCRATCH));
  }

  cancelRequest(): void {
    this.#request = null;
    this.#context.changedSessions.add(this.onuId);
  }

  /** Calls back once at a time; a new wait replaces the old one. */
  wait(untilNs: number, onDue: (nowNs: number) => void): void {
    this.#wait = { untilNs, onDue };
    this.#context.changedSessions.add(this.onuId);
  }

  cancelWait(): void {
    this.#wait = null;
    this.#context.changedSessions.add(this.onuId);
  }

  /** Drops all that is under way, as after a lost link. */
  reset(nowNs: number): void {
    this.cancelRequest();
    this.cancelWait();
    this.#messageSet = "baseline";
    this.#context.outbox.drop(this.onuId, nowNs);
  }

  /** @returns false when nobody waits for this answer. */
  handleAnswer(nowNs: number, message: Message): boolean {
    this.#silentSinceNs = -1;
    if (message.type === "downloadSectionResponse") {
      if (this.#state.phase !== "downloading") return false;
      this.#state.onWindowAnswer(message, nowNs);
      return true;
    }
    const request = this.#request;
    if (!request?.isAnsweredBy(message)) {
      if (this.#answeredRequest?.isAnsweredBy(message) === true) this.#answeredRequest.noteAnswerAgain();
      else if (this.#givenUpRequest?.isAnsweredBy(message) === true) this.#givenUpRequest.noteLateAnswer(nowNs);
      return message.type === "getResponse" && message.tci === this.#keepAliveTci;
    }
    request.noteAnswer(nowNs);
    this.#answeredRequest = request;
    this.cancelRequest();
    request.handlers.onAnswer(message, nowNs);
    return true;
  }

  handleTimeout(nowNs: number): void {
    const request = this.#request;
    if (request && request.deadlineNs <= nowNs && request.isGivenUp(nowNs)) {
      this.#givenUpRequest = request;
      this.cancelRequest();
      request.handlers.onSilent(nowNs);
    }
    const wait = this.#wait;
    if (wait && wait.untilNs <= nowNs) {
      this.cancelWait();
      wait.onDue(nowNs);
    }
  }

  nextTimeoutNs(): number {
    const requestNs = this.#request ? this.#request.deadlineNs : Infinity;
    const waitNs = this.#wait ? this.#wait.untilNs : Infinity;
    return Math.min(requestNs, waitNs);
  }
}
