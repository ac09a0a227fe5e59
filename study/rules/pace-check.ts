/**
 * The rule "pace": no OLT sends more than line, budget and feed carry. Counts for itself; the OLT's own pacing is what
 * it checks.
 */
import { type SectionSpan, sectionPduBytes } from "../../omci/index.ts";
import { BUDGET_BURST_NS, BUDGET_OVERHEAD_BYTES, type OltEvent } from "../../olt/index.ts";
import { gemFrameBytes } from "../../pon/virtual/index.ts";
import type { Scenario } from "../../scenarios/index.ts";
import type { Observer, Simulation } from "../../run/virtual/index.ts";
import { Violation } from "./violation.ts";

/** How far ahead of the line, and of the feed, the OLTs may send. */
const LINE_AHEAD_NS = 2_500_000;
const FEED_AHEAD_NS = 8_000_000;
/** The last frame may overdraw. */
const FRAME_BYTES_MAX = 2_000;

/** Bytes sent beyond what a rate has carried so far. */
class Backlog {
  readonly #bytesPerNs: number;
  readonly #aheadBytes: number;
  #bytes = 0;
  #sinceNs = 0;

  constructor(bytesPerSecond: number, aheadNs: number, frames: number) {
    this.#bytesPerNs = bytesPerSecond / 1e9;
    this.#aheadBytes = this.#bytesPerNs * aheadNs + frames * FRAME_BYTES_MAX;
  }

  /** @returns how many bytes are waiting that may not be; 0 = it fits */
  add(nowNs: number, bytes: number): number {
    this.#bytes = Math.max(0, this.#bytes - (nowNs - this.#sinceNs) * this.#bytesPerNs) + bytes;
    this.#sinceNs = nowNs;
    return this.#bytes > this.#aheadBytes ? this.#bytes : 0;
  }
}

interface PortPace {
  line: Backlog;
  budget: Backlog;
  /** A new OLT has a budget of its own. */
  lives: number;
}

/** Everything that leaves an OLT fits the rates, counted here from the frames alone. */
export class PaceCheck implements Observer {
  readonly #scenario: Scenario;
  readonly #simulation: () => Simulation;
  #ports: PortPace[] = [];
  #feed: Backlog | undefined;
  /** As commanded, by port. */
  readonly #rates = new Map<number, number>();

  constructor(scenario: Scenario, simulation: () => Simulation) {
    this.#scenario = scenario;
    this.#simulation = simulation;
  }

  /** An operator may change the budget: from then on it is counted by the new one, with what one bucket of it holds. */
  olt(_nowNs: number, pon: number, _ont: unknown, event: OltEvent): void {
    if (event.type !== "command" || event.command !== "rate" || event.refused !== "") return;
    const rate = (event.bitsPerSecond ?? Infinity) / 8;
    this.#rates.set(pon, rate);
    const pace = this.#ports[pon];
    if (pace !== undefined) pace.budget = new Backlog(rate, BUDGET_BURST_NS, 1);
  }

  sections(nowNs: number, pon: number, _to: number, span: SectionSpan): void {
    const pduBytes = (dataBytes: number): number => sectionPduBytes(span.messageSet, dataBytes);
    this.#add(nowNs, pon, span.count - 1, pduBytes(span.sectionBytes), pduBytes(span.lastSectionBytes));
  }

  frame(nowNs: number, pon: number, _to: number, pdu: Uint8Array): void {
    this.#add(nowNs, pon, 0, 0, pdu.length);
  }

  #add(nowNs: number, pon: number, count: number, pduBytes: number, lastPduBytes: number): void {
    const { profile } = this.#simulation().ports[pon];
    const trailerBytes = this.#scenario.pon.trailer === "none" ? 0 : 4;
    const frameBytes = (pdu: number): number => gemFrameBytes(profile, pdu + trailerBytes);
    const bytes = (count === 0 ? 0 : count * frameBytes(pduBytes)) + frameBytes(lastPduBytes);
    const budgetBytes = count * (pduBytes + BUDGET_OVERHEAD_BYTES) + lastPduBytes + BUDGET_OVERHEAD_BYTES;
    const { line, budget } = this.#paceOf(pon);
    const place = `port ${pon}`;
    this.#judge(nowNs, place, "the line's queue", line.add(nowNs, bytes));
    this.#judge(nowNs, place, "the OMCC budget", budget.add(nowNs, budgetBytes));
    if (this.#feed !== undefined) this.#judge(nowNs, place, "the feed's queue", this.#feed.add(nowNs, bytes));
  }

  #judge(nowNs: number, place: string, what: string, bytes: number): void {
    if (bytes === 0) return;
    throw new Violation("pace", nowNs, place, `${Math.round(bytes)} bytes wait, which is too much for ${what}`);
  }

  #paceOf(pon: number): PortPace {
    const { ports } = this.#simulation();
    const { line, lives } = ports[pon];
    const { headendBitsPerSecond } = this.#scenario.pon;
    if (headendBitsPerSecond !== undefined)
      this.#feed ??= new Backlog(headendBitsPerSecond / 8, FEED_AHEAD_NS, 2 * ports.length);
    const pace = this.#ports[pon];
    if (pace?.lives === lives) return pace;
    const { rateBytesPerSecond = Infinity } = this.#scenario.olt;
    const budget = new Backlog(this.#rates.get(pon) ?? rateBytesPerSecond, BUDGET_BURST_NS, 1);
    return (this.#ports[pon] = {
      line: pace?.line ?? new Backlog(line.bytesPerSecond, LINE_AHEAD_NS, 2),
      budget,
      lives,
    });
  }
}
