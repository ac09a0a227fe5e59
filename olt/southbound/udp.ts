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
  OltEnd,
  OltRanging,
  type OltSocket,
  omccPort,
  type RangingMessage,
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
  serial: string;
  portId: number;
  trailers: TrailerPair;
}

export interface UdpSouthboundOptions {
  socket: OltSocket;
  encapsulation: Encapsulation;
  trailers: LinkTrailers;
  /** Of ranging: another OLT has another. */
  nonce: number;
  /** Ranging and frames are sealed with it; absent: everybody is believed. */
  ponKey?: Uint8Array | undefined;
  /** Serial numbers that come first; closed: nobody else is ranged. */
  expected?: { serials: readonly string[]; isClosed: boolean } | undefined;
  feeder: Fibre;
  nowNs: () => number;
  /** Number of the port, for the capture; 0 unless there are several. */
  pon?: number;
  capture?: CaptureFile;
}

/** The OLT's end of the fibre: packs what the core sends into bursts, takes apart what comes in, ranges the ONTs. */
export class UdpSouthbound implements RealTimeSouthbound {
  readonly name = "OLT on UDP";
  readonly downstream = newTraffic();
  readonly upstream = newTraffic();
  handlers: SouthboundHandlers = NOBODY;
  readonly #end: OltEnd;
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
  readonly #pon: number;
  #turnStartBytes = 0;

  constructor(options: UdpSouthboundOptions) {
    const { socket, encapsulation, trailers, nonce, ponKey, expected, feeder, nowNs } = options;
    this.#socket = socket;
    this.#capture = options.capture;
    this.#nowNs = nowNs;
    this.#pon = options.pon ?? 0;
    this.#trailers = trailers;
    this.#encapsulation = encapsulation;
    const end = new OltEnd(ponKey, encapsulation, nonce);
    this.#end = end;
    const bursts = {
      encapsulation,
      burstBytes: socket.burstBytes,
      headBytes: end.headBytes.frames,
      traffic: this.downstream,
      onFrame: options.capture && downstreamTap(options.capture, nowNs, this.#pon),
    };
    // What is lost on the feeder was sent all the same: it is not noted as dropped by anyone.
    const impaired = { nowNs, onDropped: () => undefined };
    const broadcast = new BurstWriter({
      ...bursts,
      send: (buffer, length) => {
        end.sealBroadcast(buffer, length);
        socket.broadcast(buffer, length, () => broadcast.reuse(buffer));
      },
    });
    const unicast = new BurstWriter({
      ...bursts,
      send: (buffer, length, portId) =>
        this.#sendUnicast(portId - omccPort(0), buffer, length, () => unicast.reuse(buffer)),
    });
    this.#broadcast = new ImpairedWriter({ ...impaired, writer: broadcast, link: feeder.broadcast });
    this.#unicast = new ImpairedWriter({ ...impaired, writer: unicast, link: feeder.unicast });
    const whom = { expected: expected?.serials ?? [], isClosed: expected?.isClosed === true };
    this.#ranging = new OltRanging<Peer>(
      { nonce, samePeer, ...whom },
      {
        send: (message, peer) => this.#sendRanging(message, peer),
        onRanged: (onuId, message) => this.#ranged(onuId, message),
        onLinkLost: (onuId) => this.handlers.onLinkLost(onuId),
        onLate: (lateNs) => this.handlers.onLate(lateNs),
        onRefused: (cause) => this.handlers.onDropped(BROADCAST, cause),
      },
    );
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

  /** See `OltRanging`. */
  admit(serials: readonly string[]): void {
    this.#ranging.admit(serials);
  }

  release(serials: readonly string[]): void {
    this.#ranging.release(serials);
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
    if (!this.#socket.canReach(port, address)) return this.handlers.onDropped(BROADCAST, "unreachable");
    const opened = this.#end.open(bytes);
    if (typeof opened === "string") return this.handlers.onDropped(BROADCAST, opened);
    const { start } = opened;
    const message = decodeRanging(start === 0 ? bytes : bytes.subarray(start));
    if (message) {
      if (this.#end.isOfFlow(message)) this.#ranging.handle(nowNs, message, { port, address });
      else this.handlers.onDropped(BROADCAST, "other-flow");
      return;
    }
    if (this.#encapsulation === "plain") return this.#plainFrame(bytes, port, address);
    this.#frames(bytes, start, opened.onuId, { port, address });
  }

  /** Nothing in it says whose it is: the address does. */
  #plainFrame(bytes: Uint8Array, port: number, address: string): void {
    const onuId = this.#onuIdByPeer.get(`${address}:${port}`);
    if (onuId === undefined) return this.handlers.onDropped(BROADCAST, "not-ranged");
    this.#frame(onuId, bytes, 0, bytes.length);
  }

  /** An ONT sends on no other's OMCC: the seal says whose its frames are, or else where they come from. */
  #frames(bytes: Uint8Array, start: number, sealedBy: number | undefined, from: Peer): void {
    const reader = this.#reader;
    reader.start(bytes, start);
    while (reader.next()) {
      const onuId = reader.portId - omccPort(0);
      const peer = this.#ranging.peerOf(onuId);
      const isOwn = sealedBy === undefined ? peer !== undefined && samePeer(peer, from) : sealedBy === onuId;
      if (isOwn) this.#frame(onuId, bytes, reader.payloadStart, reader.payloadEnd);
      else this.handlers.onDropped(BROADCAST, "not-ranged");
    }
    if (reader.fault !== "none") this.handlers.onDropped(BROADCAST, reader.fault);
  }

  #frame(onuId: number, bytes: Uint8Array, start: number, end: number): void {
    const line = this.#lines[onuId];
    if (!line) return this.handlers.onDropped(onuId, "not-ranged");
    const frame = bytes.subarray(start, end);
    this.#capture?.frame({ timeNs: this.#nowNs(), direction: "up", onuId, pon: this.#pon, frame });
    this.upstream.frames++;
    this.upstream.omciBytes += end - start;
    this.upstream.gemBytes += end - start + GEM_HEADER_BYTES;
    const trailer = line.trailers.upstream;
    if (end - start <= trailer.bytes || !trailer.check(bytes, start, end)) {
      return this.handlers.onDropped(onuId, "bad-trailer");
    }
    this.handlers.onFrame(onuId, bytes.subarray(start, end - trailer.bytes));
  }

  #ranged(onuId: number, message: RangingMessage): void {
    const { serial } = message;
    this.#end.ranged(onuId, message);
    // An ONU-ID may have been another's.
    if (this.#lines[onuId]?.serial !== serial)
      this.#lines[onuId] = { onuId, serial, portId: omccPort(onuId), trailers: this.#trailers.ofOnt(serial) };
    const peer = this.#ranging.peerOf(onuId);
    for (const [key, known] of this.#onuIdByPeer) if (known === onuId) this.#onuIdByPeer.delete(key);
    if (peer) this.#onuIdByPeer.set(`${peer.address}:${peer.port}`, onuId);
    this.handlers.onRanged(onuId, serial);
  }

  #sendRanging(message: RangingMessage, { port, address }: Peer): void {
    const bytes = encodeRanging({ ...message, ...this.#end.group() }, this.#end.headBytes.ranging);
    this.#end.sealRanging(bytes, message);
    this.#socket.unicast(bytes, bytes.length, port, address, () => undefined);
  }

  /** Light that reaches nobody is sent all the same. */
  #sendUnicast(onuId: number, buffer: Uint8Array, lengthBytes: number, done: () => void): void {
    const peer = this.#ranging.peerOf(onuId);
    if (!peer) return done();
    this.#end.sealUnicast(onuId, buffer, lengthBytes);
    this.#socket.unicast(buffer, lengthBytes, peer.port, peer.address, done);
  }
}

const samePeer = (one: Peer, other: Peer): boolean => one.port === other.port && one.address === other.address;

/** Every frame that leaves goes into the capture. */
function downstreamTap(capture: CaptureFile, nowNs: () => number, pon: number): NonNullable<BurstOptions["onFrame"]> {
  return (portId, buffer, start, end, note) => {
    const onuId = portId === BROADCAST_PORT ? BROADCAST : portId - omccPort(0);
    const frame = buffer.subarray(start, end);
    capture.frame({
      timeNs: nowNs(),
      direction: "down",
      onuId,
      pon,
      frame,
      ...(note !== undefined && { comment: note }),
    });
  };
}
