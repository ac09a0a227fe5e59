/** The update agent: polls a depot over HTTPS, fetches what it is told, and ends in the image store of its ONT. */
export { createAgent } from "./core/agent.ts";
export { AGENT_BLOCK_BYTES, agentConfigOf, type AgentFacts } from "./device-config.ts";
export { headerCheck, type HeaderCheckOptions } from "./header-check.ts";
export type * from "./core/types.ts";
