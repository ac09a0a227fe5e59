/** What a distribution costs, from chances alone: see docs/sizing.md. */
export { type Measured, measure } from "./check.ts";
export { sizingInputOf } from "./input.ts";
export { sizeOf } from "./model.ts";
export {
  bestWindow,
  type FittingOnts,
  ontsWithin,
  rateWithin,
  sizeScenario,
  strategies,
  type Strategy,
  withStrategy,
} from "./questions.ts";
export { type Returns, withPowerCuts, withReturns } from "./returns.ts";
export type { Sizing, SizingInput } from "./types.ts";
