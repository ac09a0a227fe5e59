/** Fleets of update agents in virtual time. */
export { DepotModel, rangeOf, type ModelAnswer, type ModelDevice, type ModelFile } from "./depot-model.ts";
export { AgentFleet, type FleetReport } from "./fleet.ts";
export { type AgentDevice, agentDevice, type FleetDepot } from "./agent-device.ts";
export type { FleetOptions } from "./fleet-options.ts";
export { ModelStore, type StoreTiming } from "./model-store.ts";
