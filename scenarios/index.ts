/** What a run is asked: the schema of a scenario, its files, and what is wrong with them. */
export type { CampaignRoad } from "./schema/campaign-fields.ts";
export { integer, prose, text, withDefault } from "./schema/fields.ts";
export type { Impairment } from "./schema/impairments.ts";
export { type FieldInfo, fieldsAt, scenarioFields } from "./schema/explain.ts";
export { scenarioJsonSchema } from "./schema/json-schema.ts";
export * from "./schema/load.ts";
export * from "./schema/scenario.ts";
export { suggestion } from "./schema/suggest.ts";
export { decodeFields, readText, YamlFile } from "./schema/yaml-file.ts";
