/** The fleet of a scenario: who there is, over which fibre. */
export { type OntPlan, planFleet, toOltConfig } from "./plan.ts";
