/**
 * One transfer of TFTP, either role, either direction: datagrams and time in, datagrams and events out. No socket: which port a
 * datagram is from, the driver looks at. What only one direction does is in tftp-send.ts and tftp-receive.ts.
 */
import {
  agreedTftp,
  agreeTftp,
  askedTftp,
  decodeTftp,
  encodeTftp,
  TFTP_ERROR,
  type TftpEvent,
  type TftpOptions,
  type TftpPacket,
  type TftpRequest,
  type TftpServing,
  type TftpTerms,
} from "./tftp-packet.ts";
import { TftpInbound } from "./tftp-receive.ts";
import { TftpOutbound, type TftpSource } from "./tftp-send.ts";
import { backOffMs, LINGER_TIMEOUTS, TRIES_MAX } from "./tftp-times.ts";

/** @property request waits for the first answer · last has confirmed, and answers repeats */
type TftpState = "request" | "running" | "received" | "last" | "over";

export class TftpTransfer {
  #state: TftpState;
  #terms: TftpTerms;
  readonly #asked: TftpOptions;
  readonly #bytesMax: number;
  readonly #source: TftpSource | undefined;
  readonly #hasFirstWord: boolean;
  #outbound: TftpOutbound | undefined;
  #inbound: TftpInbound | undefined;
  readonly #out: Uint8Array[] = [];
  readonly #events: TftpEvent[] = [];
  /** What is sent again when nothing comes. */
  #repeat: Uint8Array | undefined;
  #tries = 0;
  #deadlineMs = Infinity;

  private constructor(start: {
    state: TftpState;
    terms: TftpTerms;
    asked: TftpOptions;
    bytesMax: number;
    source: TftpSource | undefined;
  }) {
    this.#state = start.state;
    this.#terms = start.terms;
    this.#asked = start.asked;
    this.#bytesMax = start.bytesMax;
    this.#source = start.source;
    this.#hasFirstWord = start.state === "request";
  }

  /** A client that reads a file. */
  static read(nowMs: number, file: string, wished: TftpTerms, bytesMax: number): TftpTransfer {
    return TftpTransfer.#ask(nowMs, "read", file, { wished, bytesMax, source: undefined });
  }

  /** A client that writes one. */
  static write(nowMs: number, file: string, wished: TftpTerms, source: TftpSource): TftpTransfer {
    return TftpTransfer.#ask(nowMs, "write", file, { wished, bytesMax: Infinity, source });
  }

  static #ask(
    nowMs: number,
    type: "read" | "write",
    file: string,
    { wished, bytesMax, source }: { wished: TftpTerms; bytesMax: number; source: TftpSource | undefined },
  ): TftpTransfer {
    const sizeBytes = source?.sizeBytes;
    const asked = askedTftp({ ...wished, sizeBytes }, type === "read");
    const transfer = new TftpTransfer({ state: "request", terms: { ...wished, sizeBytes }, asked, bytesMax, source });
    transfer.#send(nowMs, { type, file, mode: "octet", options: asked });
    return transfer;
  }

  /**
   * A server that was asked.
   *
   * @param source what is read; undefined for a write
   */
  static serve(nowMs: number, request: TftpRequest, own: TftpServing, source?: TftpSource): TftpTransfer {
    const { terms, answered } = agreeTftp(request, { ...own, sizeBytes: source?.sizeBytes });
    const { bytesMax } = own;
    const transfer = new TftpTransfer({ state: "running", terms, asked: answered, bytesMax, source });
    if (request.type === "write" && (terms.sizeBytes ?? 0) > bytesMax) {
      transfer.refuse(TFTP_ERROR.diskFull, `at most ${bytesMax} octets are taken`);
      return transfer;
    }
    transfer.#agree(nowMs, terms);
    if (answered.size > 0) transfer.#send(nowMs, { type: "optionsAck", options: answered });
    else if (source === undefined) transfer.#send(nowMs, { type: "ack", block: 0 });
    else transfer.#begin(nowMs);
    return transfer;
  }

  get isOver(): boolean {
    return this.#state === "over";
  }

  /** All is done; it stays only as its last answer may have been lost. */
  get isSettled(): boolean {
    return this.#state === "last" || this.#state === "over";
  }

  handlePacket(nowMs: number, bytes: Uint8Array): void {
    if (this.#state === "over") return;
    const packet = decodeTftp(bytes);
    switch (packet?.type) {
      case "error":
        // Behind the confirmation it changes nothing any more.
        if (this.#state === "last") return this.#end({ type: "done" });
        return this.#end({ type: "failed", code: packet.code, text: packet.text });
      case "optionsAck":
        return this.#handleOptions(nowMs, packet.options);
      case "data":
        return this.#handleData(nowMs, packet.block, packet.bytes);
      case "ack":
        return this.#handleAck(nowMs, packet.block);
      case "read":
      case "write":
      // The repeat of the request that began this: its first answer was lost, and is sent again in time.
      case undefined:
        return;
    }
  }

  #handleOptions(nowMs: number, options: TftpOptions): void {
    // A repeat of it: the answer to it was lost.
    if (this.#state !== "request") {
      if (this.#hasFirstWord && this.#inbound?.isFresh) this.#send(nowMs, { type: "ack", block: 0 });
      return;
    }
    const terms = agreedTftp(this.#terms, this.#asked, options);
    if (terms === undefined) return this.refuse(TFTP_ERROR.options, "options that were not asked for");
    if ((terms.sizeBytes ?? 0) > this.#bytesMax && this.#source === undefined)
      return this.refuse(TFTP_ERROR.diskFull, `at most ${this.#bytesMax} octets are taken`);
    this.#state = "running";
    this.#agree(nowMs, terms);
    if (this.#outbound === undefined) this.#send(nowMs, { type: "ack", block: 0 });
    else this.#begin(nowMs);
  }

  /** A server that knows no options answers with data or ack at once: then the terms of RFC 1350 hold. */
  #withoutOptions(nowMs: number): void {
    const { timeoutMs, sizeBytes } = this.#terms;
    this.#state = "running";
    this.#agree(nowMs, { blockBytes: 512, windowBlocks: 1, timeoutMs, sizeBytes });
  }

  #agree(nowMs: number, terms: TftpTerms): void {
    this.#terms = terms;
    if (this.#source === undefined) this.#inbound = new TftpInbound(terms, this.#bytesMax);
    else this.#outbound = new TftpOutbound(terms, this.#source);
    this.#events.push({ type: "agreed", terms });
    this.#rest(nowMs);
  }

  #begin(nowMs: number): void {
    this.#repeat = undefined;
    this.#flushOutbound(nowMs);
  }

  #handleData(nowMs: number, block: number, bytes: Uint8Array): void {
    if (this.#source !== undefined) return;
    if (this.#state === "request") this.#withoutOptions(nowMs);
    const inbound = this.#inbound;
    if (inbound === undefined) return;
    const took = inbound.take(block, bytes);
    switch (took.kind) {
      case "tooLong":
        return this.refuse(TFTP_ERROR.diskFull, `at most ${this.#bytesMax} octets are taken`);
      case "damaged":
        return this.refuse(TFTP_ERROR.illegal, "a block of another size");
      case "old":
        // Of the last one, the answer was lost; the others are under way twice.
        if (this.#state === "last" || took.isLast) this.#resend();
        return;
      case "new":
        if (this.#state !== "running") return;
        if (bytes.length > 0) this.#events.push({ type: "data", bytes: bytes.slice() });
        this.#rest(nowMs);
        if (took.isEnd) {
          // Whoever reads has nobody to wait for; what is written is confirmed once it is stored.
          this.#state = "received";
          this.#repeat = undefined;
          this.#deadlineMs = Infinity;
          this.#events.push({ type: "received", bytes: inbound.receivedBytes });
        } else if (took.asks) this.#send(nowMs, { type: "ack", block: inbound.lastBlock });
        return;
      case "gap":
        if (took.asks) this.#send(nowMs, { type: "ack", block: inbound.lastBlock });
        return;
    }
  }

  /** What came in is as it should be: the other side hears of it. */
  confirm(nowMs: number): void {
    if (this.#state !== "received" || this.#inbound === undefined) return;
    this.#state = "last";
    this.#send(nowMs, { type: "ack", block: this.#inbound.lastBlock });
    this.#deadlineMs = nowMs + LINGER_TIMEOUTS * this.#terms.timeoutMs;
    this.#events.push({ type: "done" });
  }

  refuse(code: number, text: string): void {
    if (this.#state === "over") return;
    this.#out.push(encodeTftp({ type: "error", code, text }));
    this.#end({ type: "failed", code, text });
  }

  #handleAck(nowMs: number, block: number): void {
    if (this.#source === undefined) return;
    if (this.#state === "request") {
      if (block !== 0) return;
      this.#withoutOptions(nowMs);
      return this.#begin(nowMs);
    }
    const outbound = this.#outbound;
    if (this.#state !== "running" || outbound === undefined) return;
    // Of the options that a server answered, and nothing before that counts.
    if (this.#repeat !== undefined) return block === 0 ? this.#begin(nowMs) : undefined;
    const before = outbound.acknowledgedBytes;
    if (!outbound.handleAck(block)) return;
    if (outbound.acknowledgedBytes > before) {
      this.#events.push({ type: "sent", bytes: outbound.acknowledgedBytes });
      this.#rest(nowMs);
    }
    if (outbound.isDone) return this.#end({ type: "done" });
    this.#flushOutbound(nowMs);
  }

  #flushOutbound(nowMs: number): void {
    for (const packet of this.#outbound?.poll() ?? []) this.#out.push(encodeTftp(packet));
    this.#deadlineMs = nowMs + this.#terms.timeoutMs;
  }

  #rest(nowMs: number): void {
    this.#tries = 0;
    this.#deadlineMs = nowMs + this.#terms.timeoutMs;
  }

  #send(nowMs: number, packet: TftpPacket): void {
    this.#repeat = encodeTftp(packet);
    this.#out.push(this.#repeat);
    this.#deadlineMs = nowMs + this.#terms.timeoutMs;
  }

  #resend(): void {
    if (this.#repeat !== undefined) this.#out.push(this.#repeat);
  }

  #end(event: TftpEvent): void {
    const isTold = this.#state === "last";
    this.#state = "over";
    this.#deadlineMs = Infinity;
    if (!isTold) this.#events.push(event);
  }

  handleTimeout(nowMs: number): void {
    if (nowMs < this.#deadlineMs || this.#state === "over") return;
    if (this.#state === "last") return this.#end({ type: "done" });
    this.#tries += 1;
    if (this.#tries > TRIES_MAX) {
      this.#out.push(encodeTftp({ type: "error", code: TFTP_ERROR.undefined, text: "timed out" }));
      return this.#end({ type: "failed", code: -1, text: "the other side has fallen silent" });
    }
    const inbound = this.#inbound;
    if (inbound !== undefined && !inbound.isFresh) {
      // What came behind the last answer is told of, too.
      inbound.restartWindow();
      this.#send(nowMs, { type: "ack", block: inbound.lastBlock });
      return this.#backOff(nowMs);
    }
    if (this.#repeat === undefined) {
      this.#outbound?.rewind();
      this.#flushOutbound(nowMs);
    } else this.#resend();
    this.#backOff(nowMs);
  }

  #backOff(nowMs: number): void {
    this.#deadlineMs = nowMs + backOffMs(this.#terms.timeoutMs, this.#tries);
  }

  nextTimeoutMs(): number {
    return this.#deadlineMs;
  }

  pollPacket(): Uint8Array | undefined {
    return this.#out.shift();
  }

  pollEvent(): TftpEvent | undefined {
    return this.#events.shift();
  }
}
