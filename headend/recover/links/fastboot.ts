/** Fastboot over TCP to a device. */
import { connect, type Socket } from "node:net";
import { systemWords } from "../../../base/errors/index.ts";
import { ByteQueue, FastbootHost, type FastbootHostEvent, fastbootLength } from "../../../base/recovery/index.ts";
import type { RecoverReply } from "../core/types.ts";
import { answered, lost, type RecoverLink, type Say, untilReached } from "./link.ts";

const CONNECT_MS = 3_000;
/** A device that says nothing for so long has gone; storing an image takes a while. */
const SILENCE_MS = 120_000;

interface Waiting {
  done: (reply: RecoverReply) => void;
  data: ByteQueue | undefined;
  bytesMax: number;
}

export class FastbootLink implements RecoverLink {
  readonly #host: string;
  readonly #port: number;
  readonly #say: Say;
  #socket: Socket | undefined;
  #protocol: FastbootHost | undefined;
  #waiting: Waiting | undefined;

  constructor(host: string, port: number, say: Say) {
    this.#host = host;
    this.#port = port;
    this.#say = say;
  }

  connect(seconds: number): Promise<RecoverReply> {
    return untilReached(seconds, () =>
      this.#socket === undefined ? this.#open() : Promise.resolve(answered(true, "")),
    );
  }

  #open(): Promise<RecoverReply> {
    return new Promise((done) => {
      const socket = connect(this.#port, this.#host);
      const protocol = new FastbootHost((event) => {
        if (event.type === "greeted") done(answered(true, ""));
        else this.#take(event);
      });
      const fail = (cause: string): void => {
        socket.destroy();
        if (this.#socket === socket) this.#socket = undefined;
        done(lost(cause));
        this.#settle(lost(cause));
      };
      this.#socket = socket;
      this.#protocol = protocol;
      socket.setNoDelay(true);
      socket.setTimeout(CONNECT_MS, () => fail("it says nothing"));
      socket.on("connect", () => this.#flush());
      socket.on("data", (bytes) => {
        socket.setTimeout(SILENCE_MS);
        protocol.push(bytes);
        this.#flush();
      });
      socket.on("error", (error) => fail(systemWords(error)));
      socket.on("close", () => fail("the connection has ended"));
    });
  }

  #flush(): void {
    const out = this.#protocol?.pollOut();
    if (out !== undefined && out.length > 0) this.#socket?.write(out);
  }

  #settle(reply: RecoverReply): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.done(reply);
  }

  #take(event: Exclude<FastbootHostEvent, { type: "greeted" }>): void {
    const waiting = this.#waiting;
    switch (event.type) {
      case "info":
        return this.#say(event.text);
      case "wanted":
        // More than was asked for is not taken in at all.
        if (waiting?.data !== undefined && event.lengthBytes > waiting.bytesMax)
          this.#socket?.destroy(new Error(`the device gives ${event.lengthBytes} bytes`));
        return;
      case "data":
        waiting?.data?.push(event.bytes.slice());
        return;
      case "answer":
        return this.#settle(answered(event.isOk, event.text, waiting?.data?.take(Infinity)));
      case "bad":
        this.#socket?.destroy(new Error(event.problem));
        return;
    }
  }

  #ask(text: string, load: Uint8Array | undefined, bytesMax = 0): Promise<RecoverReply> {
    return new Promise((done) => {
      if (this.#socket === undefined || this.#protocol === undefined) return done(lost("there is no connection"));
      const data = bytesMax > 0 ? new ByteQueue() : undefined;
      this.#waiting = { done, data, bytesMax };
      if (!this.#protocol.command(text, load)) return this.#settle(answered(false, "a command that is too long"));
      this.#flush();
    });
  }

  command(text: string): Promise<RecoverReply> {
    return this.#ask(text, undefined);
  }

  load(bytes: Uint8Array): Promise<RecoverReply> {
    return this.#ask(`download:${fastbootLength(bytes.length)}`, bytes);
  }

  read(text: string, bytesMax: number): Promise<RecoverReply> {
    return this.#ask(text, undefined, bytesMax);
  }

  put(): Promise<RecoverReply> {
    return Promise.resolve(answered(false, "fastboot sends no files"));
  }

  get(): Promise<RecoverReply> {
    return Promise.resolve(answered(false, "fastboot gives no files"));
  }

  close(): void {
    this.#socket?.destroy();
    this.#socket = undefined;
  }
}
