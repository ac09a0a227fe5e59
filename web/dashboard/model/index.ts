/** A run as its page shows it: made of records and views, sent as snapshots and deltas, put together again at the other end. */
export { applyDelta, portOf, type ShownRun, shownOf, stateOf } from "./apply.ts";
export { detailsOf } from "./details.ts";
export { factsOf } from "./facts.ts";
export { LiveModel } from "./live-model.ts";
