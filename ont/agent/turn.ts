/** The one turn loop of the update agent: every driver and test hands out with it what a call made the agent say. */
import { guardInstant } from "../../base/clock/index.ts";
import type { Agent, AgentAction, AgentEvent } from "./core/types.ts";

export interface AgentSinks {
  /** Whose they are, for messages about our own defects. */
  readonly name: string;
  /** May answer at once: what follows from that is handed out in the same turn. */
  action(nowNs: number, action: AgentAction): void;
  event(nowNs: number, event: AgentEvent): void;
}

/** @returns the next deadline: later than `nowNs`, or Infinity */
export function turnAgent(agent: Agent, sinks: AgentSinks, nowNs: number): number {
  for (let turns = 0; ; turns++) {
    for (let action = agent.pollAction(); action !== undefined; action = agent.pollAction())
      sinks.action(nowNs, action);
    for (let event = agent.pollEvent(); event !== undefined; event = agent.pollEvent()) sinks.event(nowNs, event);
    const nextNs = agent.nextTimeoutNs(nowNs);
    if (nextNs > nowNs) return nextNs;
    guardInstant(turns, sinks.name, nowNs);
    agent.handleTimeout(nowNs);
  }
}
