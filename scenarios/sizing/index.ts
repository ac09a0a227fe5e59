/** What a distribution costs, from a closed-form model; see docs/sizing.md. */
export { inputOf, type SizingInput } from "./input.ts";
export { type Sizing, sizeOf } from "./model.ts";
export { bestWindow, ontsWithin, rateWithin, strategies, type Strategy } from "./questions.ts";
