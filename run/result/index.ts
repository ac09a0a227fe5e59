/** `result.json`: what became of a run and of each ONT, the same for processes and virtual time. */
export { buildResult, type ResultInputs } from "./result.ts";
export {
  ACTIVATION_SPAN,
  baselineText,
  copiesBeside,
  FIGURE_LABELS,
  inBaseline,
  OUTCOME_LABELS,
  outcomeCounts,
} from "./words.ts";
export { planShareText, type SentPayload, sentPayloads, sentText } from "./sent-payloads.ts";
export { besideModel } from "./beside-model.ts";
export { RESULT_SCHEMA } from "./types.ts";
export type {
  CounterTotals,
  Forecast,
  HostFacts,
  ImageFacts,
  OntFinal,
  OntOutcome,
  OntResult,
  OntStorage,
  PoncastBuild,
  RunResult,
  SlotContent,
} from "./types.ts";
export { type Losses, lossesOf, lossText } from "./losses.ts";
export { type Figure, FIGURES, type Figures, figuresOf } from "./figures.ts";
