/** A depot and the figures of a fleet in virtual time. */
import { DepotModel, type FleetOptions } from "../../../ont/agent/virtual/index.ts";
import { ORIGIN, second } from "./bench.ts";
import { sha256Of } from "./store.ts";

export const MIB = 1024 * 1024;

export function depotWith(imageBytes: number): DepotModel {
  const bytes = new Uint8Array(imageBytes);
  return new DepotModel(ORIGIN, [{ filename: "image.bin", bytes, sha256: sha256Of(bytes), version: "2" }]);
}

export const options = (change: Partial<FleetOptions> & Pick<FleetOptions, "depot">): FleetOptions => ({
  devices: 64,
  seed: 1,
  headendBytesPerSecond: 125 * MIB,
  deviceBytesPerSecond: 4 * MIB,
  roundTripNs: 20_000_000,
  keepAliveNs: 5 * second,
  blockBytes: 512 * 1024,
  pollSeconds: 300,
  store: {
    eraseNs: second / 10,
    writeBytesPerSecond: 20 * MIB,
    verifyBytesPerSecond: 50 * MIB,
    recordNs: second / 1000,
    bootNs: 40 * second,
  },
  runs: { version: "1", sha256: "00" },
  ...change,
});
