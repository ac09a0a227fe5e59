/** Finds the request that an answer belongs to; what either says is not looked at. */
import { MESSAGE_TYPE_BITS } from "../omci/index.ts";
import { betweenNs, type Moment } from "./trace-clock.ts";
import type { OnuName, Warn } from "./types.ts";

/** An ONT has about a second to answer (G.988 B.2). */
const ANSWER_NS_MAX = 1e9;
/** After this nobody waits for an answer any more; by time where the input has one, by number in any case. */
const FORGET_NS = 30e9;
const OPEN_MAX = 100_000;
const BROADCASTS_MAX = 256;
/** Requests that did not ask for an answer, and may have one all the same. */
const UNASKED_MAX = 512;
/** No OLT asks again so soon: two of these are for two ONUs. */
const REPEAT_NS_MIN = 300e6;
/** Of a TCI: an ONU has one request of each priority at a time (G.988 11.2.1). */
const PRIORITY = 0x8000;

/** A request or an answer, as far as linking them needs it. */
export interface Exchange {
  frame: number;
  moment: Moment | undefined;
  pon: number | string;
  /** -1 = to all. */
  onuId: OnuName;
  tci: number;
  messageType: number;
  classId: number;
}

interface Open {
  exchange: Exchange;
  answers: number;
  /** Times that it was sent within a moment, by an input that does not tell to whom. */
  twins: number;
  /** Another one was sent before its answer came. */
  isCrossed: boolean;
  /** Those that were sent before and after it. */
  before: Open | undefined;
  after: Open | undefined;
}

export interface AnsweredRequest {
  /** The request that is answered. */
  frame: number;
  answerNs: number | undefined;
  /** The clock was set forward between the two. */
  isBehindStep: boolean;
}

const TYPES = MESSAGE_TYPE_BITS + 1;
/** Classes as ten bits: those of G.988, then the last ones of vendors. */
const SHORT_CLASSES = 0x400;
const STANDARD_CLASSES = 0x200;
const VENDOR_CLASS_MIN = 0x1_0000 - STANDARD_CLASSES;
const CLASSES = 0x1_0000;
const LONG_KEYS = 0x8000_0000;

/**
 * The class is part of it, as TCIs of parity sections and of the window behind them overlap (extension). Keys of 31 bits cost a third in
 * a map: classes that nobody has get longer ones.
 */
function keyOf({ tci, messageType, classId }: Exchange): number {
  const exchange = tci * TYPES + messageType;
  if (classId < STANDARD_CLASSES) return exchange * SHORT_CLASSES + classId;
  if (classId >= VENDOR_CLASS_MIN) return exchange * SHORT_CLASSES + classId - VENDOR_CLASS_MIN + STANDARD_CLASSES;
  return LONG_KEYS + exchange * CLASSES + classId;
}

/** Requests by who is asked what, in the order in which they were sent. */
class OpenRequests {
  size = 0;
  /** The one that was sent first, and the one that was sent last. */
  oldest: Open | undefined;
  #newest: Open | undefined;
  /** By port, ONU and key. */
  readonly #ports = new Map<number | string, Map<OnuName, Map<number, Open>>>();

  /** Who was asked for last, and his requests: one after the other is the same one's. */
  #pon: number | string = Number.NaN;
  #onuId: OnuName;
  #requests: Map<number, Open> | undefined;

  get(exchange: Exchange, onuId: OnuName): Open | undefined {
    return this.#of(exchange.pon, onuId)?.get(keyOf(exchange));
  }

  #of(pon: number | string, onuId: OnuName): Map<number, Open> | undefined {
    if (pon === this.#pon && onuId === this.#onuId) return this.#requests;
    this.#pon = pon;
    this.#onuId = onuId;
    return (this.#requests = this.#ports.get(pon)?.get(onuId));
  }

  #make(pon: number | string, onuId: OnuName): Map<number, Open> {
    let onus = this.#ports.get(pon);
    if (onus === undefined) this.#ports.set(pon, (onus = new Map()));
    const requests = new Map<number, Open>();
    onus.set(onuId, requests);
    this.#requests = requests;
    return requests;
  }

  add(exchange: Exchange, twins: number): Open {
    const requests = this.#of(exchange.pon, exchange.onuId) ?? this.#make(exchange.pon, exchange.onuId);
    const open: Open = { exchange, answers: 0, twins, isCrossed: false, before: this.#newest, after: undefined };
    requests.set(keyOf(exchange), open);
    if (this.#newest === undefined) this.oldest = open;
    else this.#newest.after = open;
    this.#newest = open;
    this.size++;
    return open;
  }

  delete(open: Open): void {
    const { exchange, before, after } = open;
    this.#of(exchange.pon, exchange.onuId)?.delete(keyOf(exchange));
    if (before === undefined) this.oldest = after;
    else before.after = after;
    if (after === undefined) this.#newest = before;
    else after.before = before;
    this.size--;
  }
}

/** Links answers to requests by ONU-ID, TCI, message type and class (G.988 11.2.1). */
export class RequestLog {
  readonly #onUnanswered: (request: Exchange) => void;
  readonly #open = new OpenRequests();
  readonly #broadcasts = new OpenRequests();
  readonly #unasked = new OpenRequests();
  /** The last one that does not say to whom it went. */
  #unnamed: Open | undefined;
  /** Times that frames which do not say whose they are were more than one ONU is asked at once. */
  hints = 0;

  constructor(onUnanswered: (request: Exchange) => void) {
    this.#onUnanswered = onUnanswered;
  }

  /** A request that wants no answer. */
  unasked(exchange: Exchange): void {
    const before = this.#unasked.get(exchange, exchange.onuId);
    if (before !== undefined) this.#unasked.delete(before);
    this.#unasked.add(exchange, 1);
    if (this.#unasked.size > UNASKED_MAX) this.#unasked.delete(this.#unasked.oldest!);
  }

  /** @param warn about a request that stands for an earlier one */
  request(exchange: Exchange, warn: Warn): void {
    this.#forget(exchange.moment);
    const log = exchange.onuId === -1 ? this.#broadcasts : this.#open;
    const before = log.get(exchange, exchange.onuId);
    let twins = 1;
    if (before !== undefined) {
      log.delete(before);
      const isTwin = exchange.onuId === undefined && this.#isTwin(before.exchange, exchange);
      if (isTwin) twins = before.twins + 1;
      if (before.answers === 0 && !isTwin)
        warn({ kind: "repeatedRequest", text: `sent again: frame ${before.exchange.frame} was not answered` });
    }
    const open = log.add(exchange, twins);
    if (exchange.onuId === undefined) this.#noteUnnamed(open);
    if (this.#broadcasts.size > BROADCASTS_MAX) this.#drop(this.#broadcasts);
    if (this.#open.size > OPEN_MAX) this.#drop(this.#open);
  }

  /** @returns undefined when no such request was seen */
  answer(exchange: Exchange, warn: Warn): AnsweredRequest | undefined {
    const own = this.#open.get(exchange, exchange.onuId);
    if (own !== undefined && own.answers + 1 >= own.twins) this.#open.delete(own);
    // What all are asked, each answers on its own OMCC.
    const request = own ?? this.#broadcasts.get(exchange, -1) ?? this.#takeUnasked(exchange);
    if (request === undefined) {
      warn({ kind: "strayAnswer", text: "answers no request that was seen, or one that was answered before" });
      return undefined;
    }
    request.answers++;
    if (request.twins > 1 && request.answers === 2) this.hints++;
    if (request.isCrossed && request.answers === 1) this.hints++;
    const { frame, moment } = request.exchange;
    const answerNs = betweenNs(moment, exchange.moment);
    if (answerNs !== undefined && answerNs > ANSWER_NS_MAX)
      warn({ kind: "lateAnswer", text: `late: ${(answerNs / 1e9).toFixed(1)} s after frame ${frame}` });
    const isBehindStep =
      moment !== undefined && exchange.moment !== undefined && moment.epoch !== exchange.moment.epoch;
    return { frame, answerNs, isBehindStep: isBehindStep && exchange.moment!.ns > moment!.ns };
  }

  /** The input ends: what is open stays unanswered. */
  end(): void {
    while (this.#open.size > 0) this.#drop(this.#open);
    while (this.#broadcasts.size > 0) this.#drop(this.#broadcasts);
  }

  /** An ONU is asked for the next thing when it has answered: where that is not so, and the answer comes yet, there are two. */
  #noteUnnamed(open: Open): void {
    const before = this.#unnamed;
    this.#unnamed = open;
    if (before === undefined || before.answers > 0 || before.twins > 1) return;
    const [{ tci, pon }, now] = [before.exchange, open.exchange];
    if (pon !== now.pon || ((tci ^ now.tci) & PRIORITY) !== 0 || keyOf(before.exchange) === keyOf(now)) return;
    before.isCrossed ||= this.#isTwin(before.exchange, now);
  }

  #isTwin(before: Exchange, now: Exchange): boolean {
    const apartNs = betweenNs(before.moment, now.moment);
    return (
      before.moment === undefined || now.moment === undefined || (apartNs !== undefined && apartNs < REPEAT_NS_MIN)
    );
  }

  #takeUnasked(exchange: Exchange): Open | undefined {
    const open = this.#unasked.get(exchange, exchange.onuId);
    if (open !== undefined) this.#unasked.delete(open);
    return open;
  }

  #forget(now: Moment | undefined): void {
    for (let oldest = this.#open.oldest; oldest !== undefined; oldest = this.#open.oldest) {
      const ageNs = betweenNs(oldest.exchange.moment, now);
      if (ageNs === undefined || ageNs < FORGET_NS) return;
      this.#drop(this.#open);
    }
  }

  /** The oldest one goes. */
  #drop(log: OpenRequests): void {
    const { oldest } = log;
    if (oldest === undefined) return;
    log.delete(oldest);
    if (oldest.answers === 0) this.#onUnanswered(oldest.exchange);
  }
}
