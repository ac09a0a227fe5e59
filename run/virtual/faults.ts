/** The scenario's faults in virtual time: their strikes are events of the queue. */
import type { OltEvent } from "../../olt/core/types.ts";
import type { EventQueue } from "../../pon/virtual/index.ts";
import type { Fault } from "../../scenarios/index.ts";
import { type FaultActions, FaultSchedule } from "../faults/schedule.ts";
import { EVENT } from "./events.ts";

export class Faults {
  readonly #schedule: FaultSchedule;
  readonly #queue: EventQueue;
  readonly #actions: FaultActions;

  constructor(
    faults: readonly Fault[],
    size: { onts: number; pons: number },
    queue: EventQueue,
    actions: FaultActions,
  ) {
    this.#schedule = new FaultSchedule(faults, size);
    this.#queue = queue;
    this.#actions = actions;
  }

  /** Nothing strikes in the middle of the OLT's own turn. @param ont number of the ONT it is about; -1 = none */
  handleOltEvent(nowNs: number, pon: number, ont: number, event: OltEvent): void {
    for (const { atNs, fault, target } of this.#schedule.handleOltEvent(nowNs, pon, ont, event))
      this.#queue.schedule(atNs, EVENT.fault, target, fault);
  }

  /** An event of the queue: its argument and its target. */
  strike(fault: number, target: number): void {
    this.#schedule.carryOut({ fault, target }, this.#actions);
  }
}
