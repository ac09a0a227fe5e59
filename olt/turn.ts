/** The one turn loop of the OLT core: every driver, tester and bench sends with it what the core has to send. */
import { guardInstant } from "../base/clock/index.ts";
import type { Olt, OltEvent } from "./core/types.ts";
import type { Southbound } from "./southbound/southbound.ts";

/** Hears what happened. */
export interface OltEventSink {
  event(nowNs: number, event: OltEvent): void;
}

/**
 * Sends what core and link have room for, again while a deadline is due and there is room, and tells what happened. To be
 * called after calls into the core: one turn serves all that came in at once.
 *
 * @returns when to turn again unless something comes in before: the next deadline, or when there is room again
 * @throws Error when a deadline comes again and again at this instant, a defect of the core
 */
export function turnOlt(core: Olt, southbound: Southbound, events: OltEventSink, nowNs: number): number {
  southbound.beginTurn(nowNs);
  core.pollTransmit(nowNs, southbound);
  let nextNs = core.nextTimeoutNs();
  for (let turns = 0; nextNs <= nowNs && southbound.roomBytes() > 0; turns++) {
    guardInstant(turns, southbound.name, nowNs);
    core.handleTimeout(nowNs);
    core.pollTransmit(nowNs, southbound);
    nextNs = core.nextTimeoutNs();
  }
  southbound.flush();
  for (let event = core.pollEvent(); event !== undefined; event = core.pollEvent()) events.event(nowNs, event);
  // Still something to do now: it waits for room.
  const dueNs = nextNs <= nowNs ? southbound.roomAgainNs(nowNs) : nextNs;
  return Math.min(dueNs, southbound.nextTimeoutNs());
}
