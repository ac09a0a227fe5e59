/** A journal's header, records and error. */
import { InputError } from "../../base/errors/index.ts";
import type { OltEvent } from "../../olt/core/types.ts";
import type { AgentEvent } from "../../ont/agent/index.ts";
import type { OntEvent } from "../../ont/core/types.ts";

export const JOURNAL_SCHEMA = "poncast.journal/1";

/** The first record of a journal: what ran, and how to run it again. */
export interface JournalHeader {
  schema: typeof JOURNAL_SCHEMA;
  /** Version of poncast. */
  version: string;
  commit: string;
  scenario: string;
  seed: number;
  clock: "wall" | "virtual";
  /** The command that replays the run. */
  replay: string;
  onts: number;
}

/** What the runner itself did or saw. `ont` is the number of the ONT in the scenario. */
export type RunEvent =
  /** `pon`: of which port, where there are several processes of OLTs. */
  | { type: "oltStarted"; start: number; pon?: number }
  | { type: "oltEnded"; code: number; signal: string; expected: boolean; pon?: number }
  | { type: "ontStarted"; ont: number; start: number }
  | { type: "ontEnded"; ont: number; code: number; signal: string; expected: boolean }
  | { type: "powerCut"; ont: number; reason: string }
  | { type: "powerRestored"; ont: number }
  | { type: "ontGivenUp"; ont: number; cause: string }
  | { type: "note"; text: string }
  | { type: "ended"; outcome: string; exitCode: number };

/** Whose event it is. */
export type JournalEntry =
  /** `ont`: number in the scenario of the ONT that the event's ONU-ID stands for, where it names one. */
  | { from: "olt"; ont?: number; event: OltEvent }
  | { from: "ont"; ont: number; event: OntEvent }
  /** Of the ONT's update agent. */
  | { from: "agent"; ont: number; event: AgentEvent }
  | { from: "run"; event: RunEvent };

/** One event, `timeNs` after the start of the run. */
export type JournalRecord = { timeNs: number } & JournalEntry;

/** A journal that cannot be read, with the offset of the record that stops it. */
export class JournalError extends InputError {
  override readonly name = "JournalError";
  readonly offsetBytes: number;

  constructor(message: string, offsetBytes: number) {
    super(`${message} (at byte ${offsetBytes})`);
    this.offsetBytes = offsetBytes;
  }
}
