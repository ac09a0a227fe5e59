/**
 * Who may be in a simulation beside its OLTs and ONTs: other roads to the same ONTs, and who decides which road each takes. There is
 * one queue of events, one set of ONTs, each with one flash and one boot record: an image that comes by another road is in the slot
 * that OMCI would have written.
 */
import type { LocalAnswer, OntEvent } from "../../ont/index.ts";
import type { OltCommand, OltCommandOutcome, OltEvent } from "../../olt/core/types.ts";
import type { EventQueue } from "../../pon/virtual/index.ts";
import type { RunEvent } from "../journal/index.ts";
import type { VirtualPort } from "./port.ts";
import type { VirtualOnt } from "./virtual-ont.ts";

/** What the simulation is to it. */
export interface GuestHost {
  readonly queue: EventQueue;
  readonly onts: readonly VirtualOnt[];
  readonly ports: readonly VirtualPort[];
  /** An ONT was asked something at its own entry: what it has to hand out is taken. */
  pump(ont: VirtualOnt): void;
  /** The OLT of a port is given ONTs to update: by the distribution that is under way there, or by a new one. */
  admit(pon: number, onts: readonly VirtualOnt[]): void;
  command(pon: number, command: OltCommand): OltCommandOutcome;
  /** For who watches the run: its journal, for example. */
  tell(event: RunEvent): void;
  /** What a headend of another road tells, in the words of an OLT. */
  olt(nowNs: number, pon: number, ont: VirtualOnt, event: OltEvent): void;
}

/** What it hears; within somebody's turn, so that it does nothing but note it. */
export interface Guest {
  /** Virtual time at which the run ends in any case. */
  readonly limitNs: number;
  isFinished(): boolean;
  /** At an ONT's own entry. */
  answer(ont: VirtualOnt, answer: LocalAnswer): void;
  handleOnt(ont: VirtualOnt, event: OntEvent): void;
  handleCut(ont: VirtualOnt): void;
  handleOlt(nowNs: number, pon: number, ont: VirtualOnt | undefined, event: OltEvent): void;
}
