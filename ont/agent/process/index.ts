/** The update agent in real time. */
export { AgentDriver, type AgentLinks } from "./driver.ts";
export type { AgentDescription, AgentProcessConfig, FromAgents } from "./protocol.ts";
