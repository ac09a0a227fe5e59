/** Quantiles, means and their intervals; the distributions these come from. The one door for statistics. */
export { anyOf, largestOf, meanOfLargest, momentsOf } from "./counts.ts";
export { binomial, gammaBelow, NORMAL_QUANTILES, studentT95 } from "./distributions.ts";
export { percentile } from "./percentile.ts";
export { statisticsOf, type Statistics } from "./statistics.ts";
