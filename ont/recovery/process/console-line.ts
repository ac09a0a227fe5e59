/** The console of a boot loader on a line: a tty, or a TCP port as serial servers have it. */
import { openSync, constants } from "node:fs";
import { createServer, type Server } from "node:net";
import type { Duplex } from "node:stream";
import { ReadStream } from "node:tty";
import { DeadlineTimer } from "../../../base/clock/index.ts";
import { ConsoleSession } from "../core/console-session.ts";
import type { Loader } from "../core/loader.ts";

const NS_PER_MS = 1e6;
/** While so much waits to be read by the other side nothing more is taken from it. */
const UNREAD_BYTES_MAX = 1024 * 1024;

export type ConsoleAddress = { host: string; port: number } | { path: string };

/** One line at a time. */
export class ConsoleLine {
  readonly session: ConsoleSession;
  readonly #nowNs: () => number;
  readonly #timer: DeadlineTimer;
  #server: Server | undefined;
  #line: Duplex | undefined;

  private constructor(loader: Loader, nowNs: () => number) {
    this.#nowNs = nowNs;
    this.session = new ConsoleSession(loader, () => this.#flush());
    this.#timer = new DeadlineTimer(nowNs, () => {
      this.session.handleTimeout(this.#nowMs);
      this.#flush();
    });
  }

  /** @throws Error of the system: no such tty, or the port is in use */
  static async open(loader: Loader, address: ConsoleAddress, nowNs: () => number): Promise<ConsoleLine> {
    const made = new ConsoleLine(loader, nowNs);
    if ("path" in address) {
      const tty = new ReadStream(openSync(address.path, constants.O_RDWR | constants.O_NOCTTY));
      tty.setRawMode(true);
      made.#join(tty);
      return made;
    }
    const server = createServer((socket) => {
      if (made.#line === undefined) made.#join(socket.setNoDelay(true));
      else socket.destroy();
    });
    made.#server = server;
    await new Promise<void>((done, failed) => {
      server.once("error", failed);
      server.listen(address.port, address.host, () => {
        server.off("error", failed);
        done();
      });
    });
    return made;
  }

  /** 0 on a tty. */
  get port(): number {
    const address = this.#server?.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  get #nowMs(): number {
    return this.#nowNs() / NS_PER_MS;
  }

  #join(line: Duplex): void {
    this.#line = line;
    line.on("data", (bytes: Uint8Array) => this.session.push(this.#nowMs, bytes));
    line.on("drain", () => line.resume());
    const end = (): void => {
      if (this.#line !== line) return;
      this.#line = undefined;
      line.destroy();
      this.session.clear();
    };
    line.on("error", end);
    line.on("close", end);
    this.#flush();
  }

  #flush(): void {
    // Without a line nothing is kept for later.
    const out = this.session.pollOut();
    if (this.#line !== undefined && out.length > 0) this.#line.write(out);
    if ((this.#line?.writableLength ?? 0) > UNREAD_BYTES_MAX) this.#line?.pause();
    this.#timer.wakeBy(this.session.nextTimeoutMs() * NS_PER_MS);
  }

  close(): void {
    this.#timer.stop();
    this.#server?.close();
    this.#line?.destroy();
  }
}
