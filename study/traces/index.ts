/** Traces of losses and latencies: models fitted to them by maximum likelihood, and how well these fit. Pure. */
export { fitTrace, type TraceFit } from "./fit.ts";
export { type GapTrace, lossesOfGaps } from "./gaps.ts";
export {
  BURST_MODELS,
  type BurstFit,
  type BurstParameters,
  type Estimate,
  fitBurst,
  logLikelihoodOf,
} from "./gilbert-elliott.ts";
export { type Goodness, goodnessOf } from "./goodness.ts";
export { fitLatency, type LatencyFit } from "./latency.ts";
