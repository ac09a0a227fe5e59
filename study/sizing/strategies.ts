/** The ways to distribute that people compare. */
import type { Scenario } from "../../scenarios/index.ts";
import type { SizingInput } from "./types.ts";

/** A way to distribute: mode, and in multicast mode how losses are repaired. */
export interface Strategy {
  name: string;
  mode: SizingInput["mode"];
  recovery: SizingInput["recovery"];
}

export const strategies: readonly Strategy[] = [
  { name: "parity", mode: "multicast", recovery: "parity" },
  { name: "selective", mode: "multicast", recovery: "selective" },
  { name: "window", mode: "multicast", recovery: "window" },
  { name: "unicast repair", mode: "multicast", recovery: "unicast" },
  { name: "unicast mode", mode: "unicast", recovery: "window" },
];

export const withStrategy = (scenario: Scenario, { mode, recovery }: Strategy): Scenario => ({
  ...scenario,
  olt: { ...scenario.olt, mode, recovery },
});
