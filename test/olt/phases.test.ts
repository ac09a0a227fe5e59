/** The table of phases agrees with itself and with the names that a scenario may use. */
import { describe, expect, it } from "vitest";
import { ONT_PHASES, phasesWith } from "../../olt/index.ts";
import { scenarioJsonSchema } from "../../scenarios/index.ts";

interface JsonSchema {
  properties: Record<string, { items: { properties: Record<string, { enum: string[] }> } }>;
}

describe("the table of phases", () => {
  it("tells the two phases of an ONT that waits as one", () => {
    expect(ONT_PHASES).toContain("waiting");
    expect(ONT_PHASES).not.toContain("ready");
    expect(ONT_PHASES).not.toContain("silent");
  });

  it("lets nothing be settled that is on its way, and every failure and success be an end", () => {
    const settled: readonly string[] = phasesWith("isSettled");
    for (const property of ["holdsUpRollout", "isActivating"] as const)
      expect(settled.filter((phase) => (phasesWith(property) as readonly string[]).includes(phase))).toEqual([]);
    expect(phasesWith("isOutcome")).toEqual(expect.arrayContaining([...settled, ...phasesWith("isFailure")]));
  });

  it("has the phases that a scenario may name, and no others", () => {
    const { properties } = scenarioJsonSchema() as JsonSchema;
    const named = (list: string, field: string) => properties[list].items.properties[field].enum.toSorted();
    expect(named("faults", "whenPhase")).toEqual(phasesWith("mayStrike").toSorted());
    expect(named("fleet", "expect")).toEqual(phasesWith("isOutcome").toSorted());
  });
});
