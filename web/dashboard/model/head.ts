/** The head of a run: where it stands as a whole, from views, or from its records where there are none. */
import type { OltEvent } from "../../../olt/core/types.ts";
import { ProgressMeter, sentBytesOf, stageOf } from "../../../run/progress/index.ts";
import type { RunEvent } from "../../../run/journal/index.ts";
import type { RunResult } from "../../../run/result/types.ts";
import type { RunView } from "../../../run/types.ts";
import type { ShownFacts, RunHead } from "../types.ts";
import { type CellTable, SHARE_WHOLE } from "./cells.ts";

const NS_PER_MS = 1e6;
const NS_PER_SECOND = 1e9;
const MS_PER_SECOND = 1000;
const BITS_PER_BYTE = 8;
const RATE_MS = 1000;
/** Reasons of a run that failed beyond these are in its result only. */
const REASONS_MAX = 5;

export class HeadKeeper {
  readonly head: RunHead;
  readonly #facts: ShownFacts;
  readonly #meter = new ProgressMeter();
  #oltPhase: "ranging" | "downloading" | "activating" | "done" | "stopped" = "ranging";
  #parity = 0;
  /** What the last intervals of traffic carried. */
  #trafficBytes = 0;
  #trafficNs = 0;
  #firstStartNs = -1;
  /** Bytes on the fibre by views. */
  readonly #seen: { elapsedMs: number; bytes: number }[] = [];

  constructor(facts: ShownFacts) {
    this.#facts = facts;
    this.head = {
      phase: "preparing",
      stage: "preparing",
      stopReason: "",
      elapsedMs: 0,
      bytesDone: 0,
      bytesToSend: facts.imageBytes,
      bytesPerSecond: 0,
      etaMs: null,
      downstreamBitsPerSecond: 0,
      budgetBitsPerSecond: this.#budget(facts.budgetBitsPerSecond),
      copies: 0,
      sections: 0,
      repairSections: 0,
      paused: false,
      aborting: false,
      note: "",
      ended: null,
      lost: "",
      canSteer: false,
    };
  }

  /** Of the first Start, as far as it is known. */
  get firstStartMs(): number {
    return Math.max(0, this.#firstStartNs) / NS_PER_MS;
  }

  setPace(pace: RunHead["pace"]): void {
    if (pace === undefined) delete this.head.pace;
    else this.head.pace = pace;
  }

  view({ phase, elapsedMs, olt, note, downstream }: RunView): void {
    const { head } = this;
    head.phase = phase;
    head.stage = stageOf({ phase, olt });
    head.elapsedMs = elapsedMs;
    head.note = note;
    head.downstreamBitsPerSecond = this.#rate(elapsedMs, downstream.gemBytes);
    if (olt === undefined) return;
    const { imageBytes, control, counters } = olt;
    head.stopReason = olt.stopReason;
    head.bytesToSend = sentBytesOf(olt.onts) || imageBytes || this.#facts.imageBytes;
    head.bytesDone = imageBytes === 0 ? 0 : Math.round((olt.bytesDone / imageBytes) * head.bytesToSend);
    head.copies = imageBytes === 0 ? 0 : counters.sectionPayloadBytes / imageBytes;
    head.sections = counters.sections;
    head.repairSections = counters.repairSections;
    head.paused = control.paused;
    head.aborting = control.aborting;
    const bits = control.rateBytesPerSecond * BITS_PER_BYTE;
    head.budgetBitsPerSecond = this.#budget(Number.isFinite(bits) ? bits : null);
    this.#measure();
  }

  olt(timeNs: number, event: OltEvent): void {
    const { head } = this;
    switch (event.type) {
      case "runPhase":
        this.#oltPhase = event.phase;
        if (head.phase === "preparing" || head.phase === "starting") head.phase = "running";
        if (event.reason !== "") head.stopReason = event.reason;
        return;
      case "phase":
        if (event.phase === "starting" && this.#firstStartNs < 0) this.#firstStartNs = timeNs;
        return;
      case "windowSent":
        head.sections += event.sections;
        this.#parity += event.paritySections;
        return;
      case "repair":
        head.sections += event.sections;
        head.repairSections += event.sections;
        this.#parity += event.paritySections;
        return;
      case "traffic":
        this.#trafficBytes += event.downstreamBytes;
        this.#trafficNs = event.toNs;
        return;
      case "command":
        return this.#command(event);
      default:
        return;
    }
  }

  run(event: RunEvent): void {
    const { head } = this;
    if (event.type === "note") head.note = event.text;
    if (event.type === "oltStarted" && head.phase === "preparing") head.phase = "starting";
    if (event.type !== "ended") return;
    head.phase = "ended";
    head.stage = stageOf({ phase: "ended", olt: { phase: this.#oltPhase } });
    head.ended = { outcome: event.outcome, exitCode: event.exitCode, reasons: head.ended?.reasons ?? [] };
    head.canSteer = false;
    head.etaMs = null;
  }

  finish({ verdict, downstream, timing }: RunResult, outcome: string): void {
    const { head } = this;
    head.phase = "ended";
    head.canSteer = false;
    head.etaMs = null;
    head.copies = downstream.imageCopies;
    head.sections = downstream.sections;
    head.repairSections = downstream.repairSections;
    head.elapsedMs = timing.totalSeconds * MS_PER_SECOND;
    const { reasons } = verdict;
    head.ended = { outcome, exitCode: reasons.length === 0 ? 0 : 1, reasons: reasons.slice(0, REASONS_MAX) };
    if (outcome === "finished" && head.stopReason === "") head.stage = "done";
  }

  /** From what records told so far. */
  withoutViews(nowNs: number, cells: CellTable): void {
    const { head } = this;
    const { imageBytes, sectionBytes } = this.#facts;
    const passedNs = nowNs - head.elapsedMs * NS_PER_MS;
    if (passedNs > 0) {
      const bits = (this.#trafficBytes * BITS_PER_BYTE * NS_PER_SECOND) / passedNs;
      // Traffic is told in intervals that grow: until the next one nothing is known.
      if (this.#trafficBytes > 0 || nowNs - this.#trafficNs > NS_PER_SECOND)
        head.downstreamBitsPerSecond = Math.round(bits);
      this.#trafficBytes = 0;
    }
    if (head.ended === null) head.elapsedMs = nowNs / NS_PER_MS;
    head.stage = stageOf({ phase: head.phase, olt: { phase: this.#oltPhase } });
    if (head.ended !== null) return;
    if (imageBytes > 0) head.copies = ((head.sections + this.#parity) * sectionBytes) / imageBytes;
    const shares = [...cells.shares].filter(
      (_, ont) => cells.stateOf(ont) !== "skipped" && cells.stateOf(ont) !== "failed",
    );
    const mean = shares.reduce((sum, share) => sum + share, 0) / Math.max(1, shares.length);
    head.bytesDone = Math.round((mean / SHARE_WHOLE) * head.bytesToSend);
    this.#measure();
  }

  /** Over the last second, or since the last view where that is longer ago: bursts would only flicker. */
  #rate(elapsedMs: number, bytes: number): number {
    const seen = this.#seen;
    if (seen.length > 0 && bytes < seen[0].bytes) seen.length = 0;
    seen.push({ elapsedMs, bytes });
    while (seen.length > 2 && seen[1].elapsedMs <= elapsedMs - RATE_MS) seen.shift();
    const [first] = seen;
    if (elapsedMs <= first.elapsedMs) return this.head.downstreamBitsPerSecond;
    return Math.round(((bytes - first.bytes) * BITS_PER_BYTE * MS_PER_SECOND) / (elapsedMs - first.elapsedMs));
  }

  #measure(): void {
    const { head } = this;
    if (head.stage === "downloading") this.#meter.add(head.elapsedMs, head.bytesDone);
    head.bytesPerSecond = Math.round(this.#meter.bytesPerSecond);
    head.etaMs = head.stage === "downloading" && !head.paused ? this.#meter.etaMs(head.bytesToSend) : null;
  }

  #command({ command, refused, bitsPerSecond }: Extract<OltEvent, { type: "command" }>): void {
    const { head } = this;
    if (refused !== "") return;
    if (command === "pause") head.paused = true;
    if (command === "resume") head.paused = false;
    if (command === "abort") head.aborting = true;
    if (command === "rate") head.budgetBitsPerSecond = this.#budget(bitsPerSecond ?? null);
  }

  /** Each port has its own, and all share the feed. */
  #budget(portBitsPerSecond: number | null): number | null {
    const { pons, feedBitsPerSecond } = this.#facts;
    const least = Math.min((portBitsPerSecond ?? Infinity) * pons, feedBitsPerSecond ?? Infinity);
    return Number.isFinite(least) ? least : null;
  }
}
