/** What the page asks and is told while a run is planned: plain JSON. Bytes, copies and rates are of all ports together. */
import type { FieldInfo } from "../../scenarios/index.ts";
import type { NightHours, PayloadShares } from "../../study/sizing/index.ts";

/** A change of a scenario's text; without a value the field goes. */
export interface PlanEdit {
  path: (string | number)[];
  value?: unknown;
}

export interface PlanRequest {
  yaml: string;
  edits?: PlanEdit[];
  /** When it may be done, such as 02:00-05:00; empty: nobody says. */
  hours?: string;
  /** Deltas are made, to see what they save: that takes seconds. */
  deltas?: boolean;
}

export interface PlanError {
  /** `olt.windowSections`, `fleet.0.count`; empty: of no field. */
  path: string;
  /** Of the text; 0: of none. */
  line: number;
  text: string;
}

/** What one way to bring the image costs. */
export interface WayCost {
  name: string;
  road: string;
  /** It is what the scenario says. */
  isAsked: boolean;
  copies: number;
  sentBytes: number;
  /** From the first Start to the last good End, or to the last ONT that has stored it. */
  seconds: number;
  /** When half, 95 % and all have it, over roads on which each has its own copy; null: they have it together. */
  reached: [half: number, most: number, all: number] | null;
  /** Mean share of a port's line; null: the model says nothing of it. */
  shareOfLine: number | null;
  meanBitsPerSecond: number;
  peakBitsPerSecond: number;
  /** Of the hours, if there are any; negative: so much too long. */
  spareSeconds: number | null;
}

export interface SizingAnswer {
  onts: number;
  pons: number;
  imageBytes: number;
  /** The scenario's own way first. */
  ways: WayCost[];
  /** What of the scenario the model leaves out, a line each. */
  leavesOut: string[];
  /** What a campaign is about to do, a line each. */
  campaign: string[];
  /** The scenario has deltas or variants. */
  hasPayloads: boolean;
  /** Whole image against what is sent; null: nobody asked. */
  payloads: PayloadShares | null;
  hours: NightHours | null;
}

export interface PlanAnswer {
  /** With the edits in it. */
  yaml: string;
  /** What the text says, not checked. */
  input: Record<string, unknown>;
  errors: PlanError[];
  /** null: there are errors, or the model has no answer. */
  sizing: SizingAnswer | null;
}

export interface PlanSchema {
  schema: unknown;
  fields: FieldInfo[];
}

export interface ListedPreset {
  name: string;
  question: string;
  yaml: string;
}

export interface StartRequest {
  /** Of this request: sent twice it starts one run. */
  id: string;
  yaml: string;
  as: "virtual" | "processes";
  /** Virtual: so many times as fast as a clock; absent: as fast as it goes. */
  speed?: number;
  /** Every frame is kept. */
  capture?: boolean;
}
