/** The OLT core on a way in real time, with reports to whoever started it: events in batches, how things are, the end. */
import { type TrafficInterval, TrafficMeter } from "../../pon/index.ts";
import type { Olt, OltCommand, OltCommandOutcome, OltEvent } from "../core/types.ts";
import { OltLoop } from "../loop.ts";
import type { RealTimeSouthbound } from "../southbound/southbound.ts";
import type { OltReport, TimedOltEvent } from "./protocol.ts";

/** Events and status go up this often. */
const REPORT_MS = 200;
/** Events kept between two reports; more are counted only. */
const EVENTS_PENDING_MAX = 100_000;

export interface OltDriverHandlers {
  onEvents: (events: TimedOltEvent[]) => void;
  onStatus: (report: OltReport) => void;
  onFinished: (report: OltReport) => void;
  /** The server of the feed is lost, or there again. */
  onFeed?: (state: "lost" | "found", bytesPerSecond: number) => void;
}

export class OltDriver {
  readonly #core: Olt;
  readonly #southbound: RealTimeSouthbound;
  readonly #now: () => number;
  readonly #handlers: OltDriverHandlers;
  readonly #promptEvents: boolean;
  readonly #loop: OltLoop;
  readonly #traffic: TrafficMeter;
  readonly #reporter: NodeJS.Timeout;
  #finishedReported = false;
  #events: TimedOltEvent[] = [];
  #eventsLost = 0;

  constructor(
    core: Olt,
    southbound: RealTimeSouthbound,
    now: () => number,
    handlers: OltDriverHandlers,
    promptEvents: boolean,
  ) {
    this.#core = core;
    this.#southbound = southbound;
    this.#now = now;
    this.#handlers = handlers;
    this.#promptEvents = promptEvents;
    this.#traffic = new TrafficMeter(southbound.downstream, southbound.upstream, now());
    this.#loop = new OltLoop(core, southbound, now, {
      event: (timeNs, event) => this.#keep(timeNs, event),
      beforeTurn: (nowNs) => this.#noteTraffic(this.#traffic.look(nowNs)),
      afterTurn: () => this.#tell(),
    });
    this.#reporter = setInterval(() => this.report(), REPORT_MS);
  }

  /** Sends up what happened and how things are. */
  report(): void {
    this.#reportEvents();
    if (!this.#finishedReported) this.#handlers.onStatus(this.snapshot());
  }

  snapshot(): OltReport {
    return {
      status: this.#core.status(),
      downstream: this.#southbound.downstream,
      upstream: this.#southbound.upstream,
      eventsLost: this.#eventsLost,
    };
  }

  /** Who is on the way, see `Olt`. */
  handleFleet(onts: number | "starting"): void {
    this.#core.handleFleet(this.#now(), onts);
    this.#loop.schedule();
  }

  handleCommand(command: OltCommand): OltCommandOutcome {
    const outcome = this.#core.handleCommand(this.#now(), command);
    this.#loop.schedule();
    return outcome;
  }

  stop(): void {
    this.#loop.stop();
    this.#noteTraffic(this.#traffic.end(this.#now()));
    this.report();
    clearInterval(this.#reporter);
  }

  #tell(): void {
    if (this.#promptEvents) this.#reportEvents();
    if (this.#core.finished && !this.#finishedReported) this.#finish();
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
    if (interval) this.#loop.note({ type: "traffic", ...interval });
  }

  #keep(timeNs: number, event: OltEvent): void {
    if (this.#events.length < EVENTS_PENDING_MAX) this.#events.push([timeNs, event]);
    else this.#eventsLost++;
  }
}
