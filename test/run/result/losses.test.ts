/** What was lost, and on which way: answers that did not come up are told from sections that did not come down. */
import { describe, expect, it } from "vitest";
import { lossesOf, lossText } from "../../../run/result/index.ts";
import { parseScenario } from "../../../scenarios/schema/load.ts";
import { simulate } from "../../../run/virtual/index.ts";
import { ontResult } from "../../cli/view-fixture.ts";

const textOf = (...onts: [sectionsLost: number, windowsRepaired: number][]): string =>
  lossText(
    lossesOf({
      scenario: {},
      ontResults: onts.map(([sectionsLost, windowsRepaired], id) => ontResult(id, { sectionsLost, windowsRepaired })),
    }),
  );

describe("losses in words", () => {
  it("are none, of sections, of answers, or of both", () => {
    expect(textOf([0, 0], [0, 0])).toBe("none");
    expect(textOf([20, 3], [0, 0])).toBe("20 sections at 1 ONT, 3 windows repaired");
    expect(textOf([0, 3], [0, 2])).toBe("upstream only: answers to 5 windows at 2 ONTs that had every section");
    expect(textOf([2, 1], [0, 3])).toBe(
      "2 sections at 1 ONT, 4 windows repaired, of them 3 at least for lost answers only",
    );
  });

  it("are upstream only where only answers are lost", () => {
    const lossy =
      "onts: 4\nimage: { bytes: 300000 }\nolt: { windowSections: 16 }\nimpairments: [{ kind: loss, chance: 0.3, direction: up }]";
    const losses = lossesOf(simulate(parseScenario(lossy, "test")).result);
    expect(losses).toMatchObject({ sections: 0, untold: 0 });
    expect(losses.answers).toBeGreaterThan(0);
  });

  it("are not known of ONTs that cannot tell", () => {
    const lossy = `onts: 4\nimage: { bytes: 100000 }\nont: { recoveryAware: false, parityAware: false }
impairments: [{ kind: loss, chance: 0.02 }]`;
    const losses = lossesOf(simulate(parseScenario(lossy, "test")).result);
    expect(losses.answers).toBe(0);
    expect(lossText(losses)).toMatch(/^\d+ windows? repaired at \d ONTs? that cannot tell what was lost$/);
  });
});
