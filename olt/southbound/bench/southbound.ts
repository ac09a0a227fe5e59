/** The OLT's way to the one ONT at the end of a road of a bench. */
import {
  crc32Trailer,
  encodeMessage,
  encodeSection,
  FRAME_ROOM_BYTES,
  maskOf,
  noTrailer,
  ONU_G,
  pduLength,
  PDU_BYTES_MAX,
  type SectionSpan,
  type Trailer,
} from "../../../omci/index.ts";
import type { BenchRoad, OpenRoad } from "../../../pon/bench/index.ts";
import { newTraffic } from "../../../pon/index.ts";
import { NOBODY, type SouthboundHandlers } from "../southbound.ts";
import type { StartedSouthbound } from "../unicast-run.ts";
import { Presence } from "./presence.ts";

const BYTES_WAITING_MAX = 32 * 1024;
const ROOM_LOOK_NS = 5_000_000;
/** The one ONT, at the core. */
const ONT = 0;

export interface BenchWay {
  road: BenchRoad;
  nowNs: () => number;
  /** The road is gone, or nobody is there; one line. */
  onEnd: (cause: string) => void;
}

/** A road says nothing about who is there: `Presence` asks the ONT. */
export class BenchSouthbound implements StartedSouthbound {
  readonly name = "OLT on a road of a bench";
  handlers: SouthboundHandlers = NOBODY;
  readonly downstream = newTraffic();
  readonly upstream = newTraffic();
  readonly #way: BenchWay;
  readonly #trailer: Trailer;
  readonly #presence: Presence;
  readonly #frame = new Uint8Array(FRAME_ROOM_BYTES);
  #road: OpenRoad | undefined;

  constructor(way: BenchWay) {
    this.#way = way;
    this.#trailer = way.road.hasTrailer ? crc32Trailer : noTrailer;
    this.#presence = new Presence({
      ask: (tci) => this.#askSerial(tci),
      onUp: (serial) => this.handlers.onRanged(ONT, serial),
      onDown: () => this.handlers.onLinkLost(ONT),
      onAbsent: (cause) => way.onEnd(`${way.road.name}: ${cause}`),
    });
  }

  /** Opens the road. @throws InputError in one line when there is no way */
  async start(): Promise<void> {
    this.#road = await this.#way.road.open("olt", {
      onFrame: (frame) => this.#receive(frame),
      onEnd: this.#way.onEnd,
      onDropped: (cause) => this.handlers.onDropped(ONT, cause),
    });
    this.#presence.begin(this.#way.nowNs());
  }

  close(): void {
    this.#road?.close();
  }

  beginTurn(): void {
    // Frames leave as they are sent.
  }

  roomBytes(): number {
    return BYTES_WAITING_MAX - (this.#road?.waitingBytes ?? 0);
  }

  frame(_to: number, bytes: Uint8Array, lengthBytes: number): void {
    this.#presence.noteRequest(this.#way.nowNs(), bytes);
    this.#send(bytes.subarray(0, lengthBytes));
  }

  sections(_to: number, span: SectionSpan): void {
    const pdu = new Uint8Array(PDU_BYTES_MAX);
    for (let index = 0; index < span.count; index++) this.#send(pdu.subarray(0, encodeSection(span, index, pdu, 0)));
  }

  flush(): void {
    // Nothing is held back.
  }

  roomAgainNs(nowNs: number): number {
    return this.roomBytes() > 0 ? nowNs : nowNs + ROOM_LOOK_NS;
  }

  nextTimeoutNs(): number {
    return this.#presence.nextTimeoutNs();
  }

  handleTimeout(nowNs: number): void {
    this.#presence.handleTimeout(nowNs);
  }

  #receive(frame: Uint8Array): void {
    const end = pduLength(frame);
    if (this.#trailer.bytes > 0 && end < frame.length && !this.#trailer.check(frame, 0, frame.length))
      return this.handlers.onDropped(ONT, "trailer");
    const pdu = frame.subarray(0, end);
    this.upstream.frames++;
    this.upstream.omciBytes += pdu.length;
    this.upstream.gemBytes += pdu.length;
    if (!this.#presence.takeAnswer(this.#way.nowNs(), pdu)) this.handlers.onFrame(ONT, pdu);
    this.handlers.onDue();
  }

  #askSerial(tci: number): void {
    const address = { tci, messageSet: "baseline", classId: ONU_G, instanceId: 0 } as const;
    const body = { type: "getRequest", attributeMask: maskOf(ONU_G, "serialNumber") } as const;
    const pdu = new Uint8Array(PDU_BYTES_MAX);
    this.#send(pdu.subarray(0, encodeMessage({ ...body, ...address }, pdu)));
  }

  #send(pdu: Uint8Array): void {
    this.downstream.frames++;
    this.downstream.omciBytes += pdu.length;
    this.downstream.gemBytes += pdu.length;
    this.#frame.set(pdu);
    this.#trailer.seal(this.#frame, 0, pdu.length);
    this.#road?.send(this.#frame.slice(0, pdu.length + this.#trailer.bytes));
  }
}
