/** The one request to an ONT that is under way: sent, repeated, answered or given up. */
import { encodeMessage, type Message, type MessageBody, PDU_BYTES_MAX } from "../../omci/index.ts";
import type { AnswerShare } from "./answer-share.ts";
import { repeatWaitNs } from "./busy.ts";
import type { OltContext } from "./context.ts";
import { countsAsSilent } from "./policy.ts";

const SCRATCH = new Uint8Array(PDU_BYTES_MAX);

export type RequestBody = Extract<MessageBody, { type: `${string}Request` }>;

export interface RequestHandlers {
  onAnswer: (message: Message, nowNs: number) => void;
  onSilent: (nowNs: number) => void;
  /** Give up after one send instead of the limits' `sendsMax`; its deadline is doubled this many times. */
  once?: { doublings: number };
  /** The ONT may let it wait: for so long others like it have been sent to it before, 0 = this is the first. */
  waits?: { elapsedNs: number };
}

/** Same TCI and bytes at each send, until it is answered or the ONT counts as silent. */
export class RequestInFlight {
  readonly handlers: RequestHandlers;
  readonly #context: OltContext;
  readonly #answers: AnswerShare;
  readonly #onuId: number;
  readonly #message: Message;
  readonly #pdu: Uint8Array;
  readonly #answerType: string;
  #sends = 0;
  #firstSentNs = 0;
  #sentNs = 0;
  #deadlineNs = Infinity;
  #answeredNs = 0;
  #isLateNoted = false;

  constructor(context: OltContext, answers: AnswerShare, onuId: number, message: Message, handlers: RequestHandlers) {
    this.handlers = handlers;
    this.#context = context;
    this.#answers = answers;
    this.#onuId = onuId;
    this.#message = message;
    this.#pdu = SCRATCH.slice(0, encodeMessage(message, SCRATCH));
    this.#answerType = message.type.replace("Request", "Response");
  }

  /** When it has to be answered; Infinity = it has not left yet: a frame that waits for its turn has not been asked. */
  get deadlineNs(): number {
    return this.#deadlineNs;
  }

  send(): void {
    const { outbox } = this.#context;
    this.#setDeadline(Infinity);
    outbox.control(this.#onuId, this.#pdu, (nowNs) => {
      if (this.#sends === 0) this.#firstSentNs = nowNs;
      this.#sentNs = nowNs;
      const doublings = this.handlers.once?.doublings ?? this.#sends;
      this.#setDeadline(nowNs + this.#waitNs(doublings, nowNs));
      this.#sends++;
      this.#answers.sent();
    });
  }

  /** How long a send is waited for. @param doublings sends before it */
  #waitNs(doublings: number, nowNs: number): number {
    const { requestClock, config } = this.#context;
    const leastNs = this.#context.latePauseNs(nowNs);
    const doubledNs = Math.max(leastNs, requestClock.deadlineNs(this.#answers.unexplained(doublings)));
    const { waits } = this.handlers;
    if (waits === undefined) return doubledNs;
    const deadlineNs = Math.max(leastNs, requestClock.deadlineNs());
    return Math.round(repeatWaitNs(deadlineNs, doubledNs, waits.elapsedNs, config.limits));
  }

  #setDeadline(atNs: number): void {
    this.#deadlineNs = atNs;
    this.#context.changedSessions.add(this.#onuId);
  }

  /**
   * Whether a message answers it. The TCI alone does not tell: an OLT that was started again counts from the same one, and
   * answers to the OLT before it may still come.
   */
  isAnsweredBy({ tci, type, classId, instanceId }: Message): boolean {
    const asked = this.#message;
    return (
      tci === asked.tci && type === this.#answerType && classId === asked.classId && instanceId === asked.instanceId
    );
  }

  /**
   * It was answered. An answer to a repeated request does not tell which send it belongs to (Karn's rule), and one that the ONT may
   * have let wait not how long answers take.
   */
  noteAnswer(nowNs: number): void {
    this.#answers.answered();
    this.#answeredNs = nowNs;
    if (this.#sends === 1 && this.handlers.waits === undefined) this.#context.requestClock.sample(nowNs - this.#sentNs);
  }

  /** A repeat was answered as well: nothing had got lost, the first answer was to the first send and only late. */
  noteAnswerAgain(): void {
    this.#answers.answeredAgain();
    if (this.#sends === 1 || this.#isLateNoted || this.handlers.waits !== undefined) return;
    this.#isLateNoted = true;
    this.#context.requestClock.sample(this.#answeredNs - this.#firstSentNs);
  }

  /** Its answer came after it was given up: nobody waits for it any more, but it tells how long answers take. */
  noteLateAnswer(nowNs: number): void {
    if (this.#sends === 1) this.#context.requestClock.sample(nowNs - this.#sentNs);
  }

  /** The deadline has passed. @returns whether the ONT counts as silent; else it is asked again */
  isGivenUp(nowNs: number): boolean {
    const { config, counters } = this.#context;
    if (config.asksBeforeRepeat === true && !this.handlers.once) {
      // Answers of others that came since then may have shown that the deadline was too short.
      const longerNs = this.#sentNs + this.#waitNs(this.#sends - 1, nowNs);
      if (longerNs > nowNs) {
        this.#setDeadline(longerNs);
        return false;
      }
    }
    const allowanceNs = this.#context.allowanceNs(nowNs);
    const elapsedNs = nowNs - this.#firstSentNs;
    const limits = { ...config.limits, sendsMax: this.#answers.sendsMax(config.limits.sendsMax) };
    if (this.handlers.once || countsAsSilent(this.#sends, elapsedNs, limits, allowanceNs)) return true;
    counters.retries++;
    this.#context.emit({
      type: "retry",
      onuId: this.#onuId,
      message: this.#message.type.replace("Request", ""),
      send: this.#sends + 1,
    });
    this.send();
    return false;
  }
}
