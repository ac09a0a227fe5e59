/** The OLT core in real time, whatever the way south: clock, one timer, one turn for all that came in at once. */
import { DeadlineTimer } from "../base/clock/index.ts";
import { DropTally } from "../pon/index.ts";
import type { Olt, OltEvent } from "./core/types.ts";
import type { RealTimeSouthbound } from "./southbound/southbound.ts";
import { type OltEventSink, turnOlt } from "./turn.ts";

/** A timer's own grain: by so much each is late, on any machine. */
const LATENESS_USUAL_NS = 2e6;

/** What a driver adds to the loop. */
export interface OltLoopHooks extends OltEventSink {
  /** Before deadlines pass and frames go out. */
  beforeTurn?: (nowNs: number) => void;
  afterTurn?: () => void;
}

/**
 * Hands to the core what comes up, and turns it: deadlines pass, frames go out. One turn serves everything that one wake-up
 * brought.
 */
export class OltLoop implements OltEventSink {
  readonly #core: Olt;
  readonly #southbound: RealTimeSouthbound;
  readonly #now: () => number;
  readonly #hooks: OltLoopHooks;
  readonly #drops: DropTally;
  readonly #timer: DeadlineTimer;
  /** What the timer was last asked for. */
  #dueNs = Infinity;
  #turnDue = false;
  #stopped = false;
  readonly #turn = (): void => this.#takeTurn();

  /** @param now nanoseconds since the start of the run */
  constructor(core: Olt, southbound: RealTimeSouthbound, now: () => number, hooks: OltLoopHooks) {
    this.#core = core;
    this.#southbound = southbound;
    this.#now = now;
    this.#hooks = hooks;
    this.#drops = new DropTally((timeNs, onuId, cause, count) =>
      hooks.event(timeNs, { type: "dropped", onuId, cause, ...(count > 1 && { count }) }),
    );
    this.#timer = new DeadlineTimer(now, () => this.#wake());
    southbound.handlers = {
      onRanged: (onuId, serial) => core.handleRanged(now(), onuId, serial),
      onLinkLost: (onuId) => core.handleLinkLost(now(), onuId),
      onFrame: (onuId, pdu) => core.handleFrame(now(), onuId, pdu),
      onLate: (lateNs) => core.handleLateness(now(), lateNs),
      onDropped: (onuId, cause) => this.#drops.count(now(), onuId, cause),
      onDue: () => this.schedule(),
    };
  }

  /** A turn follows once everything that is already here has been read. */
  schedule(): void {
    if (this.#turnDue || this.#stopped) return;
    this.#turnDue = true;
    setImmediate(this.#turn);
  }

  /** For events that are not the core's. */
  note(event: OltEvent): void {
    this.#hooks.event(this.#now(), event);
  }

  /** The core's. */
  event(nowNs: number, event: OltEvent): void {
    if (event.type === "dropped") this.#drops.count(nowNs, event.onuId, event.cause);
    else this.#hooks.event(nowNs, event);
  }

  stop(): void {
    this.#drops.tellAll(this.#now());
    this.#stopped = true;
    this.#timer.stop();
  }

  #takeTurn(): void {
    this.#turnDue = false;
    if (this.#stopped) return;
    const nowNs = this.#now();
    this.#hooks.beforeTurn?.(nowNs);
    if (this.#southbound.nextTimeoutNs() <= nowNs) this.#southbound.handleTimeout(nowNs);
    if (this.#core.nextTimeoutNs() <= nowNs) this.#core.handleTimeout(nowNs);
    this.#drops.look(nowNs);
    const dueNs = turnOlt(this.#core, this.#southbound, this, nowNs);
    this.#hooks.afterTurn?.();
    if (dueNs <= nowNs) this.schedule();
    else this.#timer.wakeBy(dueNs);
    this.#dueNs = dueNs;
  }

  /** A timer that fires late may find answers unread: they are read before a deadline passes. */
  #wake(): void {
    const nowNs = this.#now();
    const lateNs = nowNs - this.#dueNs;
    if (lateNs > LATENESS_USUAL_NS) this.#core.handleLateness(nowNs, lateNs);
    this.schedule();
  }
}
