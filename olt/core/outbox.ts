/** What waits to be sent, and whose turn it is. */
import { newSectionSpan, type SectionSpan, sectionPduBytes, sliceSpan } from "../../omci/index.ts";
import type { Pacer } from "./pacer.ts";
import { BUDGET_OVERHEAD_BYTES, LANE_QUANTUM_SECTIONS } from "./policy.ts";
import { BROADCAST } from "../../pon/types.ts";
import type { DownstreamSink, OltCounters } from "./types.ts";

/** Sections to send to one destination, in order, in as many parts as link and budget ask for. */
export interface SectionJob {
  span: SectionSpan;
  /** What the sections count as. */
  kind: "first" | "repair" | "parity";
  /** Null sections that pad the last window: not image payload. */
  padding?: boolean;
  /** Called once the last section has left. */
  onSent?: (nowNs: number) => void;
  /** Called instead when the job is taken out of the queue unsent. */
  onDropped?: (nowNs: number) => void;
}

interface Lane {
  to: number;
  jobs: SectionJob[];
  /** Sections of `jobs[0]` already sent. */
  sent: number;
}

interface ControlFrame {
  to: number;
  pdu: Uint8Array;
  onSent: ((nowNs: number) => void) | undefined;
}

/** What waits to be sent: control frames first, then sections, each destination in turn. */
export class Outbox {
  readonly #pacer: Pacer;
  readonly #counters: OltCounters;
  #control: ControlFrame[] = [];
  #lanes: Lane[] = [];
  readonly #payloadBytes = new Map<number, number>();
  readonly #scratch: SectionSpan = newSectionSpan();

  constructor(pacer: Pacer, counters: OltCounters) {
    this.#pacer = pacer;
    this.#counters = counters;
  }

  get empty(): boolean {
    return this.#control.length === 0 && this.#lanes.length === 0;
  }

  /** Payload bytes of all sections sent to a destination so far; image padding excluded, parity included. */
  payloadBytesTo(to: number): number {
    return this.#payloadBytes.get(to) ?? 0;
  }

  control(to: number, pdu: Uint8Array, onSent?: (nowNs: number) => void): void {
    this.#control.push({ to, pdu, onSent });
  }

  sections(to: number, job: SectionJob): void {
    const lane = this.#lanes.find((candidate) => candidate.to === to);
    if (lane) lane.jobs.push(job);
    else this.#lanes.push({ to, jobs: [job], sent: 0 });
  }

  /** Forgets what waits for a destination. */
  drop(to: number, nowNs: number): void {
    this.#control = this.#control.filter((frame) => frame.to !== to);
    this.dropSections(to, nowNs);
  }

  /** Forgets the sections that wait for a destination; requests to it still go out. */
  dropSections(to: number, nowNs: number): void {
    const dropped = this.#lanes.filter((lane) => lane.to === to).flatMap((lane) => lane.jobs);
    this.#lanes = this.#lanes.filter((lane) => lane.to !== to);
    for (const job of dropped) job.onDropped?.(nowNs);
  }

  /** Forgets all sections that wait, without a word to who waits for them to leave: nothing of it goes on. */
  clearSections(): void {
    this.#lanes = [];
  }

  /** Sends what link and budget take now. */
  pump(nowNs: number, sink: DownstreamSink): void {
    let allowance = this.#pacer.allowance(nowNs);
    let room = sink.roomBytes();
    let next = 0;
    while (next < this.#control.length && allowance > 0 && room > 0) {
      const frame = this.#control[next++];
      const bytes = frame.pdu.length + BUDGET_OVERHEAD_BYTES;
      sink.frame(frame.to, frame.pdu, frame.pdu.length);
      frame.onSent?.(nowNs);
      this.#pacer.spend(bytes);
      allowance -= bytes;
      room -= bytes;
    }
    if (next > 0) this.#control.splice(0, next);
    while (this.#lanes.length > 0 && allowance > 0 && room > 0) {
      const bytes = this.#pumpLane(nowNs, sink, Math.min(allowance, room));
      allowance -= bytes;
      room -= bytes;
    }
  }

  /** @returns when to try again, Infinity when nothing waits. */
  nextTimeoutNs(nowNs: number): number {
    return this.empty ? Infinity : this.#pacer.readyNs(nowNs);
  }

  #pumpLane(nowNs: number, sink: DownstreamSink, bytesMax: number): number {
    const lane = this.#lanes[0];
    const job = lane.jobs[0];
    const { span } = job;
    const frameBytes = sectionPduBytes(span.messageSet, span.sectionBytes) + BUDGET_OVERHEAD_BYTES;
    const left = span.count - lane.sent;
    // Broadcast keeps its turn: a window is one unit for all its receivers.
    const quantum = lane.to === BROADCAST ? left : Math.min(left, LANE_QUANTUM_SECTIONS);
    const count = Math.min(quantum, Math.max(1, Math.ceil(bytesMax / frameBytes)));
    this.#sendPart(lane, job, count, sink);
    const bytes = count * frameBytes;
    this.#pacer.spend(bytes);
    const done = lane.sent === span.count;
    if (done) {
      lane.jobs.shift();
      lane.sent = 0;
    }
    if (lane.jobs.length === 0) this.#lanes.shift();
    else if (lane.to !== BROADCAST && this.#lanes.length > 1) this.#lanes.push(this.#lanes.shift()!);
    if (done) job.onSent?.(nowNs);
    return bytes;
  }

  #sendPart(lane: Lane, job: SectionJob, count: number, sink: DownstreamSink): void {
    const from = lane.sent;
    lane.sent += count;
    sink.sections(lane.to, sliceSpan(job.span, from, from + count, this.#scratch));
    this.#count(lane.to, job, this.#scratch);
  }

  #count(to: number, job: SectionJob, part: SectionSpan): void {
    const counters = this.#counters;
    counters.sections += part.count;
    if (!job.padding) {
      const payloadBytes = (part.count - 1) * part.sectionBytes + part.lastSectionBytes;
      counters.sectionPayloadBytes += payloadBytes;
      this.#payloadBytes.set(to, this.payloadBytesTo(to) + payloadBytes);
    }
    if (job.kind !== "first") counters.repairSections += part.count;
    if (job.kind === "parity") counters.paritySections += part.count;
  }
}
