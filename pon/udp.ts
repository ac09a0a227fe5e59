/** The sockets of OLT and ONTs: multicast down, unicast both ways. Datagrams only, no frames, no ranging. */
import { systemWords } from "../base/errors/index.ts";
import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { isIPv4 } from "node:net";
import { networkInterfaces } from "node:os";
import { openSource } from "./datagrams/open.ts";
import { growReceiveBuffer, guard, hearOnly, listen } from "./datagrams/sockets.ts";
import {
  ARENA_STRIDE_BYTES,
  DATAGRAM_BYTES_MAX,
  DATAGRAM_BYTES_VARIABLE,
  datagramBytesAsked,
  type DatagramSource,
  NetworkError,
  UDP_WAY_VARIABLE,
  udpWayAsked,
} from "./datagrams/source.ts";

export { NetworkError } from "./datagrams/source.ts";

/** Loopback: the default, and the only place where frames go unless an interface is named. */
export const LOOPBACK = "127.0.0.1";
/** Datagrams on the loopback, and elsewhere what fits one Ethernet frame. */
export const BURST_BYTES_LOOPBACK = DATAGRAM_BYTES_MAX;
export const BURST_BYTES_ETHERNET = 1472;
/** Asked for at every socket; one window of 256 extended sections is half a megabyte. */
const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;
/** Below this a window may overrun an ONT's socket even without any impairment. */
export const RECEIVE_BUFFER_BYTES_MIN = 1024 * 1024;

export interface NetworkOptions {
  /** Address or name of the interface; 127.0.0.1 unless named. */
  interface: string;
}

/** The IPv4 address of an interface named by address or name. @throws NetworkError */
export function resolveInterface(name: string): string {
  if (name === LOOPBACK || name === "lo") return LOOPBACK;
  const all = networkInterfaces();
  for (const [candidate, addresses] of Object.entries(all)) {
    for (const { address, family } of addresses ?? []) {
      if (family === "IPv4" && (candidate === name || address === name)) return address;
    }
  }
  const known = Object.keys(all).join(", ");
  throw new NetworkError(`interface ${name} does not exist or has no IPv4 address; there are: ${known}`);
}

const isLoopback = (address: string): boolean => address.startsWith("127.");

/** Nobody but processes of this machine hears and sends on that interface. @throws NetworkError when there is none */
export const staysOnMachine = (name: string): boolean => isLoopback(resolveInterface(name));

/** Datagram size that suits an interface, or that the environment asks for. @throws NetworkError */
export const burstBytesFor = (address: string, asked = process.env[DATAGRAM_BYTES_VARIABLE]): number =>
  datagramBytesAsked(asked) ?? (isLoopback(address) ? BURST_BYTES_LOOPBACK : BURST_BYTES_ETHERNET);

/**
 * Multicast group and port of an OLT, from the port it is bound to: unique on its host, so that two runs at the same
 * time do not hear each other.
 */
export const multicastOf = (oltPort: number): { group: string; port: number } => ({
  group: `239.255.${oltPort >> 8}.${oltPort & 0xff}`,
  port: oltPort,
});

type OnMessage = (bytes: Uint8Array, port: number, address: string) => void;

const failure = (what: string, error: unknown): NetworkError =>
  new NetworkError(`${what}: ${systemWords(error as Error)}`);

/** The OLT's end: one socket that multicasts downstream, talks to single ONTs and hears them all. */
export class OltSocket {
  readonly address: string;
  readonly port: number;
  readonly burstBytes: number;
  readonly receiveBufferBytes: number;
  readonly #socket: Socket;
  readonly #multicast: { group: string; port: number };
  readonly #namedInterface: boolean;
  /** Bytes handed to the socket and not yet taken by the system. */
  queuedBytes = 0;
  /** Called when the queue has drained: the core may send on. */
  onDrain: () => void = () => undefined;
  onMessage: OnMessage = () => undefined;
  /** Datagrams that the system did not take, by error code. */
  readonly sendErrors = new Map<string, number>();

  private constructor(socket: Socket, address: string, receiveBufferBytes: number) {
    this.#socket = socket;
    this.address = address;
    this.port = socket.address().port;
    this.#multicast = multicastOf(this.port);
    this.burstBytes = burstBytesFor(address);
    this.receiveBufferBytes = receiveBufferBytes;
    this.#namedInterface = !isLoopback(address);
    const take = guard.wrap("datagram to the OLT", (bytes: Uint8Array, { port, address: from }: RemoteInfo) =>
      this.onMessage(bytes, port, from),
    );
    socket.on("message", take);
    // An ONT that is gone answers with "port unreachable"; its silence is noticed elsewhere.
    socket.on("error", (error) => this.#countError(error));
  }

  /** @param port 0 = any that is free. @throws NetworkError */
  static async open(options: NetworkOptions, port = 0): Promise<OltSocket> {
    const address = resolveInterface(options.interface);
    const socket = createSocket({ type: "udp4" });
    try {
      await listen(socket, { port, address, exclusive: true });
      socket.setMulticastInterface(address);
      socket.setMulticastTTL(isLoopback(address) ? 0 : 1);
      socket.setMulticastLoopback(true);
      return new OltSocket(socket, address, growReceiveBuffer(socket, RECEIVE_BUFFER_BYTES));
    } catch (error) {
      socket.close();
      throw failure(`cannot listen on ${address}:${port}`, error);
    }
  }

  /** To all ONTs. `done` gives the buffer back. */
  broadcast(buffer: Uint8Array, lengthBytes: number, done: () => void): void {
    this.#send(buffer, lengthBytes, this.#multicast.port, this.#multicast.group, done);
  }

  /** To one ONT's own address. Where it cannot be sent to, that is counted as if the system had refused it. */
  unicast(buffer: Uint8Array, lengthBytes: number, port: number, address: string, done: () => void): void {
    if (this.canReach(port, address)) return this.#send(buffer, lengthBytes, port, address, done);
    this.#count("unreachable");
    done();
  }

  /** A datagram may say that it comes from port 0, or from anywhere: there is no answering it. */
  canReach(port: number, address: string): boolean {
    return port > 0 && (this.#namedInterface || isLoopback(address));
  }

  close(): void {
    this.#socket.close();
  }

  #send(buffer: Uint8Array, lengthBytes: number, port: number, address: string, done: () => void): void {
    this.queuedBytes += lengthBytes;
    const sent = (error: Error | null): void => {
      this.queuedBytes -= lengthBytes;
      if (error) this.#countError(error);
      done();
      if (this.queuedBytes === 0) this.onDrain();
    };
    try {
      this.#socket.send(buffer, 0, lengthBytes, port, address, sent);
    } catch (error) {
      sent(error as Error);
    }
  }

  #countError(error: Error): void {
    this.#count((error as NodeJS.ErrnoException).code ?? error.message);
  }

  #count(code: string): void {
    this.sendErrors.set(code, (this.sendErrors.get(code) ?? 0) + 1);
  }
}

/**
 * An ONT process's end: one socket in the multicast group, one for its own address; several ONTs may share it. Both hear the
 * OLT alone: downstream of a PON has one sender. The system drops what others send before it costs a wake-up.
 */
export class OntSocket {
  readonly receiveBufferBytes: number;
  onBroadcast: (bytes: Uint8Array) => void = () => undefined;
  onUnicast: (bytes: Uint8Array) => void = () => undefined;
  readonly #own: Socket;
  readonly #group: DatagramSource;
  #isClosed = false;

  private constructor(own: Socket, group: DatagramSource, olt: { address: string; port: number }) {
    this.#own = own;
    this.#group = group;
    this.receiveBufferBytes = group.receiveBufferBytes;
    // What came between bind and connect may still be from others.
    const isOlt = ({ address, port }: RemoteInfo): boolean => port === olt.port && address === olt.address;
    const takeOwn = guard.wrap("datagram to an ONT", (bytes: Uint8Array, remote: RemoteInfo) => {
      if (isOlt(remote)) this.onUnicast(bytes);
    });
    // Each by itself: one that throws leaves the others of its batch.
    const takeOne = guard.wrap("datagram to all ONTs", (bytes: Uint8Array) => this.onBroadcast(bytes));
    own.on("message", takeOwn);
    group.onBatch = (arena, lengths, count) => {
      // What one of them brings about may close the socket: then nobody hears the others.
      for (let index = 0; index < count && !this.#isClosed; index++) {
        if (lengths[index] < 0) continue;
        const start = index * ARENA_STRIDE_BYTES;
        takeOne(count === 1 && arena.length === lengths[0] ? arena : arena.subarray(start, start + lengths[index]));
      }
    };
    // "Port unreachable": the OLT is away; ranging goes on asking.
    own.on("error", () => undefined);
  }

  /** @param olt where the OLT listens. @param asked how datagrams to all are received. @throws NetworkError */
  static async open(
    options: NetworkOptions,
    olt: { address: string; port: number },
    asked: string | undefined = process.env[UDP_WAY_VARIABLE],
  ): Promise<OntSocket> {
    const address = resolveInterface(options.interface);
    if (!isIPv4(olt.address)) throw new NetworkError(`the OLT's address ${olt.address} is not an IPv4 address`);
    if (isLoopback(address) && !isLoopback(olt.address)) {
      throw new NetworkError(`the OLT ${olt.address} is not on the loopback; name an interface to reach it`);
    }
    const own = createSocket({ type: "udp4" });
    try {
      await listen(own, { port: 0, address, exclusive: true });
      await hearOnly(own, olt);
      growReceiveBuffer(own, RECEIVE_BUFFER_BYTES);
      const where = { ...multicastOf(olt.port), address, olt, receiveBufferBytes: RECEIVE_BUFFER_BYTES };
      const group = await openSource(where, burstBytesFor(address), udpWayAsked(asked));
      return new OntSocket(own, group, olt);
    } catch (error) {
      own.close();
      if (error instanceof NetworkError) throw error;
      throw failure(`cannot listen on ${address} for ${olt.address}:${olt.port} and its multicast group`, error);
    }
  }

  /** Upstream; the buffer must not change before `done`. */
  send(buffer: Uint8Array, lengthBytes: number, done: () => void = () => undefined): void {
    try {
      this.#own.send(buffer, 0, lengthBytes, done);
    } catch {
      // Nothing that a frame can do ends an ONT: what is not sent is asked for again.
      done();
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#own.close();
    this.#group.close();
  }
}
