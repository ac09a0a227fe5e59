/** The sending side of YMODEM, one file: octets and time in, octets and events out. No line. */
import { ByteQueue } from "./byte-queue.ts";
import {
  ACK,
  CAN,
  CRC_MODE,
  EOT,
  LONG_BYTES,
  NAK,
  SHORT_BYTES,
  YMODEM_CANCEL,
  ymodemBlock,
  ymodemHeader,
} from "./ymodem-packet.ts";

export type YmodemSenderEvent =
  /** So much of the file is in the other side's hands. */
  { type: "sent"; bytes: number } | { type: "done" } | { type: "failed"; problem: string };

/** A receiver is waited for so long: it asks every few seconds. */
const START_MS = 60_000;
/** Who receives asks again, every ten seconds; a block that is sent again unasked is answered twice, and answers have no numbers. */
const ANSWER_MS = 30_000;
const TRIES_MAX = 12;
/** A receiver that asks within this time has not seen the answer yet; lrzsz asks again when half a second was silent after a block that it could not read. */
const ASKED_MS = 400;
/**
 * Some receivers, lrzsz among them, throw away what has come in by the time they have sent their own octet: they lose blocks that
 * come too fast, and ask again after seconds. To one that has asked again, nothing is sent before so long after it has spoken.
 */
const PAUSE_MS_FIRST = 20;
const PAUSE_MS_MAX = 80;
/** So long it has for the answers to a block 0 that was sent more than once: the first block's they are not. */
const SETTLE_MS = 1_000;
const PRINTABLE_FROM = 0x20;
/** The end of the session, which some receivers leave unanswered. */
const LAST_MS = 3_000;

type SenderState =
  /** The receiver has not asked yet. */
  | "start"
  /** Block 0 is out. */
  | "header"
  /** It was answered; the receiver asks for the data. */
  | "ready"
  /** It asked, and what it still says to an earlier copy of block 0 goes by. */
  | "settle"
  | "data"
  | "end"
  /** The end was answered; the receiver asks for the next file. */
  | "next"
  | "last"
  | "over";

/** @property readAt bytes of the file from an offset; fewer at its end */
export interface YmodemSource {
  name: string;
  sizeBytes: number;
  readAt: (offsetBytes: number, lengthBytes: number) => Uint8Array;
}

export class YmodemSender {
  readonly #source: YmodemSource;
  #state: SenderState = "start";
  #number = 0;
  #offsetBytes = 0;
  #blockBytes = 0;
  #tries = 0;
  #cans = 0;
  #deadlineMs: number;
  #sentMs = 0;
  #pauseMs = 0;
  /** When what the state sends is sent; undefined: it is. */
  #dueMs: number | undefined;
  readonly #out = new ByteQueue();
  readonly #events: YmodemSenderEvent[] = [];

  constructor(nowMs: number, source: YmodemSource) {
    this.#source = source;
    this.#deadlineMs = nowMs + START_MS;
  }

  get isOver(): boolean {
    return this.#state === "over";
  }

  /** @returns how many of the octets were its own: what follows the end of the session is somebody else's */
  push(nowMs: number, bytes: Uint8Array): number {
    let at = 0;
    for (; at < bytes.length && this.#state !== "over"; at++) {
      const octet = bytes[at]!;
      const isEnd = this.#state === "next" || this.#state === "last";
      if (isEnd && octet > PRINTABLE_FROM && octet !== CRC_MODE) {
        // The file is in its hands; some leave without a last word, and this is somebody at the line again.
        this.#over({ type: "done" });
        break;
      }
      this.#cans = octet === CAN ? this.#cans + 1 : 0;
      if (this.#cans >= 2) this.#over({ type: "failed", problem: "the receiver has given up" });
      else this.#octet(nowMs, octet);
    }
    return at;
  }

  #octet(nowMs: number, octet: number): void {
    // What comes now is no answer to what has not been sent.
    if (this.#dueMs !== undefined) return;
    switch (this.#state) {
      case "start":
        if (octet === CRC_MODE) this.#enter(nowMs, "header");
        return;
      case "header":
        if (octet === ACK) this.#wait(nowMs, "ready");
        // It asks again: it has not read the block, or it asked before that came, and then a second one would be answered twice.
        else if (octet === NAK || (octet === CRC_MODE && nowMs - this.#sentMs >= ASKED_MS)) this.#again(nowMs);
        return;
      case "ready":
        if (octet !== CRC_MODE && octet !== NAK) return;
        if (this.#tries === 0) return this.#firstBlock(nowMs);
        this.#state = "settle";
        this.#deadlineMs = nowMs + SETTLE_MS;
        return;
      case "data":
        if (octet === NAK) this.#again(nowMs);
        if (octet !== ACK) return;
        this.#offsetBytes += this.#blockBytes;
        this.#events.push({ type: "sent", bytes: this.#offsetBytes });
        return this.#nextBlock(nowMs);
      case "end":
        if (octet === NAK) this.#again(nowMs);
        else if (octet === ACK) this.#wait(nowMs, "next");
        return;
      case "next":
        if (octet === CRC_MODE) this.#enter(nowMs, "last");
        return;
      case "last":
        if (octet === ACK) this.#over({ type: "done" });
        else if (octet === NAK) this.#again(nowMs);
        return;
      case "settle":
      case "over":
        return;
    }
  }

  #firstBlock(nowMs: number): void {
    this.#number = 0;
    this.#nextBlock(nowMs);
  }

  #nextBlock(nowMs: number): void {
    this.#number += 1;
    this.#enter(nowMs, this.#offsetBytes < this.#source.sizeBytes ? "data" : "end");
  }

  #wait(nowMs: number, state: SenderState): void {
    this.#state = state;
    this.#deadlineMs = nowMs + (state === "next" ? LAST_MS : ANSWER_MS);
  }

  #enter(nowMs: number, state: SenderState): void {
    this.#state = state;
    this.#tries = 0;
    this.#sendInTurn(nowMs);
  }

  #again(nowMs: number): void {
    this.#tries += 1;
    if (this.#tries > TRIES_MAX) return this.abort("the receiver does not read what is sent");
    this.#pauseMs = Math.min(Math.max(PAUSE_MS_FIRST, this.#pauseMs * 2), PAUSE_MS_MAX);
    this.#sendInTurn(nowMs);
  }

  #sendInTurn(nowMs: number): void {
    if (this.#pauseMs === 0) this.#send(nowMs);
    else this.#dueMs = nowMs + this.#pauseMs;
  }

  #send(nowMs: number): void {
    this.#sentMs = nowMs;
    this.#deadlineMs = nowMs + (this.#state === "last" ? LAST_MS : ANSWER_MS);
    const { name, sizeBytes, readAt } = this.#source;
    switch (this.#state) {
      case "header":
        return this.#out.push(ymodemHeader({ name, sizeBytes }));
      case "data": {
        const left = sizeBytes - this.#offsetBytes;
        const content = readAt(this.#offsetBytes, left <= SHORT_BYTES ? left : Math.min(LONG_BYTES, left));
        this.#blockBytes = content.length;
        if (content.length === 0) return this.abort("the file is shorter than it was");
        return this.#out.push(ymodemBlock(this.#number, content));
      }
      case "end":
        return this.#out.push(Uint8Array.of(EOT));
      case "last":
        return this.#out.push(ymodemHeader({ name: "", sizeBytes: undefined }));
      case "start":
      case "ready":
      case "settle":
      case "next":
      case "over":
        return;
    }
  }

  #over(event: YmodemSenderEvent): void {
    this.#state = "over";
    this.#deadlineMs = Infinity;
    this.#dueMs = undefined;
    this.#events.push(event);
  }

  /** Somebody here gives up. */
  abort(problem: string): void {
    if (this.#state === "over") return;
    this.#out.push(YMODEM_CANCEL);
    this.#over({ type: "failed", problem });
  }

  handleTimeout(nowMs: number): void {
    if (nowMs < this.nextTimeoutMs()) return;
    if (this.#dueMs !== undefined) {
      this.#dueMs = undefined;
      return this.#send(nowMs);
    }
    switch (this.#state) {
      case "start":
        return this.#over({ type: "failed", problem: "nobody asks for the file" });
      case "ready":
      case "settle":
        // That it asked may be lost; a block it does not want yet it answers all the same.
        return this.#firstBlock(nowMs);
      case "next":
      case "last":
        // The file is in its hands, and it said so.
        return this.#over({ type: "done" });
      case "header":
      case "data":
      case "end":
        return this.#again(nowMs);
      case "over":
        return;
    }
  }

  nextTimeoutMs(): number {
    return this.#dueMs ?? this.#deadlineMs;
  }

  pollOut(): Uint8Array {
    return this.#out.take(this.#out.length);
  }

  pollEvent(): YmodemSenderEvent | undefined {
    return this.#events.shift();
  }
}
