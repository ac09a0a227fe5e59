/** Which processes a run has started. */
export { childrenOf } from "../../run/index.ts";
