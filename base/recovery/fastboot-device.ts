/** The device's side of fastboot over TCP, of one connection: commands come in, answers and data go out. No socket. */
import { ByteQueue } from "./byte-queue.ts";
import {
  FASTBOOT_ANSWER_BYTES_MAX,
  FASTBOOT_COMMAND_BYTES_MAX,
  FASTBOOT_HELLO,
  fastbootFrame,
  fastbootHead,
  fastbootLength,
  FastbootReader,
  octetsOf,
  textOf,
} from "./fastboot-frames.ts";

export type FastbootAnswer = "OKAY" | "FAIL" | "INFO";

export type FastbootDeviceEvent =
  | { type: "command"; text: string }
  /** Of the data that was asked for with `receive`. Valid during the call only. */
  | { type: "data"; bytes: Uint8Array; isLast: boolean }
  /** The other side does not keep to the protocol: the connection ends. */
  | { type: "bad"; problem: string };

/**
 * One command at a time: whoever sends another one before the last was answered is no fastboot. What goes out waits in
 * `pollOut`; the driver takes it after each call.
 */
export class FastbootDevice {
  readonly #reader = new FastbootReader();
  readonly #out = new ByteQueue();
  readonly #tell: (event: FastbootDeviceEvent) => void;
  /** Of the frame that comes in: what it is. */
  #incoming: "command" | "data" | "nothing" = "nothing";
  readonly #command: number[] = [];
  #isAsked = false;
  #dataBytes = 0;
  #isBad = false;

  constructor(tell: (event: FastbootDeviceEvent) => void) {
    this.#tell = tell;
    this.#out.push(octetsOf(FASTBOOT_HELLO));
  }

  /** Octets that wait to go out. */
  get outBytes(): number {
    return this.#out.length;
  }

  push(bytes: Uint8Array): void {
    this.#reader.push(bytes, (part) => {
      if (this.#isBad) return;
      switch (part.type) {
        case "hello":
          return;
        case "bad":
          return this.#bad(part.problem);
        case "frame":
          return this.#begin(part.lengthBytes);
        case "octets":
          return this.#take(part.bytes, part.isLast);
      }
    });
  }

  #bad(problem: string): void {
    this.#isBad = true;
    this.#tell({ type: "bad", problem });
  }

  #begin(lengthBytes: number): void {
    if (this.#dataBytes > 0) {
      if (lengthBytes > this.#dataBytes) return this.#bad("more data than was announced");
      this.#incoming = "data";
      return;
    }
    if (this.#isAsked) return this.#bad("a command before the last one was answered");
    if (lengthBytes > FASTBOOT_COMMAND_BYTES_MAX) return this.#bad("a command that is too long");
    this.#incoming = "command";
    this.#command.length = 0;
  }

  #take(bytes: Uint8Array, isLast: boolean): void {
    if (this.#incoming === "data") {
      this.#dataBytes -= bytes.length;
      return this.#tell({ type: "data", bytes, isLast: this.#dataBytes === 0 });
    }
    this.#command.push(...bytes);
    if (!isLast) return;
    this.#isAsked = true;
    this.#tell({ type: "command", text: textOf(Uint8Array.from(this.#command)) });
  }

  /** OKAY and FAIL end a command. What does not fit an answer is left out. */
  answer(kind: FastbootAnswer, text: string): void {
    this.#out.push(fastbootFrame(octetsOf(`${kind}${text}`.slice(0, FASTBOOT_ANSWER_BYTES_MAX))));
    if (kind !== "INFO") this.#isAsked = false;
  }

  /** The command loads so many octets into the device: at least one. */
  receive(lengthBytes: number): void {
    this.#dataBytes = lengthBytes;
    this.#out.push(fastbootFrame(octetsOf(`DATA${fastbootLength(lengthBytes)}`)));
  }

  /** The command gives so many octets out; they follow by `send`. */
  announce(lengthBytes: number): void {
    this.#out.push(fastbootFrame(octetsOf(`DATA${fastbootLength(lengthBytes)}`)));
  }

  /** Keeps the bytes until they are polled. */
  send(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#out.push(fastbootHead(bytes.length));
    this.#out.push(bytes);
  }

  /** What is to go out now; empty: nothing. */
  pollOut(): Uint8Array {
    return this.#out.take(this.#out.length);
  }
}
