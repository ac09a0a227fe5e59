import type { OltEvent } from "../../olt/core/types.ts";
import type { EventQueue } from "../../pon/virtual/index.ts";
import type { Fault } from "../../scenarios/index.ts";
import { EVENT } from "./events.ts";

const NS_PER_SECOND = 1e9;

export interface FaultActions {
  /** Power off for so long. */
  cutOnt: (ont: number, offNs: number) => void;
  killOlt: (pon: number, offNs: number) => void;
}

/**
 * The scenario's faults: at a time after the first Start, or when an ONT reaches a phase, once for each ONT. A power
 * cycle that names no ONT is for all of them.
 */
export class Faults {
  readonly #faults: readonly Fault[];
  readonly #queue: EventQueue;
  readonly #onts: number;
  readonly #pons: number;
  readonly #actions: FaultActions;
  readonly #struck = new Set<string>();
  #started = false;

  constructor(
    faults: readonly Fault[],
    size: { onts: number; pons: number },
    queue: EventQueue,
    actions: FaultActions,
  ) {
    this.#faults = faults;
    this.#queue = queue;
    this.#onts = size.onts;
    this.#pons = size.pons;
    this.#actions = actions;
  }

  /** @param ont number of the ONT that the event is about; -1 = none */
  handleOltEvent(nowNs: number, pon: number, ont: number, event: OltEvent): void {
    if (event.type !== "phase") return;
    if (event.phase === "starting") this.#handleFirstStart(nowNs);
    this.#faults.forEach((fault, number) => {
      if (fault.whenPhase !== event.phase || ont < 0) return;
      const isOlt = fault.action === "killOlt";
      if (!isOlt && fault.onts.length > 0 && !fault.onts.includes(ont)) return;
      const key = isOlt ? `${number}` : `${number}/${ont}`;
      if (this.#struck.has(key)) return;
      this.#struck.add(key);
      // Not in the middle of the OLT's own turn.
      this.#queue.schedule(nowNs, EVENT.fault, isOlt ? pon : ont, number);
    });
  }

  #handleFirstStart(nowNs: number): void {
    if (this.#started) return;
    this.#started = true;
    this.#faults.forEach((fault, number) => {
      if (fault.atSeconds === undefined) return;
      this.#queue.schedule(nowNs + Math.round(fault.atSeconds * NS_PER_SECOND), EVENT.fault, -1, number);
    });
  }

  /** @param target the ONT or port that reached the phase; -1 = whatever the fault names */
  strike(number: number, target: number): void {
    const fault = this.#faults[number];
    const offNs = Math.round(fault.offSeconds * NS_PER_SECOND);
    if (fault.action === "killOlt") {
      const pons = target >= 0 ? [target] : Array.from({ length: this.#pons }, (_, pon) => pon);
      for (const pon of pons) this.#actions.killOlt(pon, offNs);
      return;
    }
    const all = fault.onts.length > 0 ? fault.onts : Array.from({ length: this.#onts }, (_, ont) => ont);
    for (const ont of target >= 0 ? [target] : all) this.#actions.cutOnt(ont, offNs);
  }
}
