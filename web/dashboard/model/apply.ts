/** The other end of the stream: a run as somebody has it who was sent a snapshot and deltas. Pure; for pages and terminals. */
import { CELL_STATES, type CellState } from "../../../run/states/index.ts";
import type { DashboardDelta, DashboardSnapshot, PassView, RepairCause, ShownFacts, RunHead } from "../types.ts";
import type { SeriesSample, LateOnt } from "../types.ts";

const CELL_NUMBERS = 3;

export interface ShownRun {
  run: string;
  facts: ShownFacts;
  version: number;
  head: RunHead;
  /** Index in `CELL_STATES` of each ONT. */
  states: Uint8Array;
  /** Percent. */
  shares: Uint8Array;
  /** ONTs in each state, by its index. */
  counts: number[];
  serials: string[];
  causes: Map<number, string>;
  series: SeriesSample[];
  passes: PassView[];
  passesMore: number;
  repairs: RepairCause[];
  stragglers: LateOnt[];
  /** ONTs that are sent baseline messages though extended ones were asked for. */
  inBaseline: ReadonlySet<number>;
}

export function shownOf(snapshot: DashboardSnapshot): ShownRun {
  const { run, facts, head } = snapshot;
  const shown: ShownRun = {
    run,
    facts,
    version: 0,
    head,
    states: new Uint8Array(facts.onts),
    shares: new Uint8Array(facts.onts),
    counts: CELL_STATES.map((_, code) => (code === 0 ? facts.onts : 0)),
    serials: Array.from({ length: facts.onts }, () => ""),
    causes: new Map(),
    series: [],
    passes: [],
    passesMore: 0,
    repairs: [],
    stragglers: [],
    inBaseline: new Set(),
  };
  applyDelta(shown, snapshot);
  return shown;
}

/** Brings it up to date. */
export function applyDelta(shown: ShownRun, delta: DashboardDelta): void {
  const { states, shares, counts, serials, causes } = shown;
  shown.version = delta.version;
  shown.head = delta.head;
  const { cells } = delta;
  for (let at = 0; at < cells.length; at += CELL_NUMBERS) {
    const ont = cells[at];
    counts[states[ont]]--;
    counts[cells[at + 1]]++;
    states[ont] = cells[at + 1];
    shares[ont] = cells[at + 2];
  }
  for (const [ont, serial] of delta.serials ?? []) serials[ont] = serial;
  for (const [ont, cause] of delta.causes ?? []) {
    if (cause === "") causes.delete(ont);
    else causes.set(ont, cause);
  }
  if (delta.seriesAnew) shown.series = delta.series;
  else if (delta.series.length > 0) shown.series.push(...delta.series);
  if (delta.passes !== undefined) shown.passes = delta.passes;
  if (delta.passesMore !== undefined) shown.passesMore = delta.passesMore;
  if (delta.repairs !== undefined) shown.repairs = delta.repairs;
  if (delta.stragglers !== undefined) shown.stragglers = delta.stragglers;
  if (delta.inBaseline !== undefined) shown.inBaseline = new Set(delta.inBaseline);
}

export const stateOf = (shown: ShownRun, ont: number): CellState => CELL_STATES[shown.states[ont]];

/** ONTs are numbered port by port. */
export const portOf = ({ onts, pons }: Pick<ShownFacts, "onts" | "pons">, ont: number): number =>
  Math.floor(ont / Math.max(1, onts / pons));
