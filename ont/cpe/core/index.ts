/** The state machine of a CPE, pure. */
export { createCpe } from "./cpe.ts";
export { retryWaitNs } from "./policy.ts";
export type * from "./types.ts";
