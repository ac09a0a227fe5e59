/**
 * Scenario files: the presets load, wrong files are told about line by line, and the fleet is what a file describes.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadScenario, parseScenario } from "../../scenarios/schema/load.ts";
import { planFleet, toOltConfig } from "../../run/fleet/index.ts";
import { scenarioJsonSchema } from "../../scenarios/schema/json-schema.ts";
import { RATE_BITS_PER_SECOND_MAX, RATE_BITS_PER_SECOND_MIN } from "../../olt/core/command.ts";
import { LIMITS } from "../../scenarios/schema/scenario.ts";
import { ScenarioError } from "../../scenarios/schema/yaml-file.ts";

const folder = join(import.meta.dirname, "../../scenarios");
const presets = readdirSync(folder).filter((file) => file.endsWith(".yaml"));

/** The error lines of a scenario text. */
function errorsOf(content: string, overrides: Parameters<typeof parseScenario>[2] = []): readonly string[] {
  try {
    parseScenario(content, "a.yaml", overrides);
  } catch (error) {
    if (error instanceof ScenarioError) return error.lines;
    throw error;
  }
  return [];
}

describe("presets", () => {
  it("are there", () => expect(presets.length).toBeGreaterThanOrEqual(11));

  for (const preset of presets) {
    it(`${preset} loads, asks a question and says where its numbers come from`, () => {
      const scenario = loadScenario(join(folder, preset));
      expect(`${scenario.name}.yaml`).toBe(preset);
      expect(scenario.question.endsWith("?")).toBe(true);
      const comment = readFileSync(join(folder, preset), "utf8")
        .split("\n")
        .filter((line) => line.startsWith("#"));
      expect(comment[0]).toBe(`# Question: ${lowerFirst(scenario.question)}`);
      expect(comment.length).toBeGreaterThan(3);
      expect(planFleet(scenario)).toHaveLength(scenario.onts * scenario.pons);
      expect(toOltConfig(scenario).expectedOnts).toBeGreaterThan(0);
    });
  }
});

const lowerFirst = (text: string): string => text[0].toLowerCase() + text.slice(1);

describe("errors", () => {
  it("name file, line, column, field, value and what is allowed", () => {
    expect(errorsOf("onts: 4\nolt:\n  windowSections: 300\n")).toEqual([
      "a.yaml:3:3: olt.windowSections: 300 is not allowed; 1 to 256 sections",
    ]);
  });

  it("suggest the field that was meant", () => {
    expect(errorsOf("olt:\n  recovry: parity\n")).toEqual([
      "a.yaml:2:3: olt.recovry: no such field; did you mean recovery?",
    ]);
  });

  it("name the option that set a field", () => {
    expect(errorsOf("onts: 4\n", [{ path: "onts", value: 300, option: "--onts" }])).toEqual([
      "--onts: 300 is not allowed; 1 to 128 ONTs",
    ]);
  });

  it("tell of broken YAML", () => expect(errorsOf("a: [\n")[0]).toMatch(/^a\.yaml:2:1: /));

  it("tell of choices", () => {
    expect(errorsOf("olt: { mode: broadcast }\n")[0]).toContain("unicast");
    expect(errorsOf("impairments: [{ kind: burst }]\n")[0]).toContain("slowReceiver");
    expect(errorsOf("fleet: [{ boot: { kind: foo } }]\n")[0]).toContain("hangs");
  });

  it("tell of fields that contradict each other", () => {
    expect(errorsOf("onts: 4\nfleet: [{ count: 9 }]\n")).toEqual([
      "a.yaml:2:1: fleet: the groups count 9 ONTs, but there are 4 (onts)",
    ]);
    for (const action of ["killOlt", "pause", "abort", "skip", "rate"])
      expect(errorsOf(`faults: [{ everySeconds: 5, action: ${action} }]\n`)).toEqual([
        expect.stringContaining("everySeconds is for powerCycle"),
      ]);
    expect(errorsOf("faults: [{ action: killOlt }]\n")[0]).toContain(
      "exactly one of atSeconds, whenPhase and everySeconds",
    );
  });

  it("come all at once", () => expect(errorsOf("onts: 0\nseed: -1\n")).toHaveLength(2));
});

describe("the fleet", () => {
  it("runs half from slot 0 and half from slot 1 by default", () => {
    const slots = planFleet(parseScenario("onts: 10", "a.yaml")).map((plan) => plan.slot);
    expect(slots.filter((slot) => slot === 1)).toHaveLength(5);
  });

  it("fills groups in order and gives the rest to the open one", () => {
    const text = "onts: 10\nfleet: [{ count: 2, boot: { kind: hangs } }, { share: 0.3, version: A }, { version: B }]";
    const plans = planFleet(parseScenario(text, "a.yaml"));
    expect(plans.map((plan) => plan.properties.version)).toEqual([
      ...Array(2).fill("PONCAST-1.0.0"),
      ...Array(3).fill("A"),
      ...Array(5).fill("B"),
    ]);
    expect(plans.map((plan) => plan.expect).slice(0, 3)).toEqual(["rolledBack", "rolledBack", "committed"]);
  });

  it("does not change for the others when an ONT is added", () => {
    const ten = planFleet(parseScenario("onts: 10", "a.yaml"));
    const eleven = planFleet(parseScenario("onts: 11", "a.yaml"));
    expect(eleven.slice(0, 10)).toEqual(ten);
  });
});

it("a rate in a scenario is what the OLT takes as a command", () =>
  expect([LIMITS.rateBitsPerSecondLeast, LIMITS.rateBitsPerSecondMost]).toEqual([
    RATE_BITS_PER_SECOND_MIN,
    RATE_BITS_PER_SECOND_MAX,
  ]));

it("scenario.schema.json is what the schema says; `npm run docs` makes it", () => {
  const file = readFileSync(join(folder, "scenario.schema.json"), "utf8");
  expect(JSON.parse(file)).toEqual(JSON.parse(JSON.stringify(scenarioJsonSchema())));
});
