/** Scenarios of the sizing tests. */
import { parseScenario } from "../../../scenarios/schema/load.ts";
import type { Scenario } from "../../../scenarios/schema/scenario.ts";

export interface Cell {
  onts?: number;
  bytes?: number;
  loss: number;
  olt: string;
  more?: string;
}

export const scenarioOf = ({ onts = 128, bytes = 2_097_152, loss, olt, more = "" }: Cell): Scenario =>
  parseScenario(
    `onts: ${onts}
image: { bytes: ${bytes} }
olt: { activate: false, ${olt} }
impairments: ${loss === 0 ? "[]" : `[{ kind: loss, chance: ${loss} }]`}
${more}`,
    "sizing.yaml",
  );
