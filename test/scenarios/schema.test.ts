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
import { LINE_BITS_PER_SECOND } from "../../scenarios/schema/limits.ts";
import { lineProfiles } from "../../pon/virtual/index.ts";
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
    expect(errorsOf("olt:\n  rate: 5\n")).toEqual([
      "a.yaml:2:3: olt.rate: no such field; did you mean rateBytesPerSecond?",
    ]);
  });

  it("are about the kind that was named, and about its name", () => {
    const burst = "goodToBad: 0.01, badToGood: 0.1";
    expect(errorsOf(`impairments: [{ kind: burstLoss, ${burst}, chance: 0.1 }]\n`)).toEqual([
      "a.yaml:1:67: impairments.0.chance: no such field; there are: kind, goodToBad, badToGood, lossGood, lossBad, direction",
    ]);
    expect(errorsOf("impairments: [{ kind: losss, chance: 0.1 }]\n")).toEqual([
      "a.yaml:1:17: impairments.0.kind: losss is not allowed; loss, burstLoss, feederLoss, corruption, duplication, reordering, latency, blackout, lossTrace, latencyTrace, rateLimit, slowReceiver; did you mean loss?",
    ]);
    expect(errorsOf("fleet: [{ boot: { kind: 3 } }]\n")).toEqual([
      expect.stringContaining("a.yaml:1:19: fleet.0.boot.kind: 3 is not allowed; "),
    ]);
    expect(errorsOf("impairments: [{ chance: 0.1 }]\n")).toEqual([
      expect.stringContaining('impairments.0: {"chance":0.1} is not allowed; an impairment with its kind: loss, '),
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

  it.each([
    ["image: { bytes: 1TB }", "image.bytes: 1TB is not allowed; 1024 to 4294901760 bytes"],
    [
      "image: { bytes: 32Mx }",
      "image.bytes: 32Mx is not allowed; a whole number, 1024 to 4294901760 bytes, or with a unit, such as 8MiB",
    ],
    [
      "image: { bytes: true }",
      "image.bytes: true is not allowed; a whole number, 1024 to 4294901760 bytes, or with a unit, such as 8MiB",
    ],
    ["image: { bytes: 300MiB }", "image.bytes: 314572800 is too much for a run; at most 268435456; `poncast size`"],
    ["olt: { busyPollMs: 2h }", "olt.busyPollMs: 2h is not allowed; 1 to 60000 ms"],
    ["impairments: [{ kind: loss, chance: 101% }]", "impairments.0.chance: 101% is not allowed; 0 to 1"],
  ])("tell of units: %s", (content, line) => expect(errorsOf(content)[0]).toContain(line));

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

it("sizes, rates, times and chances have units where people write them, and none where they are read", () => {
  const { image, olt, pon, impairments, faults, fleet } = parseScenario(
    `image: { bytes: 32MiB }
olt: { rateBytesPerSecond: 20Mbit/s, soakMs: 2min, failureThreshold: 50%, runSeconds: 2h }
pon: { headendBitsPerSecond: 1Gbps, grantCycleMicroseconds: 2ms }
impairments: [{ kind: loss, chance: 0.1% }, { kind: latency, meanMs: 0.01s }]
faults: [{ atSeconds: 1min, action: rate, bitsPerSecond: 2MB/s }]
fleet: [{ share: 25%, joinAtSeconds: 1.5h, flashWriteBytesPerSecond: 1.5MB/s }, {}]
`,
    "a.yaml",
  );
  expect(image.bytes).toBe(32 * 1024 ** 2);
  expect(olt).toMatchObject({
    rateBytesPerSecond: 2_500_000,
    soakMs: 120_000,
    failureThreshold: 0.5,
    runSeconds: 7200,
  });
  expect(pon).toMatchObject({ headendBitsPerSecond: 1e9, grantCycleMicroseconds: 2000 });
  expect(impairments).toMatchObject([{ chance: 0.001 }, { meanMs: 10 }]);
  expect(faults).toMatchObject([{ atSeconds: 60, bitsPerSecond: 16_000_000 }]);
  expect(fleet[0]).toMatchObject({ share: 0.25, joinAtSeconds: 5400, flashWriteBytesPerSecond: 1_500_000 });
});

it("lines have the rates of which budgets are percentages", () => {
  const rated = Object.entries(lineProfiles).map(([name, { downBitsPerSecond }]) => [name, downBitsPerSecond]);
  expect(LINE_BITS_PER_SECOND).toEqual(Object.fromEntries(rated));
});

it("the model takes images that no run holds", () =>
  expect(parseScenario("image: { bytes: 2GiB }", "a.yaml", [], "model").image.bytes).toBe(2 * 1024 ** 3));

it("a rate in a scenario is what the OLT takes as a command", () =>
  expect([LIMITS.rateBitsPerSecondLeast, LIMITS.rateBitsPerSecondMost]).toEqual([
    RATE_BITS_PER_SECOND_MIN,
    RATE_BITS_PER_SECOND_MAX,
  ]));

it("scenario.schema.json is what the schema says; `npm run docs` makes it", () => {
  const file = readFileSync(join(folder, "scenario.schema.json"), "utf8");
  expect(JSON.parse(file)).toEqual(JSON.parse(JSON.stringify(scenarioJsonSchema())));
});
