/** The update that tests of the rules run: small enough to be looked at in every step. */
import { parseScenario } from "../../../scenarios/schema/load.ts";
import type { Scenario } from "../../../scenarios/schema/scenario.ts";

/** A few ONTs and a small image: an update of some hundred steps. */
export const smallScenario = (change: object = {}): Scenario =>
  parseScenario(JSON.stringify({ onts: 4, image: { bytes: 20_000 }, olt: { windowSections: 8 }, ...change }), "test");
