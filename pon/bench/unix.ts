/** A Unix socket, from either side: `unix:/path` connects, `unix-listen:/path` waits for somebody who does. */
import { existsSync, statSync, unlinkSync } from "node:fs";
import { createConnection, createServer, type Socket } from "node:net";
import { OctetRoad } from "./octets.ts";
import { type OpenRoad, type BenchRoad, ROAD_OPEN_MS, type RoadHandlers } from "./road.ts";
import { RoadError } from "./road-error.ts";

/** Between tries to connect again to a device that has restarted. */
const RETRY_MS = 50;
/** A peer that has closed has so long to be there again. */
const AWAY_MS = ROAD_OPEN_MS - 200;
/** Whoever is to connect is told after so long that somebody waits, and has so long in all. */
const LISTEN_TOLD_MS = ROAD_OPEN_MS;
const LISTEN_MS = 60_000;

export const unixRoad = (name: string, path: string): BenchRoad => ({
  name,
  hasTrailer: true,
  open: async (_end, handlers) => {
    const road = new ConnectingRoad(name, path, handlers);
    await road.connect();
    return road;
  },
});

export const unixListenRoad = (name: string, path: string): BenchRoad => ({
  name,
  hasTrailer: true,
  open: async (end, handlers) => {
    const road = new ListeningRoad(name, handlers);
    await road.listen(path);
    // Whoever asks needs somebody who answers; who waits to be asked waits as long as he likes.
    if (end === "olt") await road.connected();
    return road;
  },
});

/** One peer at a time. */
abstract class SocketRoad implements OpenRoad {
  readonly name: string;
  protected readonly handlers: RoadHandlers;
  protected isClosed = false;
  #socket: Socket | undefined;
  #road: OctetRoad | undefined;

  constructor(name: string, handlers: RoadHandlers) {
    this.name = name;
    this.handlers = handlers;
  }

  get waitingBytes(): number {
    return this.#road?.waitingBytes ?? 0;
  }

  send(frame: Uint8Array): void {
    this.#road?.send(frame);
  }

  close(): void {
    this.isClosed = true;
    this.#socket?.destroy();
  }

  /** What was there before is left. */
  protected take(socket: Socket): void {
    this.#socket?.destroy();
    this.#socket = socket;
    this.#road = new OctetRoad(this.name, { from: socket, to: socket }, this.handlers);
    // Of a peer that has gone; its "close" follows.
    socket.on("error", () => undefined);
    socket.once("close", () => {
      if (this.#socket !== socket || this.isClosed) return;
      this.#socket = undefined;
      this.#road = undefined;
      this.left();
    });
  }

  /** The peer has closed. */
  protected abstract left(): void;
}

class ConnectingRoad extends SocketRoad {
  readonly #path: string;

  constructor(name: string, path: string, handlers: RoadHandlers) {
    super(name, handlers);
    this.#path = path;
  }

  /** @throws RoadError */
  async connect(): Promise<void> {
    const code = await this.#try();
    if (code === "") return;
    if (code === "ENOENT") throw new RoadError(`${this.name}: there is no such socket; who listens has to be first`);
    throw new RoadError(`${this.name}: ${code === "ECONNREFUSED" ? "nobody listens" : `no connection (${code})`}`);
  }

  /** A device that restarts closes and listens again. */
  protected left(): void {
    const startMs = performance.now();
    const again = (): void => {
      void this.#try().then((code) => {
        if (code === "" || this.isClosed) return;
        if (performance.now() - startMs < AWAY_MS) setTimeout(again, RETRY_MS);
        else this.handlers.onEnd(`${this.name}: the other end has closed, and nobody listens there any more`);
      });
    };
    again();
  }

  /** @returns empty, or the system's code */
  #try(): Promise<string> {
    return new Promise((done) => {
      const socket = createConnection(this.#path);
      socket.once("error", ({ code = "error" }: NodeJS.ErrnoException) => done(code));
      socket.once("connect", () => {
        if (this.isClosed) socket.destroy();
        else this.take(socket);
        done("");
      });
    });
  }
}

class ListeningRoad extends SocketRoad {
  readonly #server = createServer();
  #gone: NodeJS.Timeout | undefined;

  /** @throws RoadError */
  async listen(path: string): Promise<void> {
    // Of a process that was killed.
    if (existsSync(path) && statSync(path).isSocket()) unlinkSync(path);
    this.#server.on("connection", (socket) => {
      clearTimeout(this.#gone);
      this.take(socket);
    });
    await new Promise<void>((done, fail) => {
      this.#server.once("error", ({ code }: NodeJS.ErrnoException) =>
        fail(new RoadError(`${this.name}: cannot be listened on (${code ?? "error"})`)),
      );
      this.#server.listen(path, done);
    });
  }

  /** Until somebody connects. @throws RoadError */
  async connected(): Promise<void> {
    const told = setTimeout(
      () => process.stderr.write(`${this.name}: waits for somebody to connect\n`),
      LISTEN_TOLD_MS,
    );
    let limit: NodeJS.Timeout | undefined;
    await new Promise<void>((done, fail) => {
      limit = setTimeout(() => {
        this.close();
        fail(new RoadError(`${this.name}: nobody has connected within ${LISTEN_MS / 1000} s`));
      }, LISTEN_MS);
      this.#server.once("connection", () => done());
    });
    clearTimeout(told);
    clearTimeout(limit);
  }

  override close(): void {
    super.close();
    clearTimeout(this.#gone);
    this.#server.close();
  }

  /** It may connect again. */
  protected left(): void {
    this.#gone = setTimeout(
      () => this.handlers.onEnd(`${this.name}: the other end has closed, and nobody has connected again`),
      AWAY_MS,
    );
  }
}
