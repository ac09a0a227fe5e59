/** What a run is: the scenario, its file, its fleet. */
export { dropSpecOf, feederSpecOf } from "./fibre.ts";
export * from "./fleet.ts";
export type { Impairment } from "./impairments.ts";
export * from "./load.ts";
export * from "./scenario.ts";
export { suggestion } from "./suggest.ts";
export { scenarioJsonSchema } from "./json-schema.ts";
