/** The receiving side of YMODEM, one file: octets and time in, octets and events out. No line. */
import {
  ACK,
  CAN,
  CRC_MODE,
  EOT,
  isWholeBlock,
  LONG_BYTES,
  NAK,
  readYmodemHeader,
  SHORT_BYTES,
  SOH,
  STX,
  YMODEM_CANCEL,
  YMODEM_CRC_BYTES,
  YMODEM_HEAD_BYTES,
  type YmodemFile,
} from "./ymodem-packet.ts";

export type YmodemEvent =
  | { type: "file"; file: YmodemFile }
  /** In order, each octet once. */
  | { type: "data"; bytes: Uint8Array }
  /** All octets of the file are in, and the sender knows. */
  | { type: "done"; bytes: number }
  | { type: "failed"; problem: string };

/** It asks so often for the first block. */
const ASK_MS = 1_000;
const ASKS_MAX = 60;
/** Within a block no octet is so late. */
const OCTET_MS = 1_000;
/** Between blocks. */
const BLOCK_MS = 5_000;
const ERRORS_MAX = 12;
/** Behind the last file a sender may just leave. */
const LAST_ASKS_MAX = 3;

type ReceiverState = "header" | "data" | "last" | "over";

export class YmodemReceiver {
  #state: ReceiverState = "header";
  readonly #block = new Uint8Array(YMODEM_HEAD_BYTES + LONG_BYTES + YMODEM_CRC_BYTES);
  #blockBytes = 0;
  #wantedBytes = 0;
  #number = 0;
  #sizeBytes: number | undefined;
  #receivedBytes = 0;
  readonly #bytesMax: number;
  #errors = 0;
  #asks = 0;
  #cans = 0;
  #isEotSeen = false;
  #deadlineMs: number;
  #out: number[] = [];
  readonly #events: YmodemEvent[] = [];

  /** @param bytesMax a file of more is refused */
  constructor(nowMs: number, bytesMax: number) {
    this.#bytesMax = bytesMax;
    this.#deadlineMs = nowMs + ASK_MS;
    this.#out.push(CRC_MODE);
  }

  get isOver(): boolean {
    return this.#state === "over";
  }

  /** @returns how many of the octets were its own: what follows the end of the session is somebody else's */
  push(nowMs: number, bytes: Uint8Array): number {
    let at = 0;
    for (; at < bytes.length && this.#state !== "over"; at++) this.#octet(nowMs, bytes[at]!);
    return at;
  }

  #octet(nowMs: number, octet: number): void {
    if (this.#blockBytes > 0) {
      this.#block[this.#blockBytes++] = octet;
      this.#deadlineMs = nowMs + OCTET_MS;
      if (this.#blockBytes === this.#wantedBytes) this.#whole(nowMs);
      return;
    }
    this.#cans = octet === CAN ? this.#cans + 1 : 0;
    if (octet === SOH || octet === STX) {
      this.#block[0] = octet;
      this.#blockBytes = 1;
      this.#wantedBytes = YMODEM_HEAD_BYTES + (octet === SOH ? SHORT_BYTES : LONG_BYTES) + YMODEM_CRC_BYTES;
      this.#deadlineMs = nowMs + OCTET_MS;
    } else if (octet === EOT) this.#endOfFile(nowMs);
    else if (this.#cans >= 2) this.#fail("the sender has given up");
  }

  #whole(nowMs: number): void {
    const block = this.#block.subarray(0, this.#blockBytes);
    this.#blockBytes = 0;
    if (!isWholeBlock(block)) return this.#repeat(nowMs, "damaged blocks");
    const content = block.subarray(YMODEM_HEAD_BYTES, block.length - YMODEM_CRC_BYTES);
    const number = block[1]!;
    switch (this.#state) {
      case "header":
        return this.#header(nowMs, number, content);
      case "data":
        return this.#data(nowMs, number, content);
      case "last":
        // The block 0 without a name; a file more is none of ours.
        this.#answer(nowMs, ACK);
        if (number === 0 && readYmodemHeader(content).name !== "") this.#cancel();
        return this.#over({ type: "done", bytes: this.#receivedBytes });
      case "over":
        return;
    }
  }

  #header(nowMs: number, number: number, content: Uint8Array): void {
    if (number !== 0) return this.#repeat(nowMs, "blocks before the name of the file");
    const file = readYmodemHeader(content);
    if (file.name === "") {
      this.#answer(nowMs, ACK);
      return this.#fail("the sender has no file");
    }
    if ((file.sizeBytes ?? 0) > this.#bytesMax) {
      this.#cancel();
      return this.#fail(`a file of ${file.sizeBytes} octets; at most ${this.#bytesMax} are taken`);
    }
    this.#sizeBytes = file.sizeBytes;
    this.#state = "data";
    this.#number = 1;
    this.#events.push({ type: "file", file });
    this.#answer(nowMs, ACK, CRC_MODE);
  }

  #data(nowMs: number, number: number, content: Uint8Array): void {
    if (number === ((this.#number - 1) & 0xff)) {
      // Its answer was lost; behind the name the sender waits to be asked, too.
      const isHeader = this.#receivedBytes === 0 && this.#number === 1;
      return isHeader ? this.#answer(nowMs, ACK, CRC_MODE) : this.#answer(nowMs, ACK);
    }
    if (number !== (this.#number & 0xff)) {
      this.#cancel();
      return this.#fail("the sender is in another place of the file");
    }
    const left = (this.#sizeBytes ?? Infinity) - this.#receivedBytes;
    const bytes = content.slice(0, Math.min(content.length, left));
    if (this.#receivedBytes + bytes.length > this.#bytesMax) {
      this.#cancel();
      return this.#fail(`a file of more than ${this.#bytesMax} octets`);
    }
    this.#number += 1;
    this.#receivedBytes += bytes.length;
    this.#errors = 0;
    this.#isEotSeen = false;
    if (bytes.length > 0) this.#events.push({ type: "data", bytes });
    this.#answer(nowMs, ACK);
  }

  #endOfFile(nowMs: number): void {
    if (this.#state === "last") return this.#answer(nowMs, ACK, CRC_MODE);
    if (this.#state !== "data") return;
    // It may be a damaged octet: only the second one counts, and none in the middle of a file.
    const isEarly = this.#sizeBytes !== undefined && this.#receivedBytes < this.#sizeBytes;
    if (!this.#isEotSeen || isEarly) {
      this.#isEotSeen = true;
      return this.#repeat(nowMs, "a file that ends before its size");
    }
    this.#state = "last";
    this.#asks = 0;
    this.#answer(nowMs, ACK, CRC_MODE);
  }

  #repeat(nowMs: number, problem: string): void {
    this.#errors += 1;
    if (this.#errors > ERRORS_MAX) {
      this.#cancel();
      return this.#fail(problem);
    }
    this.#answer(nowMs, this.#state === "header" ? CRC_MODE : NAK);
  }

  #answer(nowMs: number, ...octets: number[]): void {
    this.#out.push(...octets);
    this.#deadlineMs = nowMs + BLOCK_MS;
  }

  #cancel(): void {
    this.#out.push(...YMODEM_CANCEL);
  }

  #fail(problem: string): void {
    this.#over({ type: "failed", problem });
  }

  #over(event: YmodemEvent): void {
    this.#state = "over";
    this.#deadlineMs = Infinity;
    this.#events.push(event);
  }

  /** Somebody here gives up. */
  abort(problem: string): void {
    if (this.#state === "over") return;
    this.#cancel();
    this.#fail(problem);
  }

  handleTimeout(nowMs: number): void {
    if (nowMs < this.#deadlineMs) return;
    this.#blockBytes = 0;
    if (this.#state === "data") return this.#repeat(nowMs, "the sender has fallen silent");
    this.#asks += 1;
    if (this.#state === "last") {
      // The file is whole, and the sender has heard so as far as can be known.
      if (this.#asks > LAST_ASKS_MAX) return this.#over({ type: "done", bytes: this.#receivedBytes });
    } else if (this.#asks > ASKS_MAX) return this.#fail("nobody sends");
    this.#out.push(CRC_MODE);
    this.#deadlineMs = nowMs + ASK_MS;
  }

  nextTimeoutMs(): number {
    return this.#deadlineMs;
  }

  pollOut(): Uint8Array {
    const out = Uint8Array.from(this.#out);
    this.#out = [];
    return out;
  }

  pollEvent(): YmodemEvent | undefined {
    return this.#events.shift();
  }
}
