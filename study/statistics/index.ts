/** Statistics over seeds: pairs, quantiles with intervals, when to stop, and when there is too little to say. Pure. */
export { isDecided, meanInterval, type MeanInterval, type PairedDifference, pairedDifference } from "./interval.ts";
export { type QuantileInterval, quantileInterval, quantileNeeds } from "./quantile.ts";
export { isWithin, type SeedsLook, look, SEEDS_BEFORE_STOPPING } from "./sequential.ts";
export { percentOf, tooFew } from "./warnings.ts";
