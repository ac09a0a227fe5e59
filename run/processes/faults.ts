import type { OntPhase } from "../../olt/core/types.ts";
import type { Fault } from "../../scenarios/index.ts";

const MS_PER_SECOND = 1000;
const NS_PER_MS = 1e6;

export interface FaultActions {
  /** Power off for so long. */
  cutOnt: (ont: number, offMs: number) => void;
  killOlt: (offMs: number) => void;
}

/**
 * Carries out the scenario's faults: at a time after the first Start, or when an ONT reaches a phase, once for each ONT.
 * A power cycle that names no ONT is for all of them.
 */
export class FaultSchedule {
  readonly #faults: readonly Fault[];
  readonly #actions: FaultActions;
  readonly #ontsTotal: number;
  readonly #timers = new Set<NodeJS.Timeout>();
  /** `fault number/ONT`: has struck. */
  readonly #struck = new Set<string>();
  #started = false;

  constructor(faults: readonly Fault[], ontsTotal: number, actions: FaultActions) {
    this.#faults = faults;
    this.#ontsTotal = ontsTotal;
    this.#actions = actions;
  }

  /** The first Start went out `agoNs` ago. */
  handleFirstStart(agoNs: number): void {
    if (this.#started) return;
    this.#started = true;
    for (const fault of this.#faults) {
      if (fault.atSeconds === undefined) continue;
      const waitMs = Math.max(0, fault.atSeconds * MS_PER_SECOND - agoNs / NS_PER_MS);
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        this.#strike(fault);
      }, waitMs);
      this.#timers.add(timer);
    }
  }

  handlePhase(ont: number, phase: OntPhase): void {
    for (const [number, fault] of this.#faults.entries()) {
      if (fault.whenPhase !== phase) continue;
      const isOlt = fault.action === "killOlt";
      if (!isOlt && fault.onts.length > 0 && !fault.onts.includes(ont)) continue;
      const key = isOlt ? `${number}` : `${number}/${ont}`;
      if (this.#struck.has(key)) continue;
      this.#struck.add(key);
      if (isOlt) this.#actions.killOlt(fault.offSeconds * MS_PER_SECOND);
      else this.#actions.cutOnt(ont, fault.offSeconds * MS_PER_SECOND);
    }
  }

  /** The run ends: what has not struck does not. */
  clear(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  #strike(fault: Fault): void {
    const offMs = fault.offSeconds * MS_PER_SECOND;
    if (fault.action === "killOlt") return this.#actions.killOlt(offMs);
    const onts = fault.onts.length > 0 ? fault.onts : Array.from({ length: this.#ontsTotal }, (_, ont) => ont);
    for (const ont of onts) this.#actions.cutOnt(ont, offMs);
  }
}
