/** The sockets of OLT and ONTs: multicast down, unicast both ways. Datagrams only, no frames, no ranging. */
import { caughtLine, Guard, InputError, systemWords } from "../base/errors/index.ts";
import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { isIPv4 } from "node:net";
import { networkInterfaces } from "node:os";
import { MessageChannel, type MessagePort } from "node:worker_threads";

/** Loopback: the default, and the only place where frames go unless an interface is named. */
export const LOOPBACK = "127.0.0.1";
/** Datagrams on the loopback, and elsewhere what fits one Ethernet frame. */
export const BURST_BYTES_LOOPBACK = 60_000;
export const BURST_BYTES_ETHERNET = 1472;
/** Asked for at every socket; one window of 256 extended sections is half a megabyte. */
const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;
/** From here on freeing a datagram at once pays. */
const LARGE_DATAGRAM_BYTES = 8192;
/** Below this a window may overrun an ONT's socket even without any impairment. */
export const RECEIVE_BUFFER_BYTES_MIN = 1024 * 1024;

/** A network setting that cannot be used, in one line. */
export class NetworkError extends InputError {
  override readonly name = "NetworkError";
}

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

/** Datagram size that suits an interface. */
export const burstBytesFor = (address: string): number =>
  isLoopback(address) ? BURST_BYTES_LOOPBACK : BURST_BYTES_ETHERNET;

/**
 * Multicast group and port of an OLT, from the port it is bound to: unique on its host, so that two runs at the same
 * time do not hear each other.
 */
export const multicastOf = (oltPort: number): { group: string; port: number } => ({
  group: `239.255.${oltPort >> 8}.${oltPort & 0xff}`,
  port: oltPort,
});

const guard = new Guard((caught) => process.stderr.write(caughtLine(caught)));

type OnMessage = (bytes: Uint8Array, port: number, address: string) => void;

function listen(socket: Socket, port: number, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.bind({ port, address, exclusive: true }, () => {
      socket.off("error", reject);
      resolve();
    });
  });
}

/** From now on the system hands over what comes from there, and nothing else. */
function hearOnly(socket: Socket, { address, port }: { address: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.connect(port, address, () => {
      socket.off("error", reject);
      resolve();
    });
  });
}

/** Asks for a large receive buffer. @returns what the system granted, bytes */
function growReceiveBuffer(socket: Socket): number {
  try {
    socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES);
  } catch {
    // The system's limit is lower: what it grants is checked by the caller.
  }
  return socket.getRecvBufferSize();
}

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
      await listen(socket, port, address);
      socket.setMulticastInterface(address);
      socket.setMulticastTTL(isLoopback(address) ? 0 : 1);
      socket.setMulticastLoopback(true);
      return new OltSocket(socket, address, growReceiveBuffer(socket));
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
 * Frees the memory of a datagram that is done with: what is transferred to a port with nobody at its other end is gone.
 * Left to the garbage collector it would come back some hundred datagrams later, and the system would have to find
 * 64 KiB of fresh memory for each until then, which takes as long as their CRCs.
 */
class Shredder {
  readonly #port: MessagePort;

  constructor() {
    const { port1, port2 } = new MessageChannel();
    port2.close();
    this.#port = port1;
  }

  take(datagram: Uint8Array): void {
    const { buffer, length } = datagram;
    // Never memory that something else lies in as well.
    if (length < LARGE_DATAGRAM_BYTES || buffer.byteLength !== length) return;
    this.#port.postMessage(null, [buffer as ArrayBuffer]);
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
  readonly #group: Socket;

  private constructor(own: Socket, group: Socket, olt: { address: string; port: number }, receiveBufferBytes: number) {
    this.#own = own;
    this.#group = group;
    this.receiveBufferBytes = receiveBufferBytes;
    const shredder = new Shredder();
    // What came between bind and connect may still be from others.
    const isOlt = ({ address, port }: RemoteInfo): boolean => port === olt.port && address === olt.address;
    const takeOwn = guard.wrap("datagram to an ONT", (bytes: Uint8Array, remote: RemoteInfo) => {
      if (isOlt(remote)) this.onUnicast(bytes);
    });
    const takeGroups = guard.wrap("datagram to all ONTs", (bytes: Uint8Array, remote: RemoteInfo) => {
      if (isOlt(remote)) this.onBroadcast(bytes);
      shredder.take(bytes);
    });
    own.on("message", takeOwn);
    group.on("message", takeGroups);
    // "Port unreachable": the OLT is away; ranging goes on asking.
    own.on("error", () => undefined);
    group.on("error", () => undefined);
  }

  /** @param olt where the OLT listens. @throws NetworkError */
  static async open(options: NetworkOptions, olt: { address: string; port: number }): Promise<OntSocket> {
    const address = resolveInterface(options.interface);
    if (!isIPv4(olt.address)) throw new NetworkError(`the OLT's address ${olt.address} is not an IPv4 address`);
    if (isLoopback(address) && !isLoopback(olt.address)) {
      throw new NetworkError(`the OLT ${olt.address} is not on the loopback; name an interface to reach it`);
    }
    const own = createSocket({ type: "udp4" });
    const shared = createSocket({ type: "udp4", reuseAddr: true });
    try {
      await listen(own, 0, address);
      const { group, port } = multicastOf(olt.port);
      // Bound to the group's address: another run's group on this host is not heard.
      await new Promise<void>((resolve, reject) => {
        shared.once("error", reject);
        shared.bind({ port, address: group }, () => {
          shared.off("error", reject);
          resolve();
        });
      });
      shared.addMembership(group, address);
      await Promise.all([hearOnly(own, olt), hearOnly(shared, olt)]);
      growReceiveBuffer(own);
      return new OntSocket(own, shared, olt, growReceiveBuffer(shared));
    } catch (error) {
      own.close();
      shared.close();
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
    this.#own.close();
    this.#group.close();
  }
}
