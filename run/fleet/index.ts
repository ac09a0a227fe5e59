/** The fleet of a scenario: who there is, with which settings and keys, over which fibre. */
export { toOltConfig } from "./olt-config.ts";
export { configurationOf, factoryRecordIn, ontConfigOf, type OntSettings, quirkProfileOf } from "./ont-config.ts";
export { groupSizes, type OntPlan, planFleet, serialOf } from "./plan.ts";
