/** The update agent in real time. */
export type { BodyExchange, ExchangeSinks } from "./exchange.ts";
export { AgentDriver, type AgentLinks } from "./driver.ts";
export type { AgentDescription, AgentProcessConfig, AgentProcessEvent, FromAgents, ToAgents } from "./protocol.ts";
export { readAgentRecord, writeAgentRecord } from "./record-file.ts";
