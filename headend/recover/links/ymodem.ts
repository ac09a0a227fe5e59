/** The console of a device on a serial line, or behind a serial server: commands by lines, files by YMODEM. */
import { constants, openSync } from "node:fs";
import { connect } from "node:net";
import type { Duplex } from "node:stream";
import { isatty, ReadStream } from "node:tty";
import { DeadlineTimer, startClock } from "../../../base/clock/index.ts";
import { isSystemError, systemWords } from "../../../base/errors/index.ts";
import { ByteQueue, octetsOf, YMODEM_CANCEL, YmodemReceiver, YmodemSender } from "../../../base/recovery/index.ts";
import type { RecoverReply } from "../core/types.ts";
import { answered, lost, pause, type RecoverLink, type Say, untilReached } from "./link.ts";

const NS_PER_MS = 1e6;
const CONNECT_MS = 3_000;
/** A device whose console says nothing for so long is not there. */
const GREETING_MS = 2_000;
const ANSWER_MS = 120_000;
const LINE_MAX = 512;
const LINES_MAX = 64;
/** What is on its way has come by then. */
const DRAIN_MS = 200;
const [CR, LF] = [0x0d, 0x0a];
/** In front of an answer, the prompt of a console or what is left of it. */
const ANSWER = /(?:^|> ?)(OKAY|FAIL|INFO|DATA)(.*)$/;

export type YmodemPlace = { path: string } | { host: string; port: number };

export class YmodemLink implements RecoverLink {
  readonly #place: YmodemPlace;
  readonly #isConsole: boolean;
  readonly #say: Say;
  readonly #nowNs = startClock(process.hrtime.bigint());
  readonly #timer: DeadlineTimer;
  #line: Duplex | undefined;
  #text: number[] = [];
  /** That came while nobody waited: answers come in one piece with the end of a file. */
  #lines: string[] = [];
  #onLine: ((line: string) => void) | undefined;
  #file: YmodemReceiver | YmodemSender | undefined;
  #onFile: (() => void) | undefined;
  #onLost: ((cause: string) => void) | undefined;
  #answerTimer: NodeJS.Timeout | undefined;

  /** @param isConsole it takes commands; else it takes a file */
  constructor(place: YmodemPlace, isConsole: boolean, say: Say) {
    this.#place = place;
    this.#isConsole = isConsole;
    this.#say = say;
    this.#timer = new DeadlineTimer(this.#nowNs, () => {
      this.#file?.handleTimeout(this.#nowMs);
      this.#flush();
    });
  }

  get #nowMs(): number {
    return this.#nowNs() / NS_PER_MS;
  }

  connect(seconds: number): Promise<RecoverReply> {
    return untilReached(seconds, async () => {
      const opened = this.#line === undefined ? await this.#open() : answered(true, "");
      if (opened.kind === "lost" || !this.#isConsole) return opened;
      // A line is always there; the device is, if it answers. A file that was cut off there is given up first.
      this.#line?.write(YMODEM_CANCEL);
      await pause(DRAIN_MS);
      const greeted = await this.#ask("getvar:version", GREETING_MS);
      return greeted.kind === "lost" ? greeted : answered(true, "");
    });
  }

  async #open(): Promise<RecoverReply> {
    try {
      this.#line = "path" in this.#place ? openTty(this.#place.path) : await openSocket(this.#place);
    } catch (error) {
      if (!isSystemError(error)) return lost((error as Error).message);
      return lost(systemWords(error));
    }
    const line = this.#line;
    const end = (cause: string): void => {
      if (this.#line !== line) return;
      this.#line = undefined;
      line.destroy();
      this.#onLost?.(cause);
    };
    line.on("data", (bytes: Uint8Array) => this.#take(bytes));
    line.on("error", (error) => end(systemWords(error)));
    line.on("close", () => end("the line has ended"));
    return answered(true, "");
  }

  #take(bytes: Uint8Array): void {
    let rest = bytes;
    if (this.#file !== undefined) {
      rest = rest.subarray(this.#file.push(this.#nowMs, rest));
      this.#flush();
    }
    for (const octet of rest) {
      if (octet !== CR && octet !== LF) {
        if (this.#text.length < LINE_MAX) this.#text.push(octet);
        continue;
      }
      const line = String.fromCharCode(...this.#text);
      this.#text = [];
      if (line === "") continue;
      if (this.#onLine !== undefined) this.#onLine(line);
      else if (this.#lines.length < LINES_MAX) this.#lines.push(line);
    }
  }

  #flush(): void {
    const out = this.#file?.pollOut();
    if (out !== undefined && out.length > 0) this.#line?.write(out);
    this.#onFile?.();
    if (this.#file !== undefined) this.#timer.wakeBy(this.#file.nextTimeoutMs() * NS_PER_MS);
  }

  /** Whoever waits hears of the end once, whatever it is. */
  #wait<Result>(begin: (done: (result: Result) => void) => void, onLost: (cause: string) => Result): Promise<Result> {
    return new Promise((resolve) => {
      const done = (result: Result): void => {
        clearTimeout(this.#answerTimer);
        this.#onLost = undefined;
        this.#onLine = undefined;
        this.#onFile = undefined;
        resolve(result);
      };
      this.#onLost = (cause) => done(onLost(cause));
      begin(done);
    });
  }

  /** Until OKAY, FAIL or DATA. @param isData whether DATA is an answer */
  #ask(text: string, withinMs = ANSWER_MS): Promise<RecoverReply & { isData?: boolean }> {
    return this.#wait<RecoverReply & { isData?: boolean }>((done) => {
      if (this.#line === undefined) return done(lost("the line is not open"));
      this.#awaitAnswer(done, withinMs);
      if (text !== "") this.#write(text);
      for (let line = this.#lines.shift(); line !== undefined; line = this.#lines.shift()) this.#onLine?.(line);
    }, lost);
  }

  #awaitAnswer(done: (reply: RecoverReply & { isData?: boolean }) => void, withinMs: number): void {
    this.#answerTimer = setTimeout(() => done(lost("the console says nothing")), withinMs);
    this.#onLine = (line) => {
      const [, kind, text = ""] = ANSWER.exec(line) ?? [];
      if (kind === "INFO" || kind === undefined) return this.#say(text || line);
      done({ ...answered(kind !== "FAIL", text), isData: kind === "DATA" });
    };
  }

  /** What was said before is no answer to it. */
  #write(text: string): void {
    this.#lines = [];
    this.#text = [];
    this.#line?.write(octetsOf(`${text}\r`));
  }

  command(text: string): Promise<RecoverReply> {
    return this.#ask(text);
  }

  async load(bytes: Uint8Array): Promise<RecoverReply> {
    // It says that it is ready, or why not, and then waits for the file.
    const ready = await this.#wait<RecoverReply>((done) => {
      this.#answerTimer = setTimeout(() => done(lost("the console says nothing")), GREETING_MS);
      this.#onLine = (line) => {
        const [, kind, text = ""] = ANSWER.exec(line) ?? [];
        if (kind === "FAIL") done(answered(false, text));
        else if (/ready/i.test(line)) done(answered(true, ""));
      };
      this.#write("loady");
    }, lost);
    if (ready.kind === "lost" || !ready.ok) return ready;
    const sent = await this.put("image", bytes);
    return sent.kind === "lost" || !sent.ok ? sent : this.#ask("");
  }

  async read(text: string, bytesMax: number): Promise<RecoverReply> {
    const begun = await this.#ask(text);
    if (begun.kind === "lost" || begun.isData !== true) return begun;
    const got = await this.get("", bytesMax);
    if (got.kind === "lost" || !got.ok) return got;
    const end = await this.#ask("");
    return end.kind === "lost" || !end.ok ? end : got;
  }

  async put(file: string, bytes: Uint8Array): Promise<RecoverReply> {
    const readAt = (offset: number, length: number): Uint8Array => bytes.subarray(offset, offset + length);
    const sender = new YmodemSender(this.#nowMs, { name: file, sizeBytes: bytes.length, readAt });
    return this.#run(sender, () => {
      for (let event = sender.pollEvent(); event !== undefined; event = sender.pollEvent())
        if (event.type === "done") return answered(true, "");
        else if (event.type === "failed") return lost(event.problem);
      return undefined;
    });
  }

  async get(_file: string, bytesMax: number): Promise<RecoverReply> {
    const receiver = new YmodemReceiver(this.#nowMs, bytesMax);
    const received = new ByteQueue();
    return this.#run(receiver, () => {
      for (let event = receiver.pollEvent(); event !== undefined; event = receiver.pollEvent())
        if (event.type === "data") received.push(event.bytes);
        else if (event.type === "done") return answered(true, "", received.take(Infinity));
        else if (event.type === "failed") return lost(event.problem);
      return undefined;
    });
  }

  #run(file: YmodemReceiver | YmodemSender, ended: () => RecoverReply | undefined): Promise<RecoverReply> {
    return this.#wait<RecoverReply>(
      (done) => {
        if (this.#line === undefined) return done(lost("the line is not open"));
        this.#file = file;
        this.#onFile = () => {
          const reply = ended();
          if (reply === undefined) return;
          const out = file.pollOut();
          if (out.length > 0) this.#line?.write(out);
          this.#file = undefined;
          done(reply);
        };
        // The receiver may have asked already.
        file.push(this.#nowMs, Uint8Array.from(this.#text));
        this.#text = [];
        this.#flush();
      },
      (cause) => {
        this.#file = undefined;
        return lost(cause);
      },
    );
  }

  close(): void {
    this.#timer.stop();
    clearTimeout(this.#answerTimer);
    const line = this.#line;
    this.#line = undefined;
    line?.destroy();
    this.#onLost?.("it was ended");
  }
}

function openTty(path: string): Duplex {
  const descriptor = openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
  if (!isatty(descriptor)) throw new Error(`${path} is no tty`);
  const tty = new ReadStream(descriptor);
  tty.setRawMode(true);
  return tty;
}

function openSocket({ host, port }: { host: string; port: number }): Promise<Duplex> {
  return new Promise((done, failed) => {
    const socket = connect(port, host);
    socket.setNoDelay(true);
    socket.setTimeout(CONNECT_MS, () => socket.destroy(new Error("it says nothing")));
    socket.once("error", failed);
    socket.once("connect", () => {
      socket.setTimeout(0);
      socket.off("error", failed);
      done(socket);
    });
  });
}
