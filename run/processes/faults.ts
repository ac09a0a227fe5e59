/** The scenario's faults in real time: their strikes wait for timers. */
import type { OltEvent } from "../../olt/core/types.ts";
import type { FaultActions, FaultSchedule, Strike } from "../faults/schedule.ts";

const NS_PER_MS = 1e6;

export class FaultTimers {
  readonly #schedule: FaultSchedule;
  readonly #actions: FaultActions;
  readonly #nowNs: () => number;
  readonly #timers = new Set<NodeJS.Timeout>();

  /** @param nowNs the run's clock */
  constructor(schedule: FaultSchedule, actions: FaultActions, nowNs: () => number) {
    this.#schedule = schedule;
    this.#actions = actions;
    this.#nowNs = nowNs;
  }

  /** As the OLT's status tells it: its events may be on their way still. */
  handleFirstStart(startNs: number): void {
    this.#await(this.#schedule.handleFirstStart(startNs));
  }

  handleOltEvent(timeNs: number, pon: number, ont: number, event: OltEvent): void {
    this.#await(this.#schedule.handleOltEvent(timeNs, pon, ont, event));
  }

  /** The run ends: what waits does not strike. */
  clear(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  /** What a phase brings about strikes at once. */
  #await(strikes: readonly Strike[]): void {
    for (const strike of strikes) {
      const waitMs = (strike.atNs - this.#nowNs()) / NS_PER_MS;
      if (waitMs <= 0) {
        this.#schedule.carryOut(strike, this.#actions);
        continue;
      }
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        this.#schedule.carryOut(strike, this.#actions);
      }, waitMs);
      this.#timers.add(timer);
    }
  }
}
