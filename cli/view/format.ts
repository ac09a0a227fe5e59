/** Figures on a terminal read as they do in a report. */
export { bytesText, countText, durationText, percentText, plural, rateText } from "../../scenarios/format.ts";
