/** The one turn loop of the ONT core: every driver, tester and bench hands out with it what a call made the core say. */
import { guardInstant } from "../base/clock/index.ts";
import type { LocalAnswer } from "./core/local-types.ts";
import type { FlashOperation, Ont, OntEvent, UpstreamSink } from "./core/types.ts";

/** Where everything goes that an ONT core hands out. Made once for an ONT, or once for many: nothing is made in a turn. */
export interface OntSinks extends UpstreamSink {
  /** Whose they are, for messages about our own defects. */
  readonly name: string;
  /** Whether the storage takes another operation now; what it does not take waits in the core. */
  readonly takesFlash: boolean;
  /** May carry it out and call `handleFlashDone` at once: what follows from that is handed out in the same turn. */
  flash(nowNs: number, operation: FlashOperation): void;
  event(nowNs: number, event: OntEvent): void;
  /** To a road beside OMCI; without one nobody asks. */
  local?(nowNs: number, answer: LocalAnswer): void;
}

/**
 * Takes everything that the core has to hand out: frames, then work for the storage, then events; again while a deadline
 * is due. To be called after each call into the core.
 *
 * @returns the next deadline: later than `nowNs`, or Infinity
 * @throws Error when a deadline comes again and again at this instant, a defect of the core
 */
export function turnOnt(core: Ont, sinks: OntSinks, nowNs: number): number {
  for (let turns = 0; ; turns++) {
    core.pollTransmit(nowNs, sinks);
    while (sinks.takesFlash) {
      const operation = core.pollFlash();
      if (operation === undefined) break;
      sinks.flash(nowNs, operation);
    }
    for (let event = core.pollEvent(); event !== undefined; event = core.pollEvent()) sinks.event(nowNs, event);
    const isAnswered = handOutLocal(core, sinks, nowNs);
    const nextNs = core.nextTimeoutNs();
    if (nextNs > nowNs && !isAnswered) return nextNs;
    guardInstant(turns, sinks.name, nowNs);
    core.handleTimeout(nowNs);
  }
}

/** @returns whether there were answers: what follows from them is handed out in the same turn */
function handOutLocal(core: Ont, sinks: OntSinks, nowNs: number): boolean {
  let isAnswered = false;
  for (let answer = core.pollLocal(); answer !== undefined; answer = core.pollLocal()) {
    isAnswered = true;
    sinks.local?.(nowNs, answer);
  }
  return isAnswered;
}
