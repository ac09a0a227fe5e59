/** The update agent in real time: HTTPS, its record as a file, the wall clock; the image store is whoever has the slots. */
import { type ExchangeRequest, readRoadRecord, RoadDriver, type RoadLinks } from "../../road/process/index.ts";
import { createAgent } from "../core/agent.ts";
import type {
  Agent,
  AgentConfig,
  AgentEvent,
  AgentRecord,
  AgentRequest,
  AgentSnapshot,
  UserWish,
} from "../core/types.ts";

export type AgentLinks = RoadLinks<AgentEvent, AgentRequest>;

const ACCEPT = "application/hal+json, application/octet-stream";

export class AgentDriver extends RoadDriver<AgentRequest, AgentRecord, AgentEvent, AgentSnapshot, Agent> {
  readonly #origin: string;

  constructor(config: AgentConfig, links: AgentLinks) {
    const record = readRoadRecord<AgentRecord>(links.recordFile);
    super(`agent of ${config.device}`, createAgent(config, record, links.store.state(), links.nowNs()), links);
    this.#origin = config.origin;
    this.turn();
  }

  user(wish: UserWish): void {
    this.road.handleUser(this.nowNs, wish);
    this.turn();
  }

  protected override exchangeOf({ method, path, headers, body, isBulk }: AgentRequest): ExchangeRequest {
    const url = new URL(this.#origin + path);
    return { method, url, headers: { ...headers, accept: ACCEPT }, ...(body !== undefined && { body }), isBulk };
  }
}
