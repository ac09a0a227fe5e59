/** Sweep files: those that come along load, and wrong ones are refused with their line. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ScenarioError } from "../../../scenarios/schema/yaml-file.ts";
import { loadSweep, scenarioOf, type SweepPlan } from "../../../study/sweep/index.ts";
import { preset, sweepFile } from "./hands.ts";

const load = (text: string): SweepPlan => loadSweep(sweepFile(text), preset);
const scenarios = (plan: SweepPlan): ReturnType<typeof scenarioOf>[] =>
  plan.cells.map(({ values }) => scenarioOf(plan, values, 7));

describe("sweeps that come along", () => {
  const folder = join(import.meta.dirname, "../../../scenarios/sweeps");
  it.each(readdirSync(folder))("%s loads, asks a question, and says it at its top", (name) => {
    const presets = (scenario: string): string => join(folder, "..", `${scenario}.yaml`);
    const plan = loadSweep(join(folder, name), presets);
    expect(`${plan.name}.yaml`).toBe(name);
    expect(plan.question.endsWith("?")).toBe(true);
    expect(readFileSync(join(folder, name), "utf8").split("\n")[0]).toMatch(/^# Question: .*\?$/);
    expect(plan.cells.length).toBeGreaterThan(1);
  });
});

describe("a sweep file", () => {
  it("may hold its scenario", () => {
    const plan = load("name: a\nscenario:\n  onts: 3\n  olt:\n    mode: unicast\nfields: { onts: 2 }\n");
    expect(scenarios(plan)).toMatchObject([{ onts: 2, seed: 7, olt: { mode: "unicast" } }]);
    expect(scenarios(load("name: a\nscenario: { onts: 3 }\n"))).toMatchObject([{ onts: 3 }]);
  });

  it("has one cell for each combination, a case being one more dimension; cases go over fields", () => {
    const plan = load(`
name: a
scenario: default
fields: { ont.quirk: reference, onts: 9 }
matrix: { loss: [0, 0.1] }
cases:
  keeps: { olt.recovery: window }
  discards: { olt.recovery: window, ont.quirk: discards-partial-window }
`);
    expect(plan.cells.map(({ values }) => values)).toEqual([
      { loss: 0, case: "keeps" },
      { loss: 0, case: "discards" },
      { loss: 0.1, case: "keeps" },
      { loss: 0.1, case: "discards" },
    ]);
    const made = scenarios(plan);
    expect(made.map(({ ont }) => ont.quirk)).toEqual([
      "reference",
      "discards-partial-window",
      "reference",
      "discards-partial-window",
    ]);
    expect(made[2]).toMatchObject({
      onts: 9,
      olt: { recovery: "window" },
      impairments: [{ kind: "loss", chance: 0.1, direction: "both" }],
    });
  });

  it("does not let one combination change the values of another", () => {
    const plan = load("name: a\nscenario: default\nmatrix: { fleet: [[{ count: 1 }]], fleet.0.count: [2, 3] }\n");
    expect(scenarios(plan).map(({ fleet }) => fleet[0].count)).toEqual([2, 3]);
    expect(plan.cells[0].values.fleet).toEqual([{ count: 1 }]);
  });
});

describe("a sweep file that cannot be used", () => {
  const start = "name: a\nscenario: default\n";
  it.each([
    ["name: a\nscenario: nowhere", /:2:1: scenario: nowhere is neither a preset nor a file beside this one$/],
    ["name: a\nscenario: 7", /:2:1: scenario: 7 is not allowed; .*preset/],
    ["name: a\nscenario:\n  onts: 3\n  olt:\n    mod: unicast", /:5:5: olt\.mod: no such field; did you mean mode\?$/],
    ["name: a", /scenario: is missing$/],
    [`${start}matrx: {}`, /:3:1: matrx: no such field; did you mean matrix\?$/],
    [`${start}seeds: 0`, /:3:1: seeds: 0 is not allowed; 1 to 100000 seeds$/],
    [
      `${start}seeds: 100000\nmatrix: { onts: [1,2,3,4,5,6,7,8,9,10,11] }`,
      /:3:1: seeds: .* 1100000 runs; at most 1000000$/,
    ],
    [`${start}matrix: { onts: [] }`, /:3:11: matrix\.onts: .*at least one/],
    [
      `${start}matrix:\n  olt.recovry: [parity]`,
      /:4:17: matrix\.olt\.recovry\.0: no such field; did you mean recovery\?$/,
    ],
    [`${start}matrix: { loss: [0.1, 2] }`, /:3:23: matrix\.loss\.1: 2 is not allowed; 0 to 1$/],
    [`${start}fields: { onts: 0 }`, /:3:11: fields\.onts: 0 is not allowed; 1 to 128 ONTs$/],
    [`${start}cases: { x: { onts: 0 } }`, /:3:15: cases\.x\.onts: 0 is not allowed; 1 to 128 ONTs$/],
    [`${start}matrix: { onts: [1] }\ncases: { x: { onts: 2 } }`, /:4:15: cases\.x\.onts: is in the matrix as well/],
    [`${start}matrix: { seed: [1, 2] }`, /:3:11: matrix\.seed: every run has a seed of its own; say seeds: n$/],
    [`${start}matrix: { case: [1] }\ncases: { x: {} }`, /:3:11: matrix\.case: is the name of the dimension/],
    [
      "name: a\nscenario: { onts: 9, fleet: [{ count: 8 }] }\nmatrix: { onts: [9, 7] }",
      /fleet: the groups count 8 .*\(with onts 7\)$/,
    ],
    [`${start}matrix: { loss: [0.1`, /:\d+:\d+: /],
    ["- 1", /:1:1: a sweep is a list of fields/],
  ])("%j", (content, message) => {
    expect(() => load(content)).toThrow(ScenarioError);
    expect(() => load(content)).toThrow(message);
  });

  it("is not there", () => expect(() => loadSweep("/nowhere/a.yaml", preset)).toThrow(/a\.yaml: cannot be read/));
});
