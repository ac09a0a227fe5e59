/**
 * One transfer of TFTP with the boot loader. Files to write: `image_a`, `image_b` (taken in, checked and stored before the last
 * block is acknowledged), `stage` (kept in memory), `command` (carried out). To read: these images, also in parts
 * (`image_a:offset:length`, hexadecimal), `device.txt` (what the device tells of itself), `answer.txt` (of the last command).
 */
import {
  ByteQueue,
  octetsOf,
  textOf,
  TFTP_ERROR,
  type TftpRequest,
  TftpTransfer,
} from "../../../base/recovery/index.ts";
import type { Loader } from "./loader.ts";
import type { LoaderAnswer } from "./types.ts";
import { allVariables } from "./variables.ts";

const BLOCK_BYTES_MAX = 16 * 1024;
const WINDOW_BLOCKS_MAX = 32;
const COMMAND_BYTES_MAX = 4096;
/** Lines of an answer that are kept. */
const LINES_MAX = 256;

/** What the sessions of one device share. */
export interface TftpShared {
  /** Of the last command. */
  answer: string;
}

export class TftpSession {
  readonly #loader: Loader;
  readonly #shared: TftpShared;
  readonly #wake: () => void;
  readonly #request: TftpRequest;
  /** Not there while what is to be read is fetched. */
  #transfer: TftpTransfer | undefined;
  readonly #command = new ByteQueue();
  #isStaging = false;
  #isOver = false;
  /** What came of a command, to be told with the time of whoever asks next. */
  #outcome: LoaderAnswer | undefined;

  constructor(loader: Loader, shared: TftpShared, nowMs: number, request: TftpRequest, wake: () => void) {
    this.#loader = loader;
    this.#shared = shared;
    this.#wake = wake;
    this.#request = request;
    // What a text mode changes of an image would cost it its signature.
    const isText = request.mode === "netascii" && request.type === "read" && request.file.endsWith(".txt");
    if (request.mode === "octet" || isText) this.#begin(nowMs);
    else this.#refuse(nowMs, TFTP_ERROR.illegal, "images are sent in octet mode (binary)");
  }

  get isOver(): boolean {
    return this.#isOver || this.#transfer?.isOver === true;
  }

  /** It stays only as its last answer may have been lost. */
  get isSettled(): boolean {
    return this.#transfer?.isSettled === true && this.#outcome === undefined;
  }

  #begin(nowMs: number): void {
    const { file, type } = this.#request;
    if (type === "write") return this.#beginWrite(nowMs, file);
    if (file === "device.txt") {
      const lines = [...allVariables(this.#loader.facts, this.#loader.port.snapshot())];
      return this.#serve(nowMs, octetsOf(`${lines.join("\n")}\n`));
    }
    if (file === "answer.txt") return this.#serve(nowMs, octetsOf(this.#shared.answer));
    if (!file.startsWith("image_")) return this.#refuse(nowMs, TFTP_ERROR.notFound, "no such file");
    this.#loader.run(`fetch:${file}`, {
      info: () => undefined,
      done: ({ bytes, text }) => {
        if (bytes === undefined) this.#refuse(nowMs, TFTP_ERROR.notFound, text);
        else this.#serve(nowMs, bytes);
        this.#wake();
      },
    });
  }

  #serve(nowMs: number, bytes: Uint8Array): void {
    const readAt = (offset: number, length: number): Uint8Array => bytes.subarray(offset, offset + length);
    this.#transfer = TftpTransfer.serve(nowMs, this.#request, servingOf(0), { sizeBytes: bytes.length, readAt });
  }

  #beginWrite(nowMs: number, file: string): void {
    const { stage, isBusy, isDiagnostic } = this.#loader;
    if (file === "command") {
      this.#transfer = TftpTransfer.serve(nowMs, this.#request, servingOf(COMMAND_BYTES_MAX));
      return;
    }
    if (file !== "stage" && !/^image_[ab]$/.test(file))
      return this.#refuse(nowMs, TFTP_ERROR.accessViolation, "no such file");
    if (!isDiagnostic) return this.#refuse(nowMs, TFTP_ERROR.accessViolation, "an image runs");
    if (stage.isOpen || isBusy) return this.#refuse(nowMs, TFTP_ERROR.undefined, "busy");
    this.#transfer = TftpTransfer.serve(nowMs, this.#request, servingOf(stage.bytesMax));
    if (this.#transfer.isOver) return;
    stage.open();
    this.#isStaging = true;
  }

  /** A transfer that is refused before it begins. */
  #refuse(nowMs: number, code: number, text: string): void {
    this.#transfer = TftpTransfer.serve(nowMs, { ...this.#request, type: "write", options: new Map() }, servingOf(0));
    while (this.#transfer.pollPacket() !== undefined);
    this.#transfer.refuse(code, text);
  }

  handlePacket(nowMs: number, bytes: Uint8Array): void {
    this.#transfer?.handlePacket(nowMs, bytes);
    this.#settle(nowMs);
  }

  handleTimeout(nowMs: number): void {
    this.#transfer?.handleTimeout(nowMs);
    this.#settle(nowMs);
  }

  nextTimeoutMs(): number {
    return this.#transfer?.nextTimeoutMs() ?? Infinity;
  }

  pollPacket(nowMs: number): Uint8Array | undefined {
    const outcome = this.#outcome;
    this.#outcome = undefined;
    if (outcome?.ok === true) this.#transfer?.confirm(nowMs);
    else if (outcome !== undefined) this.#transfer?.refuse(TFTP_ERROR.accessViolation, outcome.text);
    return this.#transfer?.pollPacket();
  }

  /** The ONT restarts. */
  close(): void {
    this.#isOver = true;
    if (this.#isStaging) this.#loader.stage.drop();
    this.#isStaging = false;
  }

  #settle(nowMs: number): void {
    const transfer = this.#transfer;
    for (let event = transfer?.pollEvent(); event !== undefined; event = transfer?.pollEvent()) {
      if (event.type === "data") this.#data(event.bytes);
      else if (event.type === "received") this.#received(nowMs);
      else if (event.type === "failed" && this.#isStaging) {
        this.#loader.stage.drop();
        this.#isStaging = false;
      }
    }
    this.#wake();
  }

  #data(bytes: Uint8Array): void {
    if (this.#request.file === "command") return this.#command.push(bytes);
    if (this.#isStaging && !this.#loader.stage.add(bytes)) this.#isStaging = false;
  }

  #received(nowMs: number): void {
    const { file } = this.#request;
    if (file === "command") return this.#run(textOf(this.#command.take(COMMAND_BYTES_MAX)));
    if (!this.#isStaging) return this.#transfer?.refuse(TFTP_ERROR.undefined, "the device has restarted");
    this.#isStaging = false;
    this.#loader.stage.close();
    if (file === "stage") return this.#transfer?.confirm(nowMs);
    this.#run(`flash:${file}`);
  }

  /** Confirmed once it is done. */
  #run(command: string): void {
    const lines: string[] = [];
    this.#loader.run(command, {
      info: (line) => lines.length < LINES_MAX && lines.push(line),
      done: (answer) => {
        this.#shared.answer = `${[...lines, answer.text].join("\n")}\n`;
        this.#outcome = answer;
        this.#wake();
      },
    });
  }
}

const servingOf = (bytesMax: number) => ({
  blockBytesMax: BLOCK_BYTES_MAX,
  windowBlocksMax: WINDOW_BLOCKS_MAX,
  bytesMax,
});
