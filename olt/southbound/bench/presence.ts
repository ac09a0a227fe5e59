/** Whether the ONT at the end of a road is there: asked for its serial number, where other ways range it. Pure. */
import { AK, decodeMessage, MESSAGE_TYPE_BITS, MT, ONU_G, RESULT, unpackAttributes } from "../../../omci/index.ts";
import { isSerial } from "../../../pon/index.ts";

const NS_PER_MS = 1e6;
/** Between questions; those before the last one that are not answered count as silence. */
const ASK_NS = 500 * NS_PER_MS;
/** So many in a row without an answer: it is down. */
const SILENT_ASKS = 2;
/** Restarts that nobody saw: an ONT that has answered on for so long is back already. */
const UNSEEN_NS = 15_000 * NS_PER_MS;
/** Nobody answered at all. */
const ABSENT_NS = 10_000 * NS_PER_MS;
/** TCIs of our own questions, from the end of those with low priority. */
const TCI = 0x7fff;

/** Serial number of an ONT that does not tell its own. */
const NAMELESS = "NONE00000001";
/** An Activate that is not answered for so long may have had its effect all the same. */
const ANSWER_NS = 3000 * NS_PER_MS;

export interface PresenceHandlers {
  /** Sends the question. */
  ask: (tci: number) => void;
  onUp: (serial: string) => void;
  onDown: () => void;
  onAbsent: (cause: string) => void;
}

type State = "unheard" | "up" | "leaving" | "down";

export class Presence {
  readonly #handlers: PresenceHandlers;
  #state: State = "up";
  #sinceNs = 0;
  #dueNs = Infinity;
  #silent = 0;
  #isAsked = false;
  #serial = "";
  /** TCI of an Activate or Reboot that is not answered yet. */
  #restartTci: number | undefined;

  constructor(handlers: PresenceHandlers) {
    this.#handlers = handlers;
  }

  begin(nowNs: number): void {
    this.#enter("unheard", nowNs);
  }

  nextTimeoutNs(): number {
    return this.#dueNs;
  }

  handleTimeout(nowNs: number): void {
    if (nowNs < this.#dueNs) return;
    if (this.#isAsked) this.#silent++;
    if (this.#state === "leaving" && this.#silent >= SILENT_ASKS) this.#goDown(nowNs);
    if (this.#state === "unheard" && nowNs - this.#sinceNs >= ABSENT_NS) {
      this.#dueNs = Infinity;
      return this.#handlers.onAbsent(`no ONT answers within ${ABSENT_NS / NS_PER_MS / 1000} s`);
    }
    this.#isAsked = true;
    this.#dueNs = nowNs + ASK_NS;
    this.#handlers.ask(TCI);
  }

  /** A request of the core's goes out. Even where its answer gets lost the ONT may restart. */
  noteRequest(nowNs: number, pdu: Uint8Array): void {
    const type = pdu[2] & MESSAGE_TYPE_BITS;
    if (type !== MT.activateImage && type !== MT.reboot) return;
    this.#restartTci = tciOf(pdu);
    this.#enter("leaving", nowNs + ANSWER_NS);
  }

  /** @returns whether it was the answer to a question of ours */
  takeAnswer(nowNs: number, pdu: Uint8Array): boolean {
    if (pdu.length < 9 || (pdu[2] & AK) === 0) return false;
    const tci = tciOf(pdu);
    if (tci === this.#restartTci) {
      this.#restartTci = undefined;
      const decoded = decodeMessage(pdu);
      const isRefused = decoded.ok && "result" in decoded.message && decoded.message.result !== RESULT.ok;
      this.#enter(isRefused ? "up" : "leaving", isRefused ? Infinity : nowNs);
      return false;
    }
    if (!this.#isAsked || tci !== TCI) return false;
    this.#isAsked = false;
    this.#silent = 0;
    this.#serial = serialOf(pdu) ?? this.#serial;
    if (this.#state === "leaving") {
      if (nowNs - this.#sinceNs < UNSEEN_NS) return true;
      this.#goDown(nowNs);
    }
    if (this.#state !== "up") {
      this.#state = "up";
      this.#dueNs = Infinity;
      this.#handlers.onUp(this.#serial || NAMELESS);
    }
    return true;
  }

  #goDown(nowNs: number): void {
    this.#enter("down", nowNs);
    this.#handlers.onDown();
  }

  /** @param atNs when it is asked first */
  #enter(state: State, atNs: number): void {
    this.#state = state;
    this.#sinceNs = atNs;
    this.#silent = 0;
    this.#isAsked = false;
    this.#dueNs = atNs;
  }
}

const tciOf = (pdu: Uint8Array): number => (pdu[0] << 8) | pdu[1];

function serialOf(pdu: Uint8Array): string | undefined {
  const decoded = decodeMessage(pdu);
  if (!decoded.ok || decoded.message.type !== "getResponse" || decoded.message.result !== RESULT.ok) return undefined;
  const { attributeMask, values } = decoded.message;
  const { serialNumber } = unpackAttributes(ONU_G, attributeMask, values);
  if (serialNumber === undefined) return undefined;
  // Four letters and four bytes.
  const bytes = Buffer.from(serialNumber);
  const serial = bytes.toString("latin1", 0, 4) + bytes.toString("hex", 4).toUpperCase();
  return isSerial(serial) ? serial : undefined;
}
