/** The tool's side of fastboot over TCP, of one connection: one command at a time, its data, its answer. No socket. */
import { ByteQueue } from "./byte-queue.ts";
import {
  FASTBOOT_COMMAND_BYTES_MAX,
  FASTBOOT_HELLO,
  fastbootFrame,
  fastbootHead,
  FastbootReader,
  octetsOf,
  readFastbootLength,
  textOf,
} from "./fastboot-frames.ts";

export type FastbootHostEvent =
  /** The device is there. */
  | { type: "greeted" }
  /** Said on the way to an answer. */
  | { type: "info"; text: string }
  /** The device waits for the data of the command. */
  | { type: "wanted"; lengthBytes: number }
  /** Valid during the call only. */
  | { type: "data"; bytes: Uint8Array }
  | { type: "answer"; isOk: boolean; text: string }
  | { type: "bad"; problem: string };

/** Longest answer that is read; devices of today send up to 256 octets. */
const ANSWER_BYTES_MAX = 4096;
/** Answers on the way to one answer; more are a device that never comes to an end. */
const INFOS_MAX = 10_000;

/** What goes out waits in `pollOut`; the driver takes it after each call. */
export class FastbootHost {
  readonly #reader = new FastbootReader();
  readonly #out = new ByteQueue();
  readonly #tell: (event: FastbootHostEvent) => void;
  readonly #answer: number[] = [];
  #infos = 0;
  /** What the command gives, and how much of it is to come. */
  #toLoad: Uint8Array | undefined;
  #toFetchBytes = 0;
  #incoming: "answer" | "data" = "answer";
  #isAsking = false;
  #isBad = false;

  constructor(tell: (event: FastbootHostEvent) => void) {
    this.#tell = tell;
    this.#out.push(octetsOf(FASTBOOT_HELLO));
  }

  /**
   * @param data for a command that loads: sent when the device wants it; kept until it is polled
   * @returns false: one is under way, or it is too long
   */
  command(text: string, data?: Uint8Array): boolean {
    if (this.#isAsking || this.#isBad || text.length === 0 || text.length > FASTBOOT_COMMAND_BYTES_MAX) return false;
    this.#isAsking = true;
    this.#infos = 0;
    this.#toLoad = data;
    this.#toFetchBytes = 0;
    this.#out.push(fastbootFrame(octetsOf(text)));
    return true;
  }

  push(bytes: Uint8Array): void {
    this.#reader.push(bytes, (part) => {
      if (this.#isBad) return;
      switch (part.type) {
        case "hello":
          return this.#tell({ type: "greeted" });
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
    if (!this.#isAsking) return this.#bad("an answer to nothing");
    this.#incoming = this.#toFetchBytes > 0 ? "data" : "answer";
    const most = this.#incoming === "data" ? this.#toFetchBytes : ANSWER_BYTES_MAX;
    if (lengthBytes > most) return this.#bad(`more octets in a frame (${lengthBytes}) than there are to come`);
    this.#answer.length = 0;
  }

  #take(bytes: Uint8Array, isLast: boolean): void {
    if (this.#incoming === "data") {
      this.#toFetchBytes -= bytes.length;
      return this.#tell({ type: "data", bytes });
    }
    this.#answer.push(...bytes);
    if (isLast) this.#read(textOf(Uint8Array.from(this.#answer)));
  }

  #read(answer: string): void {
    const [kind, text] = [answer.slice(0, 4), answer.slice(4)];
    switch (kind) {
      case "INFO":
      case "TEXT":
        this.#infos += 1;
        if (this.#infos > INFOS_MAX) return this.#bad("a device that only informs");
        return this.#tell({ type: "info", text });
      case "DATA":
        return this.#data(text);
      case "OKAY":
      case "FAIL":
        this.#isAsking = false;
        this.#toLoad = undefined;
        return this.#tell({ type: "answer", isOk: kind === "OKAY", text });
      default:
        return this.#bad("an answer that is none");
    }
  }

  #data(text: string): void {
    const lengthBytes = readFastbootLength(text);
    if (lengthBytes === undefined) return this.#bad("data of no length");
    const load = this.#toLoad;
    if (load === undefined) {
      this.#toFetchBytes = lengthBytes;
      return this.#tell({ type: "wanted", lengthBytes });
    }
    if (lengthBytes !== load.length) return this.#bad(`the device wants ${lengthBytes} octets of ${load.length}`);
    this.#toLoad = undefined;
    this.#tell({ type: "wanted", lengthBytes });
    this.#out.push(fastbootHead(load.length));
    this.#out.push(load);
  }

  pollOut(): Uint8Array {
    return this.#out.take(this.#out.length);
  }
}
