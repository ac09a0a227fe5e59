/** What a run sends: which payloads there are, and for whom. */
export { payloadFor, planPayloads, type PlanInput } from "./plan.ts";
export { sentIn } from "./sent.ts";
export type { OntKind, PayloadFacts, PayloadPlan, PlannedPayload } from "./types.ts";
