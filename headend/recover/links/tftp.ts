/** TFTP to a device: each command is a file that is written, its answer one that is read. */
import { createSocket } from "node:dgram";
import { DeadlineTimer, startClock } from "../../../base/clock/index.ts";
import { systemWords } from "../../../base/errors/index.ts";
import { ByteQueue, octetsOf, textOf, TFTP_DEFAULTS, TftpTransfer } from "../../../base/recovery/index.ts";
import type { RecoverReply } from "../core/types.ts";
import { answered, lost, type RecoverLink, untilReached } from "./link.ts";

const NS_PER_MS = 1e6;
/** What goes into one datagram on any road, as many of them as a receive buffer surely holds, and soon again where one is lost. */
const WISHED = { ...TFTP_DEFAULTS, blockBytes: 1_428, windowBlocks: 16, timeoutMs: 250 };
const ANSWER_BYTES_MAX = 64 * 1024;
const FETCH = "fetch:";

export class TftpLink implements RecoverLink {
  readonly #host: string;
  readonly #port: number;
  readonly #nowNs = startClock(process.hrtime.bigint());
  #end: ((cause: string) => void) | undefined;

  constructor(host: string, port: number) {
    this.#host = host;
    this.#port = port;
  }

  get #nowMs(): number {
    return this.#nowNs() / NS_PER_MS;
  }

  /** One transfer, on a port of its own. */
  #transfer(
    make: (nowMs: number) => TftpTransfer,
  ): Promise<{ ok: boolean; code: number; text: string; bytes: Uint8Array }> {
    return new Promise((done) => {
      const socket = createSocket(this.#host.includes(":") ? "udp6" : "udp4");
      const received = new ByteQueue();
      const transfer = make(this.#nowMs);
      let from: { address: string; port: number } | undefined;
      let isOver = false;
      const end = (ok: boolean, code: number, text: string): void => {
        if (isOver) return;
        isOver = true;
        timer.stop();
        this.#end = undefined;
        // What was said last goes out first.
        setImmediate(() => socket.close());
        done({ ok, code, text, bytes: received.take(Infinity) });
      };
      const flush = (): void => {
        for (let event = transfer.pollEvent(); event !== undefined; event = transfer.pollEvent()) {
          if (event.type === "data") received.push(event.bytes);
          else if (event.type === "received") transfer.confirm(this.#nowMs);
          else if (event.type === "failed") end(false, event.code, event.text);
          else if (event.type === "done") end(true, 0, "");
        }
        for (let out = transfer.pollPacket(); out !== undefined; out = transfer.pollPacket())
          socket.send(out, from?.port ?? this.#port, from?.address ?? this.#host, (error) => {
            if (error) end(false, -1, systemWords(error));
          });
        timer.wakeBy(transfer.nextTimeoutMs() * NS_PER_MS);
      };
      const timer = new DeadlineTimer(this.#nowNs, () => {
        transfer.handleTimeout(this.#nowMs);
        flush();
      });
      this.#end = (cause) => end(false, -1, cause);
      socket.on("error", (error) => end(false, -1, systemWords(error)));
      socket.on("message", (bytes, { address, port }) => {
        // The other side's own port, from its first answer on (RFC 1350, 4).
        from ??= { address, port };
        if (from.port !== port || from.address !== address) return;
        transfer.handlePacket(this.#nowMs, bytes);
        flush();
      });
      flush();
    });
  }

  #write(file: string, bytes: Uint8Array) {
    const readAt = (offset: number, length: number): Uint8Array => bytes.subarray(offset, offset + length);
    const source = { sizeBytes: bytes.length, readAt };
    return this.#transfer((nowMs) => TftpTransfer.write(nowMs, file, WISHED, source));
  }

  #read(file: string, bytesMax: number) {
    return this.#transfer((nowMs) => TftpTransfer.read(nowMs, file, WISHED, bytesMax));
  }

  /** TFTP knows no connection: whoever answers anything is there. */
  connect(seconds: number): Promise<RecoverReply> {
    return untilReached(seconds, async () => {
      const { code, text } = await this.#read("device.txt", ANSWER_BYTES_MAX);
      return code === -1 ? lost(text) : answered(true, "");
    });
  }

  async command(text: string): Promise<RecoverReply> {
    const written = await this.#write("command", octetsOf(text));
    if (!written.ok) return written.code === -1 ? lost(written.text) : answered(false, written.text);
    if (!text.startsWith("getvar:") && !text.startsWith("oem begin")) return answered(true, "");
    const answer = await this.#read("answer.txt", ANSWER_BYTES_MAX);
    if (!answer.ok) return answer.code === -1 ? lost(answer.text) : answered(false, answer.text);
    return answered(true, textOf(answer.bytes.subarray(0, 1_024)).trimEnd().split("\n").at(-1) ?? "");
  }

  async load(bytes: Uint8Array): Promise<RecoverReply> {
    return this.put("stage", bytes);
  }

  read(text: string, bytesMax: number): Promise<RecoverReply> {
    return this.get(text.startsWith(FETCH) ? text.slice(FETCH.length) : text, bytesMax);
  }

  async put(file: string, bytes: Uint8Array): Promise<RecoverReply> {
    const { ok, code, text } = await this.#write(file, bytes);
    return code === -1 ? lost(text) : answered(ok, text);
  }

  async get(file: string, bytesMax: number): Promise<RecoverReply> {
    const { ok, code, text, bytes } = await this.#read(file, bytesMax);
    return code === -1 ? lost(text) : answered(ok, text, bytes);
  }

  close(): void {
    this.#end?.("it was ended");
  }
}
