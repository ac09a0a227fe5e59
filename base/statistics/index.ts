/** Quantiles, means and their intervals. */
export { percentile } from "./percentile.ts";
export { statisticsOf, type Statistics, studentT95 } from "./statistics.ts";
