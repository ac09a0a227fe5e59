/** Finds the request that an answer belongs to; what either says is not looked at. */
import type { Warn } from "./types.ts";

/** An ONT has about a second to answer (G.988 B.2). */
const ANSWER_NS_MAX = 1e9;
/** After this nobody waits for an answer any more; by time where the input has one, by number in any case. */
const FORGET_NS = 30e9;
const OPEN_MAX = 100_000;
const BROADCASTS_MAX = 256;

/** A request or an answer, as far as linking them needs it. */
export interface Exchange {
  frame: number;
  timeNs: number | undefined;
  pon: number;
  /** -1 = to all. */
  onuId: number | undefined;
  tci: number;
  messageType: number;
  classId: number;
}

interface Open {
  exchange: Exchange;
  answers: number;
}

export interface AnsweredRequest {
  /** The request that is answered. */
  frame: number;
  answerNs: number | undefined;
}

/** The class is part of it, as TCIs of parity sections and of the window behind them overlap (extension). */
const keyOf = ({ pon, tci, messageType, classId }: Exchange, onuId: number | undefined): string =>
  `${pon}/${onuId ?? "?"}/${tci}/${messageType}/${classId}`;

/** Links answers to requests by ONU-ID, TCI, message type and class (G.988 11.2.1). */
export class RequestLog {
  readonly #onUnanswered: (request: Exchange) => void;
  /** Both in the order in which they were sent. */
  readonly #open = new Map<string, Open>();
  readonly #broadcasts = new Map<string, Open>();

  constructor(onUnanswered: (request: Exchange) => void) {
    this.#onUnanswered = onUnanswered;
  }

  /** @param warn about a request that stands for an earlier one */
  request(exchange: Exchange, warn: Warn): void {
    this.#forget(exchange.timeNs);
    const log = exchange.onuId === -1 ? this.#broadcasts : this.#open;
    const key = keyOf(exchange, exchange.onuId);
    const before = log.get(key);
    if (before !== undefined) {
      log.delete(key);
      if (before.answers === 0)
        warn({ kind: "repeatedRequest", text: `sent again: frame ${before.exchange.frame} was not answered` });
    }
    log.set(key, { exchange, answers: 0 });
    if (this.#broadcasts.size > BROADCASTS_MAX) this.#drop(this.#broadcasts);
    if (this.#open.size > OPEN_MAX) this.#drop(this.#open);
  }

  /** @returns undefined when no such request was seen */
  answer(exchange: Exchange, warn: Warn): AnsweredRequest | undefined {
    const ownKey = keyOf(exchange, exchange.onuId);
    const own = this.#open.get(ownKey);
    this.#open.delete(ownKey);
    // What all are asked, each answers on its own OMCC.
    const request = own ?? this.#broadcasts.get(keyOf(exchange, -1));
    if (request === undefined) {
      warn({ kind: "strayAnswer", text: "answers no request that was seen, or one that was answered before" });
      return undefined;
    }
    request.answers++;
    const { frame, timeNs } = request.exchange;
    const answerNs = timeNs === undefined || exchange.timeNs === undefined ? undefined : exchange.timeNs - timeNs;
    if (answerNs !== undefined && answerNs > ANSWER_NS_MAX)
      warn({ kind: "lateAnswer", text: `late: ${(answerNs / 1e9).toFixed(1)} s after frame ${frame}` });
    return { frame, answerNs };
  }

  /** The input ends: what is open stays unanswered. */
  end(): void {
    while (this.#open.size > 0) this.#drop(this.#open);
    while (this.#broadcasts.size > 0) this.#drop(this.#broadcasts);
  }

  #forget(nowNs: number | undefined): void {
    for (const { exchange } of this.#open.values()) {
      if (nowNs === undefined || exchange.timeNs === undefined || nowNs - exchange.timeNs < FORGET_NS) return;
      this.#drop(this.#open);
    }
  }

  /** The oldest one goes. */
  #drop(log: Map<string, Open>): void {
    for (const [key, { exchange, answers }] of log) {
      log.delete(key);
      if (answers === 0) this.#onUnanswered(exchange);
      return;
    }
  }
}
