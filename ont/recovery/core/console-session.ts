/**
 * The boot loader's console on a serial line: a command a line, its answer as `INFO`, `OKAY` or `FAIL`, files by YMODEM.
 * `loady` takes one into memory; after `fetch` comes one back. No line.
 */
import { ByteQueue, octetsOf, YmodemReceiver, YmodemSender } from "../../../base/recovery/index.ts";
import type { Loader } from "./loader.ts";
import type { LoaderAnswer } from "./types.ts";

export const CONSOLE_PROMPT = "poncast> ";
const LINE_BYTES_MAX = 256;
const [CR, LF, BACKSPACE, DELETE, SPACE] = [0x0d, 0x0a, 0x08, 0x7f, 0x20];

export class ConsoleSession {
  readonly #loader: Loader;
  readonly #wake: () => void;
  readonly #line: number[] = [];
  readonly #out = new ByteQueue();
  #receiver: YmodemReceiver | undefined;
  #sender: YmodemSender | undefined;
  /** The command under way; what it says when the ONT has restarted meanwhile is nobody's any more. */
  #turn = 0;

  constructor(loader: Loader, wake: () => void) {
    this.#loader = loader;
    this.#wake = wake;
  }

  /** Something that happens to the device, for who watches. */
  say(text: string): void {
    this.#out.push(octetsOf(`${text}\r\n`));
    this.#wake();
  }

  push(nowMs: number, bytes: Uint8Array): void {
    let rest = bytes;
    while (rest.length > 0) {
      const file = this.#receiver ?? this.#sender;
      if (file === undefined) {
        this.#octet(nowMs, rest[0]!);
        rest = rest.subarray(1);
      } else {
        rest = rest.subarray(file.push(nowMs, rest));
        this.#settle();
      }
    }
    this.#wake();
  }

  #octet(nowMs: number, octet: number): void {
    if (octet === CR || octet === LF) {
      const text = String.fromCharCode(...this.#line);
      this.#line.length = 0;
      // A line ended by both is one line.
      if (text !== "") this.#command(nowMs, text);
      else if (octet === CR) this.#prompt();
      return;
    }
    if (octet === BACKSPACE || octet === DELETE) this.#line.pop();
    else if (octet >= SPACE && octet < DELETE && this.#line.length < LINE_BYTES_MAX) this.#line.push(octet);
  }

  #command(nowMs: number, text: string): void {
    const turn = ++this.#turn;
    if (text.trim() === "loady") return this.#load(nowMs);
    this.#loader.run(text, {
      info: (line) => this.say(`INFO${line}`),
      done: (answer) => {
        if (turn === this.#turn) this.#done(nowMs, answer);
      },
    });
  }

  #done(nowMs: number, { ok, text, bytes }: LoaderAnswer): void {
    if (bytes === undefined) return this.#answer(ok, text);
    const readAt = (offset: number, length: number): Uint8Array => bytes.subarray(offset, offset + length);
    this.say(`DATA${bytes.length.toString(16).padStart(8, "0")}`);
    this.#sender = new YmodemSender(nowMs, { name: "image", sizeBytes: bytes.length, readAt });
  }

  #answer(ok: boolean, text: string): void {
    this.say(`${ok ? "OKAY" : "FAIL"}${text}`);
    this.#prompt();
  }

  #prompt(): void {
    this.#out.push(octetsOf(CONSOLE_PROMPT));
    this.#wake();
  }

  #load(nowMs: number): void {
    const { stage, isBusy, isDiagnostic } = this.#loader;
    if (!isDiagnostic) return this.#answer(false, "an image runs");
    if (stage.isOpen || isBusy) return this.#answer(false, "busy");
    // No letter by which a sender takes it for the receiver's question.
    this.say("ready for ymodem");
    stage.open();
    this.#receiver = new YmodemReceiver(nowMs, stage.bytesMax);
  }

  handleTimeout(nowMs: number): void {
    const file = this.#receiver ?? this.#sender;
    if (file === undefined || nowMs < file.nextTimeoutMs()) return;
    file.handleTimeout(nowMs);
    this.#settle();
  }

  nextTimeoutMs(): number {
    return (this.#receiver ?? this.#sender)?.nextTimeoutMs() ?? Infinity;
  }

  #settle(): void {
    const { stage } = this.#loader;
    const [receiver, sender] = [this.#receiver, this.#sender];
    this.#drain();
    for (let event = receiver?.pollEvent(); event !== undefined; event = receiver?.pollEvent()) {
      if (event.type === "data") {
        if (!stage.add(event.bytes)) receiver?.abort("no room");
      } else if (event.type === "done" || event.type === "failed") {
        this.#drain();
        this.#receiver = undefined;
        if (event.type === "done") stage.close();
        else stage.drop();
        this.#answer(event.type === "done", event.type === "done" ? `${event.bytes} octets` : event.problem);
      }
    }
    for (let event = sender?.pollEvent(); event !== undefined; event = sender?.pollEvent()) {
      if (event.type === "sent") continue;
      this.#sender = undefined;
      this.#answer(event.type === "done", event.type === "done" ? "" : event.problem);
    }
    this.#wake();
  }

  #drain(): void {
    const out = (this.#receiver ?? this.#sender)?.pollOut();
    if (out !== undefined) this.#out.push(out);
  }

  /** The ONT restarts: a file that was coming is given up. */
  clear(): void {
    this.#turn += 1;
    this.#receiver = undefined;
    this.#sender = undefined;
    this.#line.length = 0;
  }

  pollOut(): Uint8Array {
    this.#drain();
    return this.#out.take(this.#out.length);
  }
}
