/** The update agent in real time: HTTPS, its record as a file, the wall clock; the image store is whoever has the slots. */
import { DeadlineTimer } from "../../../base/clock/index.ts";
import type { Durability } from "../../process/slots.ts";
import { type RoadSinks, turnRoad } from "../../road/index.ts";
import { carryOutStore, type OntImageStore } from "../../store/index.ts";
import { createAgent } from "../core/agent.ts";
import type {
  Agent,
  AgentAction,
  AgentConfig,
  AgentEvent,
  AgentRequest,
  AgentSnapshot,
  UserWish,
} from "../core/types.ts";
import { type BodyExchange, type ExchangeOptions, type ExchangeSinks, HttpExchange } from "./exchange.ts";
import { readAgentRecord, writeAgentRecord } from "./record-file.ts";

const MS_PER_SECOND = 1000;

export interface AgentLinks {
  nowNs: () => number;
  /** Seconds since 1970-01-01 UTC; undefined: this device has no clock to be trusted. */
  wallSeconds?: () => number | undefined;
  store: OntImageStore;
  /** A client end that demands a staple; absent: Node's own, or plain HTTP where the origin says so. */
  agent?: ExchangeOptions["agent"];
  /** Whoever is asked in place of the depot's server. */
  exchange?: (request: AgentRequest, sinks: ExchangeSinks) => BodyExchange;
  recordFile: string;
  durability: Durability;
  onEvent: (nowNs: number, event: AgentEvent) => void;
  /** Its storage is broken. */
  onFailure: (error: unknown) => void;
}

const systemSeconds = (): number => Date.now() / MS_PER_SECOND;

/** One life of the agent, from power-on until `close`: who restarts the device makes another one. */
export class AgentDriver implements RoadSinks<AgentAction, AgentEvent> {
  readonly name: string;
  readonly #links: AgentLinks;
  readonly #agent: Agent;
  readonly #timer: DeadlineTimer;
  readonly #origin: URL;
  readonly #exchanges = new Map<number, BodyExchange>();
  #isTurning = false;
  #isClosed = false;

  constructor(config: AgentConfig, links: AgentLinks) {
    this.name = `agent of ${config.device}`;
    this.#links = links;
    this.#origin = new URL(config.origin);
    this.#timer = new DeadlineTimer(links.nowNs, () => this.#wake());
    const nowNs = links.nowNs();
    this.#agent = createAgent(config, readAgentRecord(links.recordFile), links.store.state(), nowNs);
    this.#agent.handleWallClock(nowNs, (links.wallSeconds ?? systemSeconds)());
    this.#turn();
  }

  user(wish: UserWish): void {
    this.#agent.handleUser(this.#links.nowNs(), wish);
    this.#turn();
  }

  snapshot(): AgentSnapshot {
    return this.#agent.snapshot();
  }

  /** The device goes down: nothing is told to anybody. */
  close(): void {
    this.#isClosed = true;
    this.#timer.stop();
    for (const exchange of this.#exchanges.values()) exchange.abort();
    this.#exchanges.clear();
  }

  event(nowNs: number, event: AgentEvent): void {
    this.#links.onEvent(nowNs, event);
  }

  action(nowNs: number, action: AgentAction): void {
    const { links, agent } = { links: this.#links, agent: this.#agent };
    switch (action.kind) {
      case "request":
        return this.#send(action);
      case "abort":
        this.#exchanges.get(action.id)?.abort();
        this.#exchanges.delete(action.id);
        return;
      case "store":
        return carryOutStore(agent, links.store, action.command, links.nowNs, () => this.#turn());
      case "persist":
        try {
          writeAgentRecord(links.recordFile, action.record, links.durability);
        } catch (error) {
          return links.onFailure(error);
        }
        return agent.handlePersisted(nowNs, action.id);
    }
  }

  #send({ id, request }: Extract<AgentAction, { kind: "request" }>): void {
    const { agent, exchange: other } = this.#links;
    const tell = (what: (nowNs: number) => void): void => {
      if (this.#isClosed) return;
      what(this.#links.nowNs());
      this.#turn();
    };
    const sinks: ExchangeSinks = {
      response: (status, headers) => tell((nowNs) => this.#agent.handleResponse(nowNs, id, status, headers)),
      body: (bytes) => tell((nowNs) => this.#agent.handleBody(nowNs, id, bytes)),
      end: () => {
        this.#exchanges.delete(id);
        tell((nowNs) => this.#agent.handleEnd(nowNs, id));
      },
      broken: (cause) => {
        this.#exchanges.delete(id);
        tell((nowNs) => this.#agent.handleBroken(nowNs, id, cause));
      },
      roomBytes: () => this.#agent.roomBytes(this.#links.nowNs()),
    };
    const exchange =
      other?.(request, sinks) ?? new HttpExchange({ origin: this.#origin, ...(agent && { agent }) }, request, sinks);
    this.#exchanges.set(id, exchange);
  }

  #wake(): void {
    this.#agent.handleTimeout(this.#links.nowNs());
    this.#turn();
  }

  /** What the store answers at once comes back in here: the turn that is under way hands it out. */
  #turn(): void {
    if (this.#isTurning || this.#isClosed) return;
    this.#isTurning = true;
    let nextNs: number;
    try {
      nextNs = turnRoad(this.#agent, this, this.#links.nowNs());
    } finally {
      this.#isTurning = false;
    }
    // There may be room again, for whoever waits for it.
    for (const exchange of this.#exchanges.values()) exchange.read();
    this.#timer.wakeBy(nextNs);
  }
}
