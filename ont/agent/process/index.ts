/** The update agent in real time. */
export { AgentDriver, type AgentLinks } from "./driver.ts";
export { readAgentRecord, writeAgentRecord } from "./record-file.ts";
