/** How long frames and answers take on one port: rates, distances, and slots that an ONT has to wait for. */
import { encodeMessage, type Message, type MessageSet, sectionPduBytes, PDU_BYTES_MAX } from "../../omci/index.ts";
import { BUDGET_BURST_NS, LANE_QUANTUM_SECTIONS } from "../../olt/index.ts";
import { gemFrameBytes } from "../../pon/virtual/index.ts";
import type { LineFacts, SizingInput } from "./types.ts";

/** Points of the grant cycle that means are taken over. */
const PHASES = 64;

const scratch = new Uint8Array(PDU_BYTES_MAX);

/** Bytes of a GEM frame around a message. */
export const messageBytes = ({ profile, trailerBytes }: LineFacts, message: Message): number =>
  gemFrameBytes(profile, encodeMessage(message, scratch) + trailerBytes);

/** Bytes of a Download section with so many data bytes on the fibre. */
export function sectionFrameBytes(line: LineFacts, messageSet: MessageSet, dataBytes: number): number {
  return gemFrameBytes(line.profile, sectionPduBytes(messageSet, dataBytes) + line.trailerBytes);
}

/** How long things take on one port. */
export class LinkTimes {
  /** Bytes a second that a port may send: line, budget, and its part of the feed. */
  readonly bytesPerSecond: number;
  readonly #line: LineFacts;
  readonly #means = new Map<number, number>();

  constructor({ line, pons }: SizingInput) {
    this.#line = line;
    const { lineBytesPerSecond, budgetBytesPerSecond, feedBytesPerSecond } = line;
    this.bytesPerSecond = Math.min(lineBytesPerSecond, budgetBytesPerSecond, feedBytesPerSecond / pons);
  }

  /** Sending bytes at the pace that is granted. */
  sendNs(bytes: number): number {
    return (bytes * 1e9) / this.bytesPerSecond;
  }

  /** From sending frames until the ONTs are done with the last one, travel time left out; `own` are for one ONT. */
  arriveNs(frames: number, frameBytes: number, own = frames): number {
    return Math.max(this.sendNs(frames * frameBytes), own * this.#line.sectionNs);
  }

  /** The same where windows of several ONTs go out at the same time, in parts. */
  sharedNs(frames: number, frameBytes: number, lanes: number): number {
    const partNs = Math.min(frames, LANE_QUANTUM_SECTIONS) * this.#line.sectionNs;
    return Math.max(
      this.arriveNs(frames, frameBytes),
      this.sendNs(lanes * frames * frameBytes) + (lanes > 1 ? partNs : 0),
    );
  }

  /** Budget that collects while nothing is sent is not lost for a while. */
  regainedNs(idleNs: number): number {
    const { budgetBytesPerSecond } = this.#line;
    return this.bytesPerSecond === budgetBytesPerSecond ? Math.min(idleNs, BUDGET_BURST_NS) : 0;
  }

  /**
   * From a frame's leaving the OLT until the last answer of `answerers` ONTs has come, mean over where in the grant cycle
   * it falls and over which ONTs they are. Each ONT's slot begins at its place in the cycle, as seen by the OLT.
   */
  answersNs(answerers: number): number {
    const count = Math.max(1, Math.min(this.#line.travelNs.length, Math.round(answerers * 4) / 4));
    const known = this.#means.get(count);
    if (known !== undefined) return known;
    const { cycleNs } = this.#line;
    let sum = 0;
    for (let phase = 0; phase < PHASES; phase++) sum += this.#latestNs(((phase + 0.5) * cycleNs) / PHASES, count);
    this.#means.set(count, sum / PHASES);
    return sum / PHASES;
  }

  /** Mean of the latest of `count` ONTs' answers to a frame that leaves at a phase of the cycle. */
  #latestNs(phaseNs: number, count: number): number {
    const waits = this.#waitsFrom(phaseNs).sort((a, b) => a - b);
    if (count >= waits.length) return waits.at(-1)!;
    // The largest of a random choice of `count`: at most the i-th smallest with chance about (i / n)^count.
    let mean = 0;
    let below = 0;
    waits.forEach((waitNs, at) => {
      const upTo = ((at + 1) / waits.length) ** count;
      mean += waitNs * (upTo - below);
      below = upTo;
    });
    return mean;
  }

  /** Time until each ONT's answer has come. */
  #waitsFrom(phaseNs: number): number[] {
    const { travelNs, cycleNs, slotNs, delayDownNs, delayUpNs, sectionNs } = this.#line;
    return travelNs.map((oneWayNs, slot) => {
      const readyNs = phaseNs + 2 * oneWayNs + delayDownNs + sectionNs;
      const cycle = Math.max(0, Math.ceil((readyNs - slot * slotNs) / cycleNs));
      return cycle * cycleNs + slot * slotNs + slotNs / 8 - phaseNs + delayUpNs;
    });
  }

  /**
   * From an ONT's answer to its next one, when what it answers to takes so long to send: its slot comes once in a cycle.
   * Mean over the ONTs.
   */
  ownAnswerNs(sendNs: number): number {
    const { travelNs, cycleNs, delayDownNs, delayUpNs } = this.#line;
    const sum = travelNs.reduce(
      (total, oneWayNs) =>
        total + Math.ceil((sendNs + 2 * oneWayNs + delayDownNs + (delayUpNs % cycleNs)) / cycleNs) * cycleNs,
      0,
    );
    return sum / Math.max(1, travelNs.length) + delayUpNs - (delayUpNs % cycleNs);
  }
}
