/** One mapping of the fleet for all drivers: the same settings, the same refusals. */
import { describe, expect, it } from "vitest";
import { factoryRecordIn, ontConfigOf, planFleet, quirkProfileOf } from "../../../run/fleet/index.ts";
import { prepareImages } from "../../../run/index.ts";
import { describeFleet } from "../../../run/processes/index.ts";
import { Simulation } from "../../../run/virtual/index.ts";
import { parseScenario, type Scenario } from "../../../scenarios/index.ts";

const scenarioOf = (ont: string): Scenario =>
  parseScenario(`{ name: fleet, onts: 3, image: { bytes: 20000 }, ont: { ${ont} } }`, "fleet.yaml");

/** The same fleet for processes and for a simulation. */
function bothOf(scenario: Scenario): { described: object[]; simulated: object[] } {
  const images = prepareImages(scenario);
  return {
    described: describeFleet(scenario, images, "/state").map(({ description }) => description),
    simulated: new Simulation(scenario, images).onts.map(({ config }) => config),
  };
}

describe("the settings of an ONT", () => {
  it("are the same in a process and in virtual time", () => {
    const scenario = scenarioOf("quirk: bbsim, maxWindowSections: 32, parityAware: false, boot: { kind: hangs }");
    const { described, simulated } = bothOf(scenario);
    const settings = planFleet(scenario).map((plan) => ontConfigOf(plan, prepareImages(scenario).trustedKeys));
    expect(settings[2]).toMatchObject({ serial: "PCST00000003", quirks: { name: "bbsim" }, maxWindowSections: 32 });
    for (const [index, of] of settings.entries()) {
      expect(described[index]).toMatchObject(of);
      expect(simulated[index]).toMatchObject(of);
    }
  });

  it.each([["realtec", "; did you mean realtek?"], ["constructor"], ["no-such-thing-at-all"]])(
    "with the quirk %s are refused, in the same words by each driver",
    (name, help = "; there are: reference, ") => {
      const scenario = scenarioOf(`quirk: ${name}`);
      const message = `ont.quirk: there is no profile ${name}${help}`;
      expect(() => describeFleet(scenario, prepareImages(scenario), "")).toThrow(message);
      expect(() => new Simulation(scenario, prepareImages(scenario))).toThrow(message);
      expect(() => quirkProfileOf(name, "ont.quirk")).toThrow(message);
    },
  );
});

it("an ONT leaves the factory with the image in the slot it runs from", () => {
  const { image } = prepareImages(scenarioOf("")).factory("PONCAST-1.0.0", "PONCAST-ONT", "HW-1");
  expect(factoryRecordIn(0, image)).toMatchObject({ committed: 0, slots: [image, null] });
  expect(factoryRecordIn(1, image)).toMatchObject({ committed: 1, slots: [null, image] });
});

describe("ONTs that join later", () => {
  it("come evenly over the time that their group says, the last one at its end", () => {
    const fleet = "fleet: [{ count: 2 }, { joinAtSeconds: 10, joinOverSeconds: 60 }]";
    const plans = planFleet(parseScenario(`{ onts: 5, pons: 2, ${fleet} }`, "fleet.yaml"));
    const port = [0, 0, 30, 50, 70];
    expect(plans.map(({ joinAtSeconds }) => joinAtSeconds)).toEqual([...port, ...port]);
  });
});
