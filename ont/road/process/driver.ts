/** One life of a road in real time, from power-on until `close`: its requests, its record as a file, its store, its timer. */
import type { Agent as HttpsAgent } from "node:https";
import { DeadlineTimer } from "../../../base/clock/index.ts";
import type { Durability } from "../../process/slots.ts";
import { carryOutStore, type OntImageStore } from "../../store/index.ts";
import type { DrivenRoad, RoadAction, RoadHeaders } from "../core/types.ts";
import { type RoadSinks, turnRoad } from "../turn.ts";
import { type BodyExchange, HttpExchange, type ExchangeRequest, type ExchangeSinks } from "./exchange.ts";
import { writeRoadRecord } from "./record-file.ts";

const MS_PER_SECOND = 1000;

export interface RoadLinks<Event, Request = never> {
  nowNs: () => number;
  /** Seconds since 1970-01-01 UTC; undefined: this device has no clock to be trusted. */
  wallSeconds?: () => number | undefined;
  store: OntImageStore;
  /** A client end that demands a staple; absent: Node's own, or plain HTTP where the URL says so. */
  agent?: HttpsAgent;
  /** Whoever is asked in place of a server. */
  exchange?: (request: Request, sinks: ExchangeSinks) => BodyExchange;
  recordFile: string;
  durability: Durability;
  onEvent: (nowNs: number, event: Event) => void;
  /** Its storage is broken. */
  onFailure: (error: unknown) => void;
}

const systemSeconds = (): number => Date.now() / MS_PER_SECOND;

/** Who restarts the device makes another one. */
export abstract class RoadDriver<
  Request extends { isBulk: boolean },
  Kept extends object,
  Event,
  Snapshot,
  Road extends DrivenRoad<Request, Kept, Event, Snapshot>,
> implements RoadSinks<RoadAction<Request, Kept>, Event> {
  readonly name: string;
  protected readonly road: Road;
  readonly #links: RoadLinks<Event, Request>;
  readonly #timer: DeadlineTimer;
  readonly #exchanges = new Map<number, BodyExchange>();
  #isTurning = false;
  #isClosed = false;

  constructor(name: string, road: Road, links: RoadLinks<Event, Request>) {
    this.name = name;
    this.road = road;
    this.#links = links;
    this.#timer = new DeadlineTimer(links.nowNs, () => {
      this.road.handleTimeout(links.nowNs());
      this.turn();
    });
    road.handleWallClock(links.nowNs(), (links.wallSeconds ?? systemSeconds)());
  }

  /** How a request goes out. */
  protected abstract exchangeOf(request: Request): ExchangeRequest;

  /** @returns the request to be made in its place, once: it has been told who is there */
  protected again?(request: Request, status: number, headers: RoadHeaders): ExchangeRequest | undefined;

  get nowNs(): number {
    return this.#links.nowNs();
  }

  snapshot(): Snapshot {
    return this.road.snapshot();
  }

  /** The device goes down: nothing is told to anybody. */
  close(): void {
    this.#isClosed = true;
    this.#timer.stop();
    for (const exchange of this.#exchanges.values()) exchange.abort();
    this.#exchanges.clear();
  }

  event(nowNs: number, event: Event): void {
    this.#links.onEvent(nowNs, event);
  }

  action(nowNs: number, action: RoadAction<Request, Kept>): void {
    const links = this.#links;
    switch (action.kind) {
      case "request":
        return this.#send(action.id, action.request, this.exchangeOf(action.request), false);
      case "abort":
        this.#exchanges.get(action.id)?.abort();
        this.#exchanges.delete(action.id);
        return;
      case "store":
        return carryOutStore(this.road, links.store, action.command, links.nowNs, () => this.turn());
      case "persist":
        try {
          writeRoadRecord(links.recordFile, action.record, links.durability);
        } catch (error) {
          return links.onFailure(error);
        }
        return this.road.handlePersisted(nowNs, action.id);
    }
  }

  #send(id: number, request: Request, exchange: ExchangeRequest, isAgain: boolean): void {
    const { road } = this;
    const tell = (what: (nowNs: number) => void): void => {
      if (this.#isClosed) return;
      what(this.#links.nowNs());
      this.turn();
    };
    const over = (what: (nowNs: number) => void): void => {
      this.#exchanges.delete(id);
      tell(what);
    };
    let instead: ExchangeRequest | undefined;
    const sinks: ExchangeSinks = {
      response: (status, headers, cookies) => {
        if (!isAgain && !this.#isClosed) instead = this.again?.(request, status, headers);
        if (instead === undefined) tell((nowNs) => road.handleResponse(nowNs, id, status, headers, cookies));
      },
      body: (bytes) => {
        if (instead === undefined) tell((nowNs) => road.handleBody(nowNs, id, bytes));
      },
      // On the same connection, which is free by now.
      end: () => {
        if (instead === undefined) over((nowNs) => road.handleEnd(nowNs, id));
        else if (!this.#isClosed) this.#send(id, request, instead, true);
      },
      broken: (cause) => over((nowNs) => road.handleBroken(nowNs, id, cause)),
      roomBytes: () => (instead === undefined ? road.roomBytes(this.#links.nowNs()) : Infinity),
    };
    const { agent, exchange: other } = this.#links;
    this.#exchanges.set(id, other?.(request, sinks) ?? new HttpExchange(exchange, agent, sinks));
  }

  /** What the store answers at once comes back in here: the turn that is under way hands it out. */
  protected turn(): void {
    if (this.#isTurning || this.#isClosed) return;
    this.#isTurning = true;
    let nextNs: number;
    try {
      nextNs = turnRoad(this.road, this, this.#links.nowNs());
    } finally {
      this.#isTurning = false;
    }
    // There may be room again, for whoever waits for it.
    for (const exchange of this.#exchanges.values()) exchange.read();
    this.#timer.wakeBy(nextNs);
  }
}
