/** What is kept of one ONT for whoever looks at it: its last windows and events, its boots, what went wrong. */
import type { OntPhase } from "../../../olt/core/types.ts";
import type { OntEvent, Slot } from "../../../ont/core/types.ts";
import type { JournalRecord } from "../../../run/journal/index.ts";
import { cellAfter } from "../../../run/states/index.ts";
import type { OntWindow } from "../types.ts";

/** Kept of each; those before are forgotten. */
const EVENTS_MAX = 40;
const WINDOWS_MAX = 32;
const BOOTS_MAX = 16;

const NS_PER_MS = 1e6;
const NONE = -1;
/** Fields of a window, in one array for all: nothing is allocated for each. */
const FIELDS = ["window", "time", "sections", "lost", "repaired", "refused", "answer"] as const;
const AT = Object.fromEntries(FIELDS.map((name, at) => [name, at])) as Record<(typeof FIELDS)[number], number>;

export interface BootTry {
  timeNs: number;
  slot: Slot;
  attempt: number;
  how: string;
}

export class OntLog {
  /** As its own word, or that of its process, has it. */
  cell = "notStarted";
  /** Of its port; -1: it was not ranged. */
  onuId = NONE;
  phase: OntPhase | undefined;
  phaseSinceNs = 0;
  cause = "";
  isUp = false;
  wasUp = false;
  /** -1: it is there. */
  offlineSinceNs = NONE;
  /** Why it left the group, else empty. */
  left = "";
  retries = 0;
  retryMessage = "";
  sectionsTaken = 0;
  sectionsLost = 0;
  answers = 0;
  answerNsSum = 0;
  activeSlot: Slot | undefined;
  committedSlot: Slot | undefined;
  /** What it said that it has stored. */
  readonly stored: [version: string, version: string] = ["", ""];
  readonly boots: BootTry[] = [];
  eventsMore = 0;
  readonly #events: JournalRecord[] = [];
  #windows: Float64Array | undefined;
  #windowAt = NONE;
  #windowsUsed = 0;

  /** Newest last. */
  get events(): readonly JournalRecord[] {
    const from = this.eventsMore % EVENTS_MAX;
    return [...this.#events.slice(from), ...this.#events.slice(0, from)];
  }

  keep(record: JournalRecord): void {
    if (record.event.type === "ranged") this.onuId = record.event.onuId;
    if (this.#events.length < EVENTS_MAX) this.#events.push(record);
    else this.#events[this.eventsMore++ % EVENTS_MAX] = record;
  }

  /** What the ONT itself tells, its windows excepted. */
  take(record: JournalRecord, event: OntEvent): void {
    this.keep(record);
    switch (event.type) {
      case "state":
        this.cell = cellAfter(this.cell, event.state);
        if (event.state === "committed") this.committedSlot = this.activeSlot;
        return;
      case "online":
        this.activeSlot = event.activeSlot;
        this.committedSlot ??= event.activeSlot;
        this.offlineSinceNs = NONE;
        if (this.cell === "starting") this.cell = "idle";
        return;
      case "offline":
        this.offlineSinceNs = record.timeNs;
        return;
      case "bootAttempt":
      case "bootFailed":
        return this.#boot(record.timeNs, event);
      case "imageStored":
        this.stored[event.slot] = event.image.version;
        return;
      default:
        return;
    }
  }

  answered(timeNs: number, window: number, answerNs: number): void {
    // An ONT counts its windows for itself: the answer is to the one that it had last. Foreign ones tell of none.
    if (this.sectionsTaken === 0) this.#windowOf(timeNs, window);
    if (this.#windows !== undefined) this.#windows[this.#windowAt + AT.answer] = answerNs;
    this.answers++;
    this.answerNsSum += answerNs;
  }

  accepted(timeNs: number, event: Extract<OntEvent, { type: "windowAccepted" }>): void {
    const fields = this.#windowOf(timeNs, event.window);
    const at = this.#windowAt;
    fields[at + AT.sections] = event.sections;
    fields[at + AT.lost] = event.lostSections;
    fields[at + AT.repaired] = event.repairedSections;
    this.sectionsTaken += event.sections;
    this.sectionsLost += event.lostSections;
  }

  refused(timeNs: number, window: number, missing: number): void {
    const fields = this.#windowOf(timeNs, window);
    fields[this.#windowAt + AT.refused]++;
    fields[this.#windowAt + AT.lost] = Math.max(fields[this.#windowAt + AT.lost], missing);
  }

  #boot(timeNs: number, event: Extract<OntEvent, { type: "bootAttempt" | "bootFailed" }>): void {
    const { slot, attempt } = event;
    const last = this.boots.at(-1);
    if (event.type === "bootFailed" && last?.slot === slot && last.attempt === attempt) last.how = event.how;
    else this.boots.push({ timeNs, slot, attempt, how: event.type === "bootFailed" ? event.how : "" });
    if (this.boots.length > BOOTS_MAX) this.boots.shift();
  }

  /** Its own time from the last section of a window to its answer, on the mean; 0: none was seen. */
  get answerNsMean(): number {
    return this.answers === 0 ? 0 : this.answerNsSum / this.answers;
  }

  /** Newest last. */
  get windows(): OntWindow[] {
    const fields = this.#windows;
    if (fields === undefined) return [];
    const windows: OntWindow[] = [];
    const count = Math.min(this.#windowsUsed, WINDOWS_MAX);
    for (let age = count; age > 0; age--) {
      const at = ((this.#windowsUsed - age) % WINDOWS_MAX) * FIELDS.length;
      const answer = fields[at + AT.answer];
      windows.push({
        window: fields[at + AT.window],
        timeMs: fields[at + AT.time] / NS_PER_MS,
        sections: fields[at + AT.sections],
        lost: fields[at + AT.lost],
        repaired: fields[at + AT.repaired],
        refused: fields[at + AT.refused],
        answerMs: answer < 0 ? null : answer / NS_PER_MS,
      });
    }
    return windows;
  }

  /** Its place is in `#windowAt` then: that of the last window, if it is this one, else a new one. */
  #windowOf(timeNs: number, window: number): Float64Array {
    const fields = (this.#windows ??= new Float64Array(WINDOWS_MAX * FIELDS.length));
    if (this.#windowAt >= 0 && fields[this.#windowAt] === window) return fields;
    const at = (this.#windowsUsed++ % WINDOWS_MAX) * FIELDS.length;
    fields.fill(0, at, at + FIELDS.length);
    fields[at] = window;
    fields[at + AT.time] = timeNs;
    fields[at + AT.answer] = NONE;
    this.#windowAt = at;
    return fields;
  }
}
