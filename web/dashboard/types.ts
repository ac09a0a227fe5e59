/** What the live page and its server say to one another: plain JSON. Times are milliseconds of the run's own clock. */
import type { Scenario } from "../../scenarios/index.ts";
import type { Stage } from "../../run/progress/index.ts";
import type { RunPhase } from "../../run/types.ts";

/** What does not change during a run. */
export interface ShownFacts {
  name: string;
  /** Of the scenario: what it is to answer; may be empty. */
  question: string;
  mode: "unicast" | "multicast";
  recovery: string;
  seed: number;
  clock: "wall" | "virtual";
  /** How the image comes. */
  road: Scenario["road"];
  /** Of all ports. */
  onts: number;
  pons: number;
  imageBytes: number;
  imageVersion: string;
  sectionBytes: number;
  catchesUp: boolean;
  /** What all ports share upstream of them; null: nothing limits it. */
  feedBitsPerSecond: number | null;
  /** What the scenario grants each port; null: as fast as the link. */
  budgetBitsPerSecond: number | null;
  /** What the sizing model expects, all ports together; null: nobody asked it, or it has no answer. */
  forecast: { copies: number; seconds: number } | null;
}

/** Where the run stands. */
export interface RunHead {
  phase: RunPhase;
  stage: Stage;
  stopReason: string;
  elapsedMs: number;
  /** Of what is sent, by the slowest member of the group, or the mean ONT in unicast. */
  bytesDone: number;
  bytesToSend: number;
  /** Over the last seconds; 0: not known. */
  bytesPerSecond: number;
  etaMs: number | null;
  downstreamBitsPerSecond: number;
  /** All ports together, as it is now; null: as fast as the link. */
  budgetBitsPerSecond: number | null;
  copies: number;
  sections: number;
  repairSections: number;
  paused: boolean;
  aborting: boolean;
  note: string;
  /** How it ended; null: it goes on, or was cut off. */
  ended: { outcome: string; exitCode: number; reasons: string[] } | null;
  /** Why nothing more may come of it, though it has not ended: its runner is gone. Else empty. */
  lost: string;
  /** Commands may be given. */
  canSteer: boolean;
  /** How fast a run in virtual time goes: 1 = as a clock; null = as fast as it can. Absent: it has no such clock. */
  pace?: PaceState;
}

/** 1 = as a clock; null = as fast as it goes. */
export interface PaceState {
  speed: number | null;
  isStopped: boolean;
}

/** `[timeMs, downstream bit/s, budget bit/s or -1, bytes done, copies]` */
export type SeriesSample = [number, number, number, number, number];

/** One pass over the image. */
export interface PassView {
  why: "first" | "catchUp" | "alone";
  onts: number;
  startMs: number;
  /** null: it goes on. */
  endMs: number | null;
  copies: number;
  /** Of which port, where there are several and it is known. */
  pon?: number;
}

/** What had to be sent again, and for what. */
export interface RepairCause {
  cause: string;
  times: number;
  sections: number;
}

/** Why an ONT is behind the others. */
export type LateReason = "offline" | "leftGroup" | "waits" | "busyAtEnd" | "slowFlash" | "lostAnswers" | "lostSections";

export interface LateOnt {
  ont: number;
  reason: LateReason;
  /** One line. */
  text: string;
}

/** Cells of ONTs, three numbers each: ONT, index in `CELL_STATES`, share of its bytes in percent. */
export type CellChanges = number[];

/** All that changes, as much of it as has changed; in a snapshot all of it. */
export interface DashboardDelta {
  /** Of the model; grows. */
  version: number;
  head: RunHead;
  cells: CellChanges;
  serials?: [ont: number, serial: string][];
  /** Of an ONT, "" where there is none any more. */
  causes?: [ont: number, cause: string][];
  /** To be put behind those that are there; with `seriesAnew` in their place. */
  series: SeriesSample[];
  seriesAnew?: true;
  passes?: PassView[];
  /** Passes that are not in the list. */
  passesMore?: number;
  repairs?: RepairCause[];
  stragglers?: LateOnt[];
  /** Extended messages were asked for: ONTs that do not know them and are sent baseline ones. */
  inBaseline?: number[];
}

export interface DashboardSnapshot extends DashboardDelta {
  /** Of the run's place in its server. */
  run: string;
  facts: ShownFacts;
}

/** One window, as an ONT and the OLT saw it. */
export interface OntWindow {
  window: number;
  timeMs: number;
  sections: number;
  lost: number;
  /** From parity. */
  repaired: number;
  /** Times that the ONT had to refuse it. */
  refused: number;
  /** From its last section to the answer; null: none was seen. */
  answerMs: number | null;
}

export interface OntSlot {
  slot: 0 | 1;
  version: string;
  active: boolean;
  committed: boolean;
  valid: boolean;
  /** Of the configuration that belongs to it; null: it has none, or nobody can look. */
  configVersion: number | null;
}

/** One ONT, for whoever looks at it. */
export interface OntDetails {
  ont: number;
  port: number;
  serial: string;
  state: string;
  phase: string;
  cause: string;
  share: number;
  /** Why it is late, else empty. */
  late: string;
  /** It is sent baseline messages though extended ones were asked for. */
  isInBaseline: boolean;
  /** Newest last. */
  events: { timeMs: number; from: "OLT" | "ONT" | "update agent" | "run"; text: string }[];
  eventsMore: number;
  windows: OntWindow[];
  boots: { timeMs: number; slot: number; attempt: number; how: string }[];
  slots: OntSlot[];
  retries: number;
  sectionsLost: number;
}

/** One frame of an ONT in words, or how many sections went to all between two of them. */
export interface OntFrame {
  /** Of the capture, counted from 1. */
  frame: number;
  timeMs: number;
  direction: "down" | "up";
  /** One line. */
  text: string;
  /** Every field; empty for what went to all. */
  fields: string;
}

export interface OntFrames {
  /** false: there is no capture of this run. */
  isCaptured: boolean;
  /** Newest last. */
  frames: OntFrame[];
  /** Frames of this ONT before them. */
  framesMore: number;
  /** Why these are not all; empty: they are. */
  note: string;
}

/** A run in a list. */
export interface ListedRun {
  name: string;
  state: "running" | "ended" | "cut off";
  /** Of its scenario; empty: not known. */
  scenario: string;
  onts: number;
  committed: number | null;
  asExpected: boolean | null;
  seconds: number | null;
  copies: number | null;
  hasReport: boolean;
  /** What it is, in words that it is found by: multicast, parity, virtual. */
  kinds: string[];
  /** What somebody calls it. */
  tags: string[];
  /** When its folder was last changed, ms since 1970. */
  changedMs: number;
}
