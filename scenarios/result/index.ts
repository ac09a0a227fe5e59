export { buildResult, type ResultInputs } from "./result.ts";
export { reasonsOf } from "./reasons.ts";
export { RESULT_SCHEMA } from "./types.ts";
export type {
  CounterTotals,
  HostFacts,
  ImageFacts,
  LinkTraffic,
  OntFinal,
  OntOutcome,
  OntResult,
  OntStorage,
  RunResult,
  SlotContent,
} from "./types.ts";
