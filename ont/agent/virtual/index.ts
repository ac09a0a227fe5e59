/** Fleets of update agents in virtual time. */
export { DepotModel, rangeOf, type ModelAnswer, type ModelDevice, type ModelFile } from "./depot-model.ts";
export { AgentFleet, type FleetReport } from "./fleet.ts";
export { FleetDevice } from "./fleet-device.ts";
export type { FleetDepot, FleetNet, FleetNetOptions, FleetOptions } from "./fleet-options.ts";
export { ModelStore, type StoreTiming } from "./model-store.ts";
export { FleetNetwork } from "./network.ts";
export { SharedLink } from "./shared-link.ts";
