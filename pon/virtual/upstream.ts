/** Carries frames from the ONTs of a port to the OLT in virtual time; what they say is not looked at. */
import { PDU_BYTES_MAX } from "../../omci/index.ts";
import { flipBits } from "../corruption.ts";
import { EFFECT, type Fibre, type LinkTraffic, newFrameVerdict } from "../index.ts";
import { gemFrameBytes, type LineProfile } from "./profiles.ts";
import type { EventQueue } from "./queue.ts";
import type { UpstreamGrants } from "./grants.ts";
import { LINE_EVENT } from "./events.ts";
import type { LineOnt } from "./line-ont.ts";
import { Pool } from "./flight.ts";

/** Frames an ONT keeps for its grants; a T-CONT that is full drops what comes. */
export const UPSTREAM_FRAMES_MAX = 256;

/** A frame on its way to the OLT, without trailer. */
export interface UpstreamFrame<Ont extends LineOnt> {
  ont: Ont;
  life: number;
  bytes: Uint8Array;
  lengthBytes: number;
  /** When its burst leaves the ONT: a power cut before that takes it. */
  leavesNs: number;
  corrupted: boolean;
}

export interface UpstreamParts<Ont extends LineOnt> {
  queue: EventQueue;
  profile: LineProfile;
  grants: UpstreamGrants;
  feeder: Fibre;
  trailerBytes: number;
  traffic: LinkTraffic;
  healAtNs: number;
  /** Place of an ONT in the grant cycle. */
  slotOf: (ont: Ont) => number;
}

/** Upstream of one port: each ONT's grants, then drop and feeder fibre. Frames are few here, and go one by one. */
export class Upstream<Ont extends LineOnt> {
  readonly #parts: UpstreamParts<Ont>;
  readonly #verdict = newFrameVerdict();
  readonly #frames: Pool<UpstreamFrame<Ont>>;

  constructor(parts: UpstreamParts<Ont>) {
    this.#parts = parts;
    this.#frames = new Pool(() => ({
      ont: undefined as unknown as Ont,
      life: 0,
      bytes: new Uint8Array(64),
      lengthBytes: 0,
      leavesNs: 0,
      corrupted: false,
    }));
  }

  /** An ONT has a frame to send. */
  send(nowNs: number, ont: Ont, bytes: Uint8Array, lengthBytes: number): void {
    if (ont.upstreamFrames >= UPSTREAM_FRAMES_MAX) return ont.count("T-CONT full", 1);
    const { grants, trailerBytes, profile, slotOf, feeder, healAtNs } = this.#parts;
    const frameBytes = lengthBytes + trailerBytes;
    const hereNs = grants.send(slotOf(ont), nowNs, ont.propagationNs, frameBytes);
    const leavesNs = hereNs - ont.propagationNs;
    const gemBytes = gemFrameBytes(profile, frameBytes);
    let atNs = hereNs;
    let copies = 1;
    let corrupted = false;
    if (nowNs < healAtNs) {
      for (const link of [ont.fibre.up, feeder.up]) {
        if (link.clear) continue;
        link.decide(atNs, gemBytes, this.#verdict);
        const { effect, delayNs } = this.#verdict;
        if (effect === EFFECT.lost) return ont.count("lost upstream", 1);
        if (effect === EFFECT.duplicated) copies++;
        if (effect === EFFECT.corrupted) corrupted = true;
        atNs += delayNs;
      }
    }
    for (let copy = 0; copy < copies; copy++) this.#schedule(atNs, ont, bytes, lengthBytes, leavesNs, corrupted);
  }

  #schedule(
    atNs: number,
    ont: Ont,
    bytes: Uint8Array,
    lengthBytes: number,
    leavesNs: number,
    corrupted: boolean,
  ): void {
    const frame = this.#frames.take();
    if (frame.bytes.length < lengthBytes) frame.bytes = new Uint8Array(PDU_BYTES_MAX);
    frame.bytes.set(bytes.length === lengthBytes ? bytes : bytes.subarray(0, lengthBytes));
    frame.ont = ont;
    frame.life = ont.life;
    frame.lengthBytes = lengthBytes;
    frame.leavesNs = leavesNs;
    frame.corrupted = corrupted;
    ont.upstreamFrames++;
    this.#parts.queue.schedule(atNs, LINE_EVENT.upstream, ont.port, 0, frame);
  }

  /**
   * A frame is at the OLT.
   *
   * @returns the PDU, valid until the next call; undefined when it never left or its trailer is wrong
   */
  arrive(frame: UpstreamFrame<Ont>): Uint8Array | undefined {
    const { ont, life, lengthBytes, leavesNs, corrupted } = frame;
    const { traffic, trailerBytes, profile } = this.#parts;
    this.#frames.give(frame);
    ont.upstreamFrames--;
    const lostPower = !ont.hasPower || ont.life !== life;
    if (lostPower && ont.cutNs < leavesNs) return undefined;
    traffic.frames++;
    traffic.omciBytes += lengthBytes + trailerBytes;
    traffic.gemBytes += gemFrameBytes(profile, lengthBytes + trailerBytes);
    if (corrupted && trailerBytes > 0) return undefined;
    const pdu = frame.bytes.subarray(0, lengthBytes);
    if (corrupted) flipBits(pdu, 0, pdu.length, ont.fibre.up);
    return pdu;
  }
}
