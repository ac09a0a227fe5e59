/** What a distribution costs, from chances alone: see docs/sizing.md. */
export {
  besideModels,
  hasVisits,
  HOURS_FORM,
  lossFaultOf,
  type NightHours,
  nightHoursIn,
  sizeBeside,
} from "./answers.ts";
export { type Measured, type MeasureOptions, measure, runsAlike, runsFor } from "./check.ts";
export { forecastOf, planCost, sizePlan, type PayloadCost, type PlanCost } from "./forecast.ts";
export { type FileSizing, sizeFile } from "./file.ts";
export { CWMP_ASSUMPTIONS, HTTPS_ASSUMPTIONS, type HttpsSizing, sizeCwmp, sizeHttps } from "./https.ts";
export { meanLoss, sizingInputOf } from "./input.ts";
export { sizeOf } from "./model.ts";
export { DROPPED } from "./neglected.ts";
export {
  hasPayloads,
  type PayloadShare,
  type PayloadShares,
  payloadSharesOf,
  sizeAllPayloads,
} from "./payload-shares.ts";
export { type Rates, type DeadlineVerdict, verdictOf } from "./deadline.ts";
export { bestWindow, type FittingOnts, ontsWithin, rateWithin, sizeScenario, WINDOWS } from "./questions.ts";
export { strategies, type Strategy, withStrategy } from "./strategies.ts";
export { type Returns, withPowerCuts, withReturns } from "./returns.ts";
export type { Sizing, SizingInput } from "./types.ts";
