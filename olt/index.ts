/** The OLT: public entry of the folder. */
export { createOlt } from "./core/olt.ts";
export * from "./core/types.ts";
export { explainedSends, sendsMaxFor } from "./core/answer-share.ts";
export * from "./core/busy.ts";
export * from "./core/policy.ts";
export type { RealTimeSouthbound, Southbound, SouthboundHandlers } from "./southbound/southbound.ts";
export { type OltEventSink, turnOlt } from "./turn.ts";
