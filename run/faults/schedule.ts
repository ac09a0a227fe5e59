/** A scenario's faults: what strikes whom, and when. Pure; the drivers keep the time and do what is to be done. */
import type { OltCommand, OltEvent } from "../../olt/core/types.ts";
import type { Fault } from "../../scenarios/index.ts";

const NS_PER_SECOND = 1e9;

/** One blow that is to come. */
export interface Strike {
  /** On the run's clock; may be past. */
  atNs: number;
  /** Number of the fault in the scenario; the end of a pause has its number behind those of all. */
  fault: number;
  /** The ONT, or for an OLT its port, that it is for; -1 = whatever the fault names. */
  target: number;
}

export interface FaultActions {
  /** Power off for so long. */
  cutOnt: (ont: number, offNs: number) => void;
  killOlt: (pon: number, offNs: number) => void;
  /** An operator's. */
  command: (pon: number, command: OltCommand) => void;
  skip: (ont: number) => void;
}

const NONE: readonly Strike[] = [];

/**
 * Faults at a time after the first Start, or when an ONT reaches a phase, once for each ONT. A power cycle that names no
 * ONT is for all of them.
 */
export class FaultSchedule {
  readonly #faults: readonly Fault[];
  readonly #onts: number;
  readonly #ponCount: number;
  /** `fault number/ONT`, or the number alone for an OLT: is on its way, or has struck. */
  readonly #struck = new Set<string>();
  #started = false;

  constructor(faults: readonly Fault[], { onts, pons }: { onts: number; pons: number }) {
    this.#faults = faults;
    this.#onts = onts;
    this.#ponCount = pons;
  }

  /** The first Start went out then. @returns all that goes by the clock; nothing the second time */
  handleFirstStart(startNs: number): readonly Strike[] {
    if (this.#started) return NONE;
    this.#started = true;
    return this.#faults.flatMap(({ atSeconds }, fault) =>
      atSeconds === undefined ? [] : this.#blows(startNs + Math.round(atSeconds * NS_PER_SECOND), fault, -1),
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
      const isOlt = fault.action !== "powerCycle" && fault.action !== "skip";
      if (!isOlt && fault.onts.length > 0 && !fault.onts.includes(ont)) return [];
      const key = isOlt ? `${number}` : `${number}/${ont}`;
      if (this.#struck.has(key)) return [];
      this.#struck.add(key);
      return this.#blows(nowNs, number, isOlt ? pon : ont);
    });
    return [...byClock, ...byPhase];
  }

  /** A strike's time has come. */
  carryOut({ fault: number, target }: Pick<Strike, "fault" | "target">, actions: FaultActions): void {
    const faults = this.#faults;
    const fault = faults[number % faults.length];
    const offNs = Math.round(fault.offSeconds * NS_PER_SECOND);
    switch (fault.action) {
      case "killOlt":
        for (const pon of this.#pons(target)) actions.killOlt(pon, offNs);
        return;
      case "powerCycle":
        for (const ont of this.#ontsOf(fault, target)) actions.cutOnt(ont, offNs);
        return;
      case "skip":
        for (const ont of this.#ontsOf(fault, target)) actions.skip(ont);
        return;
      case "pause":
      case "abort":
      case "rate":
        for (const pon of this.#pons(target)) actions.command(pon, commandOf(fault, number >= faults.length));
    }
  }

  #pons(target: number): readonly number[] {
    return target >= 0 ? [target] : firstOf(this.#ponCount);
  }

  #ontsOf({ onts }: Fault, target: number): readonly number[] {
    if (target >= 0) return [target];
    return onts.length > 0 ? onts : firstOf(this.#onts);
  }

  #blows(atNs: number, fault: number, target: number): Strike[] {
    const { action, offSeconds } = this.#faults[fault];
    const begin = { atNs, fault, target };
    if (action !== "pause") return [begin];
    return [begin, { atNs: atNs + Math.round(offSeconds * NS_PER_SECOND), fault: fault + this.#faults.length, target }];
  }
}

function commandOf({ action, bitsPerSecond }: Fault, isEnd: boolean): OltCommand {
  const by = "the scenario";
  if (action === "rate") return { kind: "rate", bitsPerSecond: bitsPerSecond ?? null, by };
  if (action === "abort") return { kind: "abort", by };
  return { kind: isEnd ? "resume" : "pause", by };
}

const firstOf = (count: number): number[] => Array.from({ length: count }, (_, number) => number);
