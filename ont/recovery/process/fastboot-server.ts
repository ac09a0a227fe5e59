/** Fastboot over TCP to a boot loader: the socket. */
import { createServer, type Server, type Socket } from "node:net";
import { FastbootSession } from "../core/fastboot-session.ts";
import type { Loader } from "../core/loader.ts";

const CONNECTIONS_MAX = 4;
/** Somebody who says nothing for so long has gone. */
const IDLE_MS = 300_000;
/** While so much waits to be read by the other side nothing more is taken from it. */
const UNREAD_BYTES_MAX = 1024 * 1024;

export class FastbootServer {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(loader: Loader) {
    this.#server = createServer((socket) => this.#accept(loader, socket));
    this.#server.maxConnections = CONNECTIONS_MAX;
  }

  /** @throws Error of the system: the port is in use */
  static async open(loader: Loader, host: string, port: number): Promise<FastbootServer> {
    const made = new FastbootServer(loader);
    await new Promise<void>((done, failed) => {
      made.#server.once("error", failed);
      made.#server.listen(port, host, () => {
        made.#server.off("error", failed);
        done();
      });
    });
    return made;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  #accept(loader: Loader, socket: Socket): void {
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    socket.setTimeout(IDLE_MS, () => socket.destroy());
    const session = new FastbootSession(loader, () => flush());
    const flush = (): void => {
      const out = session.pollOut();
      if (out.length > 0) socket.write(out);
      if (session.problem !== undefined) socket.end();
      else if (socket.writableLength > UNREAD_BYTES_MAX) socket.pause();
    };
    flush();
    socket.on("data", (bytes) => session.push(bytes));
    socket.on("drain", () => socket.resume());
    // A connection that breaks is one that has ended.
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      this.#sockets.delete(socket);
      session.close();
    });
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}
