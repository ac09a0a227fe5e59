/** The OLT's way to ONTs on UDP: bursts of frames down, a socket's datagrams up, ranging in between. */
import type { SectionSpan, TrailerPair } from "../../omci/index.ts";
import {
  BROADCAST_PORT,
  type BurstOptions,
  BurstWriter,
  decodeRanging,
  type Encapsulation,
  encodeRanging,
  type Fibre,
  GEM_HEADER_BYTES,
  GemReader,
  ImpairedWriter,
  newTraffic,
  OltRanging,
  type OltSocket,
  omccPort,
} from "../../pon/index.ts";
import type { CaptureFile } from "../../pon/capture/index.ts";
import { BROADCAST } from "../../pon/types.ts";
import type { LinkTrailers } from "../process/trailers.ts";
import { NOBODY, type RealTimeSouthbound, type SouthboundHandlers } from "./southbound.ts";

/** Sent in one turn of the event loop: a few datagrams, so that answers are never long unread. */
const TURN_BYTES = 512 * 1024;

interface Peer {
  address: string;
  port: number;
}

interface Line {
  onuId: number;
  portId: number;
  trailers: TrailerPair;
}

export interface UdpSouthboundOptions {
  socket: OltSocket;
  encapsulation: Encapsulation;
  trailers: LinkTrailers;
  /** Of ranging: another OLT has another. */
  nonce: number;
  feeder: Fibre;
  nowNs: () => number;
  capture?: CaptureFile;
}

/** The OLT's end of the fibre: packs what the core sends into bursts, takes apart what comes in, ranges the ONTs. */
export class UdpSouthbound implements RealTimeSouthbound {
  readonly name = "OLT on UDP";
  readonly downstream = newTraffic();
  readonly upstream = newTraffic();
  handlers: SouthboundHandlers = NOBODY;
  readonly #ranging: OltRanging<Peer>;
  readonly #socket: OltSocket;
  readonly #trailers: LinkTrailers;
  readonly #encapsulation: Encapsulation;
  readonly #broadcast: ImpairedWriter;
  readonly #unicast: ImpairedWriter;
  readonly #lines: (Line | undefined)[] = [];
  /** With plain encapsulation nothing in a frame says who sent it. */
  readonly #onuIdByPeer = new Map<string, number>();
  readonly #reader = new GemReader();
  readonly #capture: CaptureFile | undefined;
  readonly #nowNs: () => number;
  #turnStartBytes = 0;

  constructor(options: UdpSouthboundOptions) {
    const { socket, encapsulation, trailers, nonce, feeder, nowNs } = options;
    this.#socket = socket;
    this.#capture = options.capture;
    this.#nowNs = nowNs;
    this.#trailers = trailers;
    this.#encapsulation = encapsulation;
    const bursts = {
      encapsulation,
      burstBytes: socket.burstBytes,
      traffic: this.downstream,
      onFrame: options.capture && downstreamTap(options.capture, nowNs),
    };
    // What is lost on the feeder was sent all the same: it is not noted as dropped by anyone.
    const impaired = { nowNs, onDropped: () => undefined };
    const broadcast = new BurstWriter({
      ...bursts,
      send: (buffer, length) => socket.broadcast(buffer, length, () => broadcast.reuse(buffer)),
    });
    const unicast = new BurstWriter({
      ...bursts,
      send: (buffer, length, portId) =>
        this.#sendUnicast(portId - omccPort(0), buffer, length, () => unicast.reuse(buffer)),
    });
    this.#broadcast = new ImpairedWriter({ ...impaired, writer: broadcast, link: feeder.broadcast });
    this.#unicast = new ImpairedWriter({ ...impaired, writer: unicast, link: feeder.unicast });
    this.#ranging = new OltRanging<Peer>(nonce, {
      send: (message, peer) => {
        const bytes = encodeRanging(message);
        socket.unicast(bytes, bytes.length, peer.port, peer.address, () => undefined);
      },
      onRanged: (onuId, serial) => this.#ranged(onuId, serial),
      onLinkLost: (onuId) => this.handlers.onLinkLost(onuId),
      onLate: (lateNs) => this.handlers.onLate(lateNs),
      onRefused: (serial) => this.handlers.onDropped(BROADCAST, `no ONU-ID left for ${serial}`),
    });
    socket.onDrain = () => this.handlers.onDue();
    socket.onMessage = (bytes, port, address) => {
      this.#receive(nowNs(), bytes, port, address);
      this.handlers.onDue();
    };
  }

  /** There is room again for what the socket holds no longer. */
  beginTurn(): void {
    this.#turnStartBytes = this.downstream.gemBytes;
  }

  roomBytes(): number {
    return TURN_BYTES - this.#socket.queuedBytes - (this.downstream.gemBytes - this.#turnStartBytes);
  }

  /** While something is on its way to the system, the socket tells when it has drained. */
  roomAgainNs(nowNs: number): number {
    return this.#socket.queuedBytes > 0 ? Infinity : nowNs;
  }

  nextTimeoutNs(): number {
    return this.#ranging.nextTimeoutNs();
  }

  handleTimeout(nowNs: number): void {
    this.#ranging.handleTimeout(nowNs);
  }

  frame(to: number, bytes: Uint8Array, lengthBytes: number): void {
    if (to === BROADCAST) return this.#broadcast.frame(BROADCAST_PORT, bytes, lengthBytes, this.#trailers.broadcast);
    const line = this.#lines[to];
    if (line) this.#unicast.frame(line.portId, bytes, lengthBytes, line.trailers.downstream);
  }

  sections(to: number, span: SectionSpan): void {
    if (to === BROADCAST) return this.#broadcast.sections(BROADCAST_PORT, span, this.#trailers.broadcast);
    const line = this.#lines[to];
    if (line) this.#unicast.sections(line.portId, span, line.trailers.downstream);
  }

  /** Sends what is packed. */
  flush(): void {
    this.#broadcast.flush();
    this.#unicast.flush();
  }

  close(): void {
    this.#socket.close();
  }

  #receive(nowNs: number, bytes: Uint8Array, port: number, address: string): void {
    const message = decodeRanging(bytes);
    if (message) return this.#ranging.handle(nowNs, message, { port, address });
    if (this.#encapsulation === "plain") {
      const onuId = this.#onuIdByPeer.get(`${address}:${port}`);
      if (onuId === undefined) return this.handlers.onDropped(BROADCAST, "not-ranged");
      return this.#frame(onuId, bytes, 0, bytes.length);
    }
    const reader = this.#reader;
    reader.start(bytes);
    while (reader.next()) this.#frame(reader.portId - omccPort(0), bytes, reader.payloadStart, reader.payloadEnd);
    if (reader.fault !== "none") this.handlers.onDropped(BROADCAST, reader.fault);
  }

  #frame(onuId: number, bytes: Uint8Array, start: number, end: number): void {
    const line = this.#lines[onuId];
    if (!line) return this.handlers.onDropped(onuId, "not-ranged");
    this.#capture?.frame({ timeNs: this.#nowNs(), direction: "up", onuId, frame: bytes.subarray(start, end) });
    this.upstream.frames++;
    this.upstream.omciBytes += end - start;
    this.upstream.gemBytes += end - start + GEM_HEADER_BYTES;
    const trailer = line.trailers.upstream;
    if (end - start <= trailer.bytes || !trailer.check(bytes, start, end)) {
      return this.handlers.onDropped(onuId, "bad-trailer");
    }
    this.handlers.onFrame(onuId, bytes.subarray(start, end - trailer.bytes));
  }

  #ranged(onuId: number, serial: string): void {
    this.#lines[onuId] ??= { onuId, portId: omccPort(onuId), trailers: this.#trailers.ofOnt(serial) };
    const peer = this.#ranging.peerOf(onuId);
    for (const [key, known] of this.#onuIdByPeer) if (known === onuId) this.#onuIdByPeer.delete(key);
    if (peer) this.#onuIdByPeer.set(`${peer.address}:${peer.port}`, onuId);
    this.handlers.onRanged(onuId, serial);
  }

  /** Light that reaches nobody is sent all the same. */
  #sendUnicast(onuId: number, buffer: Uint8Array, lengthBytes: number, done: () => void): void {
    const peer = this.#ranging.peerOf(onuId);
    if (peer) this.#socket.unicast(buffer, lengthBytes, peer.port, peer.address, done);
    else done();
  }
}

/** Every frame that leaves goes into the capture. */
function downstreamTap(capture: CaptureFile, nowNs: () => number): NonNullable<BurstOptions["onFrame"]> {
  return (portId, buffer, start, end, note) => {
    const onuId = portId === BROADCAST_PORT ? BROADCAST : portId - omccPort(0);
    const frame = buffer.subarray(start, end);
    capture.frame({ timeNs: nowNs(), direction: "down", onuId, frame, ...(note !== undefined && { comment: note }) });
  };
}
