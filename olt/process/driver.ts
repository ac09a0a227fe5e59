import { type TrafficInterval, TrafficMeter } from "../../pon/index.ts";
import type { Olt } from "../core/types.ts";
import type { OltLink } from "./link.ts";
import type { OltReport, TimedOltEvent } from "./protocol.ts";

/** Events and status go up this often. */
const REPORT_MS = 200;
/** Events kept between two reports; more are counted only. */
const EVENTS_PENDING_MAX = 100_000;
/** Longest sleep a timer takes. */
const SLEEP_MS_MAX = 60_000;

export interface OltDriverHandlers {
  onEvents: (events: TimedOltEvent[]) => void;
  onStatus: (report: OltReport) => void;
  onFinished: (report: OltReport) => void;
}

/**
 * Turns the core: what came in since the last turn has been handed over, now deadlines pass and frames go out. One turn
 * serves everything one wake-up brought; one timer stands for all deadlines.
 */
export class OltDriver {
  readonly #core: Olt;
  readonly #link: OltLink;
  readonly #now: () => number;
  readonly #handlers: OltDriverHandlers;
  readonly #promptEvents: boolean;
  readonly #traffic: TrafficMeter;
  readonly #reporter: NodeJS.Timeout;
  #timer: NodeJS.Timeout | undefined;
  #timerDueNs = Infinity;
  #turnDue = false;
  #stopped = false;
  #finishedReported = false;
  #events: TimedOltEvent[] = [];
  #eventsLost = 0;
  readonly #turn = (): void => this.#takeTurn();
  readonly #wake = (): void => {
    this.#timerDueNs = Infinity;
    this.#takeTurn();
  };

  constructor(core: Olt, link: OltLink, now: () => number, handlers: OltDriverHandlers, promptEvents: boolean) {
    this.#core = core;
    this.#link = link;
    this.#now = now;
    this.#handlers = handlers;
    this.#promptEvents = promptEvents;
    this.#traffic = new TrafficMeter(link.downstream, link.upstream, now());
    this.#reporter = setInterval(() => this.report(), REPORT_MS);
  }

  /** Something came in: a turn follows once everything that is already here has been read. */
  schedule(): void {
    if (this.#turnDue || this.#stopped) return;
    this.#turnDue = true;
    setImmediate(this.#turn);
  }

  /** Sends up what happened and how things are. */
  report(): void {
    this.#reportEvents();
    if (!this.#finishedReported) this.#handlers.onStatus(this.snapshot());
  }

  snapshot(): OltReport {
    return {
      status: this.#core.status(),
      downstream: this.#link.downstream,
      upstream: this.#link.upstream,
      eventsLost: this.#eventsLost,
    };
  }

  /** For events of the link itself. */
  note(event: TimedOltEvent[1]): void {
    this.#keep([this.#now(), event]);
  }

  stop(): void {
    this.#noteTraffic(this.#traffic.end(this.#now()));
    this.report();
    this.#stopped = true;
    clearInterval(this.#reporter);
    clearTimeout(this.#timer);
  }

  #takeTurn(): void {
    this.#turnDue = false;
    if (this.#stopped) return;
    const nowNs = this.#now();
    this.#noteTraffic(this.#traffic.look(nowNs));
    if (this.#link.ranging.nextTimeoutNs() <= nowNs) this.#link.ranging.handleTimeout(nowNs);
    if (this.#core.nextTimeoutNs() <= nowNs) this.#core.handleTimeout(nowNs);
    this.#link.beginTurn();
    this.#core.pollTransmit(nowNs, this.#link);
    this.#link.flush();
    for (let event = this.#core.pollEvent(); event; event = this.#core.pollEvent()) this.#keep([nowNs, event]);
    if (this.#promptEvents) this.#reportEvents();
    if (this.#core.finished && !this.#finishedReported) this.#finish();
    this.#arm(nowNs);
  }

  #reportEvents(): void {
    if (this.#events.length === 0) return;
    this.#handlers.onEvents(this.#events);
    this.#events = [];
  }

  #finish(): void {
    this.#noteTraffic(this.#traffic.end(this.#now()));
    this.report();
    this.#finishedReported = true;
    this.#handlers.onFinished(this.snapshot());
  }

  #noteTraffic(interval: TrafficInterval | undefined): void {
    if (interval) this.note({ type: "traffic", ...interval });
  }

  #keep(timed: TimedOltEvent): void {
    if (this.#events.length < EVENTS_PENDING_MAX) this.#events.push(timed);
    else this.#eventsLost++;
  }

  /** A timer that is early enough stays: it costs one turn that finds nothing to do. */
  #arm(nowNs: number): void {
    const dueNs = Math.min(this.#core.nextTimeoutNs(), this.#link.ranging.nextTimeoutNs());
    if (dueNs <= nowNs) {
      // The socket calls for the next turn once it has drained.
      if (!this.#link.sending) this.schedule();
      return;
    }
    if (dueNs >= this.#timerDueNs) return;
    clearTimeout(this.#timer);
    const sleepMs = Math.min(SLEEP_MS_MAX, Math.max(1, Math.ceil((dueNs - nowNs) / 1e6)));
    this.#timerDueNs = dueNs;
    this.#timer = setTimeout(this.#wake, sleepMs);
  }
}
