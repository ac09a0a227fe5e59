/** TFTP to a boot loader: its sockets. Each transfer has a port of its own (RFC 1350, 4). */
import { createSocket, type Socket } from "node:dgram";
import { DeadlineTimer } from "../../../base/clock/index.ts";
import { decodeTftp, encodeTftp, TFTP_ERROR, type TftpRequest } from "../../../base/recovery/index.ts";
import type { Loader } from "../core/loader.ts";
import { TftpSession, type TftpShared } from "../core/tftp-session.ts";

const SESSIONS_MAX = 8;
const NS_PER_MS = 1e6;

interface Running {
  session: TftpSession;
  socket: Socket;
}

export class TftpServer {
  readonly #loader: Loader;
  readonly #socket: Socket;
  readonly #host: string;
  readonly #nowNs: () => number;
  readonly #timer: DeadlineTimer;
  readonly #shared: TftpShared = { answer: "" };
  /** By the address and port of the client. */
  readonly #running = new Map<string, Running>();

  private constructor(loader: Loader, host: string, nowNs: () => number) {
    this.#loader = loader;
    this.#host = host;
    this.#nowNs = nowNs;
    this.#timer = new DeadlineTimer(nowNs, () => this.#wake());
    this.#socket = createSocket(host.includes(":") ? "udp6" : "udp4");
  }

  /** @throws Error of the system: the port is in use */
  static async open(loader: Loader, host: string, port: number, nowNs: () => number): Promise<TftpServer> {
    const made = new TftpServer(loader, host, nowNs);
    const socket = made.#socket;
    await new Promise<void>((done, failed) => {
      socket.once("error", failed);
      socket.bind(port, host, () => {
        socket.off("error", failed);
        done();
      });
    });
    socket.on("error", () => undefined);
    socket.on("message", (bytes, from) => made.#request(bytes, from.address, from.port));
    return made;
  }

  get port(): number {
    return this.#socket.address().port;
  }

  get #nowMs(): number {
    return this.#nowNs() / NS_PER_MS;
  }

  #request(bytes: Uint8Array, address: string, port: number): void {
    const packet = decodeTftp(bytes);
    if (packet?.type !== "read" && packet?.type !== "write") return;
    const key = `${address} ${port}`;
    // Its repeat: the first answer is on its way, or comes in time.
    if (this.#running.has(key)) return;
    if (this.#running.size >= SESSIONS_MAX) this.#makeRoom();
    if (this.#running.size >= SESSIONS_MAX) {
      this.#socket.send(encodeTftp({ type: "error", code: TFTP_ERROR.undefined, text: "busy" }), port, address);
      return;
    }
    this.#begin(key, packet, address, port);
  }

  /** Of those that are done the oldest goes. */
  #makeRoom(): void {
    for (const [key, { session }] of this.#running) if (session.isSettled) return this.#end(key);
  }

  #begin(key: string, request: TftpRequest, address: string, port: number): void {
    const socket = createSocket(this.#host.includes(":") ? "udp6" : "udp4");
    // What it wakes before there is a name for it is sent behind its making.
    let flush = (): void => undefined;
    const session = new TftpSession(this.#loader, this.#shared, this.#nowMs, request, () => flush());
    this.#running.set(key, { session, socket });
    flush = () => {
      const nowMs = this.#nowMs;
      for (let out = session.pollPacket(nowMs); out !== undefined; out = session.pollPacket(nowMs))
        socket.send(out, port, address);
      if (session.isOver) this.#end(key);
      else this.#timer.wakeBy(session.nextTimeoutMs() * NS_PER_MS);
    };
    socket.on("error", () => this.#end(key));
    socket.on("message", (bytes, from) => {
      if (from.port === port && from.address === address) return session.handlePacket(this.#nowMs, bytes);
      socket.send(
        encodeTftp({ type: "error", code: TFTP_ERROR.unknownTransfer, text: "not yours" }),
        from.port,
        from.address,
      );
    });
    socket.bind(0, this.#host, () => flush());
  }

  #end(key: string): void {
    const running = this.#running.get(key);
    if (running === undefined) return;
    this.#running.delete(key);
    running.session.close();
    // What was sent last goes out before the socket is closed.
    setImmediate(() => running.socket.close());
  }

  #wake(): void {
    const nowMs = this.#nowMs;
    for (const { session } of this.#running.values())
      if (session.nextTimeoutMs() <= nowMs) session.handleTimeout(nowMs);
      else this.#timer.wakeBy(session.nextTimeoutMs() * NS_PER_MS);
  }

  /** The ONT restarts. */
  clear(): void {
    for (const key of this.#running.keys()) this.#end(key);
  }

  close(): void {
    this.#timer.stop();
    this.clear();
    this.#socket.close();
  }
}
