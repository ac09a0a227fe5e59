/** A scenario's faults: what strikes whom, and when. Pure; the drivers keep the time and do what is to be done. */
import type { OltEvent } from "../../olt/core/types.ts";
import type { Fault } from "../../scenarios/index.ts";

const NS_PER_SECOND = 1e9;

/** One blow that is to come. */
export interface Strike {
  /** On the run's clock; may be past. */
  atNs: number;
  /** Number of the fault in the scenario. */
  fault: number;
  /** The ONT, or for an OLT its port, that it is for; -1 = whatever the fault names. */
  target: number;
}

export interface FaultActions {
  /** Power off for so long. */
  cutOnt: (ont: number, offNs: number) => void;
  killOlt: (pon: number, offNs: number) => void;
}

const NONE: readonly Strike[] = [];

/**
 * Faults at a time after the first Start, or when an ONT reaches a phase, once for each ONT. A power cycle that names no
 * ONT is for all of them.
 */
export class FaultSchedule {
  readonly #faults: readonly Fault[];
  readonly #onts: number;
  readonly #pons: number;
  /** `fault number/ONT`, or the number alone for an OLT: is on its way, or has struck. */
  readonly #struck = new Set<string>();
  #started = false;

  constructor(faults: readonly Fault[], { onts, pons }: { onts: number; pons: number }) {
    this.#faults = faults;
    this.#onts = onts;
    this.#pons = pons;
  }

  /** The first Start went out then. @returns all that goes by the clock; nothing the second time */
  handleFirstStart(startNs: number): readonly Strike[] {
    if (this.#started) return NONE;
    this.#started = true;
    return this.#faults.flatMap(({ atSeconds }, fault) =>
      atSeconds === undefined ? [] : { atNs: startNs + Math.round(atSeconds * NS_PER_SECOND), fault, target: -1 },
    );
  }

  /**
   * @param ont number of the ONT that the event is about; -1 = none
   * @returns what it brings about
   */
  handleOltEvent(nowNs: number, pon: number, ont: number, event: OltEvent): readonly Strike[] {
    if (event.type !== "phase") return NONE;
    const byClock = event.phase === "starting" ? this.handleFirstStart(nowNs) : NONE;
    const byPhase = this.#faults.flatMap((fault, number) => {
      if (fault.whenPhase !== event.phase || ont < 0) return [];
      const isOlt = fault.action === "killOlt";
      if (!isOlt && fault.onts.length > 0 && !fault.onts.includes(ont)) return [];
      const key = isOlt ? `${number}` : `${number}/${ont}`;
      if (this.#struck.has(key)) return [];
      this.#struck.add(key);
      return { atNs: nowNs, fault: number, target: isOlt ? pon : ont };
    });
    return [...byClock, ...byPhase];
  }

  /** A strike's time has come. */
  carryOut({ fault: number, target }: Pick<Strike, "fault" | "target">, actions: FaultActions): void {
    const { action, onts, offSeconds } = this.#faults[number];
    const offNs = Math.round(offSeconds * NS_PER_SECOND);
    if (action === "killOlt") {
      for (const pon of target >= 0 ? [target] : firstOf(this.#pons)) actions.killOlt(pon, offNs);
      return;
    }
    const all = onts.length > 0 ? onts : firstOf(this.#onts);
    for (const ont of target >= 0 ? [target] : all) actions.cutOnt(ont, offNs);
  }
}

const firstOf = (count: number): number[] => Array.from({ length: count }, (_, number) => number);
