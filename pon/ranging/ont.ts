/** The ONT's half of ranging, pure: the driver sends what it is handed and calls it at its deadline. */
import { ALIVE_NS, type RangingKind, type RangingMessage, rangingMessage, type RangingSend } from "./message.ts";

const MS = 1e6;
/** An ONT asks again after this, twice as long each time up to the most. */
const REQUEST_FIRST_NS = 50 * MS;
const REQUEST_MOST_NS = 1000 * MS;

export class OntRanging {
  readonly serial: string;
  onuId = -1;
  #nonce = 0;
  #oltNonce = 0;
  #state: "down" | "asking" | "up" = "down";
  #pauseNs = REQUEST_FIRST_NS;
  #deadlineNs = Infinity;
  readonly #send: RangingSend;
  readonly #onRanged: (assigned: RangingMessage, nowNs: number) => void;

  constructor(serial: string, send: RangingSend, onRanged: (assigned: RangingMessage, nowNs: number) => void) {
    this.serial = serial;
    this.#send = send;
    this.#onRanged = onRanged;
  }

  /** The number that it asked with last; what it sends upstream is of this ranging. */
  get nonce(): number {
    return this.#nonce;
  }

  /** The ONT has booted. @param nonce drawn anew: no other life of this ONT has it, or one of the next. */
  begin(nowNs: number, nonce: number): void {
    this.#nonce = nonce;
    this.#ask(nowNs);
  }

  /** Restart or power-off: the signal goes. */
  end(): void {
    if (this.#state !== "down") this.#tell("signalLost");
    this.#state = "down";
    this.onuId = -1;
    this.#deadlineNs = Infinity;
  }

  nextTimeoutNs(): number {
    return this.#deadlineNs;
  }

  handleTimeout(nowNs: number): void {
    if (nowNs < this.#deadlineNs) return;
    if (this.#state === "up") {
      this.#tell("alive");
      this.#deadlineNs = nowNs + ALIVE_NS;
    } else {
      this.#tell("request");
      this.#pauseNs = Math.min(REQUEST_MOST_NS, 2 * this.#pauseNs);
      this.#deadlineNs = nowNs + this.#pauseNs;
    }
  }

  handle(nowNs: number, message: RangingMessage): void {
    if (message.serial !== this.serial || message.ontNonce !== this.#nonce) return;
    if (this.#state === "asking") {
      if (message.kind === "assign") this.#take(nowNs, message);
      return;
    }
    if (this.#state === "down") return;
    // An OLT that does not know this ONT is a new one: the ranging it had is void.
    if (message.kind === "unknown") return this.#ask(nowNs);
    // Assigned again: the OLT has not heard that it came.
    const isOurs = message.kind === "assign" && message.oltNonce === this.#oltNonce;
    if (isOurs || message.kind === "probe") this.#tell("alive");
  }

  #take(nowNs: number, message: RangingMessage): void {
    this.#state = "up";
    this.#oltNonce = message.oltNonce;
    this.onuId = message.onuId;
    this.#deadlineNs = nowNs + ALIVE_NS;
    this.#onRanged(message, nowNs);
    this.#tell("alive");
  }

  /** With a number of its own each time: an old answer is none to this question. */
  #ask(nowNs: number): void {
    this.#nonce = (this.#nonce + 1) >>> 0;
    this.#state = "asking";
    this.onuId = -1;
    this.#pauseNs = REQUEST_FIRST_NS;
    this.#tell("request");
    this.#deadlineNs = nowNs + this.#pauseNs;
  }

  #tell(kind: RangingKind): void {
    this.#send(
      rangingMessage({
        kind,
        serial: this.serial,
        onuId: Math.max(0, this.onuId),
        ontNonce: this.#nonce,
        oltNonce: this.#oltNonce,
      }),
    );
  }
}
