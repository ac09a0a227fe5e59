/** Scenarios of the sizing tests, and the model beside runs of them. */
import { expect } from "vitest";
import { parseScenario } from "../../../scenarios/schema/load.ts";
import type { Scenario } from "../../../scenarios/schema/scenario.ts";
import { measure, sizeScenario } from "../../../study/sizing/index.ts";

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

/** A cell, and how far its time may be off, as a share; 0.05. */
export type ComparedCell = Cell & { runs: number; timeShare?: number };

/** The model of a cell beside the means of its runs: sections within 2 %, time within 5 %. */
export function expectLikeRuns(cell: ComparedCell): void {
  const scenario = scenarioOf(cell);
  const sizing = sizeScenario(scenario);
  const measured = measure(scenario, cell.runs);
  expect(Math.abs(sizing.sections / measured.sections - 1)).toBeLessThan(0.02);
  expect(Math.abs(sizing.seconds / measured.seconds - 1)).toBeLessThan(cell.timeShare ?? 0.05);
  expect(Math.abs(sizing.downstreamBytes / measured.downstreamBytes - 1)).toBeLessThan(0.03);
  expect(sizing.imageCopies / measured.imageCopies).toBeCloseTo(1, 1);
}
