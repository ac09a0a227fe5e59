/** The states of one ONT over time. Three parties tell about it, and none of them knows all of it. */
import { type OntPhase, phasesWith } from "../../olt/core/types.ts";
import type { OntEvent, UpdateState } from "../../ont/core/types.ts";
import { cellAfter, cellOfRun, type CellState, cellStateOf } from "../../run/states/index.ts";
import type { RunEvent } from "../../run/journal/index.ts";
import type { OntTrack } from "./types.ts";

const NS_PER_SECOND = 1e9;
/** More changes than this of one ONT are not kept: no chart has so many columns. */
const CHANGES_MAX = 4096;

/** What an event says of an ONT; what it does not name stays. */
interface Change {
  timeNs: number;
  /** What its process or its power does. */
  cell?: string;
  /** Update state that it tells itself. */
  told?: UpdateState;
  /** It runs and sends light. */
  up?: boolean;
  phase?: OntPhase;
}

const HOLDS_UNPOWERED: ReadonlySet<OntPhase> = new Set(phasesWith("holdsUnpowered"));

/** Puts the states of one ONT together from its own events, the OLT's and the runner's, which come in any order. */
export class OntTimeline {
  readonly #changes: Change[] = [];

  handleOnt(timeNs: number, event: OntEvent): void {
    if (event.type === "state") this.#add({ timeNs, told: event.state });
    else if (event.type === "online") this.#add({ timeNs, up: true });
    else if (event.type === "offline") this.#add({ timeNs, up: false });
  }

  handlePhase(timeNs: number, phase: OntPhase): void {
    this.#add({ timeNs, phase });
  }

  handleRun(timeNs: number, event: RunEvent): void {
    const cell = cellOfRun(event);
    if (cell !== undefined) this.#add({ timeNs, cell, up: false });
  }

  track(id: number, serial: string): OntTrack {
    const track: OntTrack = { id, serial, seconds: [0], states: ["notStarted"] };
    let cell = "notStarted";
    let up = false;
    let wasUp = false;
    let phase: OntPhase | undefined;
    // Stable: of two events at one instant the one that was recorded later counts.
    for (const change of this.#changes.toSorted((a, b) => a.timeNs - b.timeNs)) {
      cell = change.told === undefined ? (change.cell ?? cell) : cellAfter(cell, change.told);
      up = change.up ?? up;
      wasUp ||= up;
      phase = change.phase ?? phase;
      append(track, change.timeNs / NS_PER_SECOND, stateOf(cell, up, wasUp, phase));
    }
    return track;
  }

  #add(change: Change): void {
    if (this.#changes.length < CHANGES_MAX) this.#changes.push(change);
  }
}

function stateOf(cell: string, up: boolean, wasUp: boolean, phase: OntPhase | undefined): CellState {
  if (cell === "off" || cell === "givenUp") return cellStateOf(cell, phase);
  if (up || (phase !== undefined && HOLDS_UNPOWERED.has(phase)))
    return cellStateOf(cell === "starting" ? "idle" : cell, phase);
  return wasUp && cell !== "starting" ? "rebooting" : "starting";
}

function append({ seconds, states }: OntTrack, at: number, state: CellState): void {
  if (states.at(-1) === state) return;
  if (seconds.at(-1) === at) {
    states[states.length - 1] = state;
    return;
  }
  seconds.push(at);
  states.push(state);
}
