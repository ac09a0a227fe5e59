/** Impairments by their short names in a sweep file. */
import { describe, expect, it } from "vitest";
import { simulate } from "../../../run/virtual/index.ts";
import { loadSweep, scenarioOf } from "../../../study/sweep/index.ts";
import { SHORT_NAMES } from "../../../study/sweep/short-names.ts";
import { preset, sweepFile } from "./hands.ts";

const start = "name: a\nscenario: { onts: 2, image: { bytes: 20000 } }\n";
/** The impairments of each combination. */
function impairmentsOf(text: string): object[][] {
  const plan = loadSweep(sweepFile(text), preset);
  return plan.cells.map(({ values }) => [...scenarioOf(plan, values, 1).impairments]);
}
const one = (fields: string, head = start): object[] => impairmentsOf(`${head}fields: { ${fields} }\n`)[0];

describe("a short name", () => {
  it.each(Object.entries(SHORT_NAMES).filter(([, of]) => "decides" in of))(
    "%s makes its kind, and 0 none",
    (name, of) => {
      const value = name === "rateLimit" || name === "slowReceiver" ? 50_000 : 0.01;
      expect(one(`${name}: ${value}`)).toMatchObject([
        { kind: of.kind, ...("property" in of && { [of.property]: value }) },
      ]);
      expect(one(`${name}: 0`)).toEqual([]);
    },
  );

  it("latency and jitter are one, in either order, and jitter alone is from nothing to twice of it", () => {
    const both = [{ kind: "latency", distribution: "uniform", meanMs: 5, jitterMs: 2, direction: "both" }];
    expect(one("latency: 5, jitter: 2")).toEqual(both);
    expect(one("jitter: 2, latency: 5")).toEqual(both);
    expect(one("latency: 5, jitter: 0")).toMatchObject([{ distribution: "constant", meanMs: 5 }]);
    expect(one("latency: 0, jitter: 0")).toEqual([]);
    expect(one("jitter: 3")).toMatchObject([{ distribution: "uniform", meanMs: 3, jitterMs: 3 }]);
  });

  it("bursts are a share of the frames, and so many in a row", () => {
    const [burst] = one("burstLoss: 0.02, burstFrames: 20") as { goodToBad: number; badToGood: number }[];
    expect(burst.badToGood).toBe(0.05);
    expect(burst.goodToBad / (burst.goodToBad + burst.badToGood)).toBeCloseTo(0.02, 12);
  });

  it("takes the place of its own kind, and leaves the others as they are", () => {
    const head = `name: a
scenario:
  impairments:
    - { kind: feederLoss, chance: 0.002 }
    - { kind: loss, chance: 0.5, direction: down }
    - { kind: slowReceiver, framesPerSecond: 900, queueFrames: 7 }
`;
    expect(one("loss: 0.01, latency: 1, queueFrames: 50", head)).toMatchObject([
      { kind: "feederLoss", chance: 0.002 },
      { kind: "loss", chance: 0.01, direction: "both" },
      { kind: "latency", meanMs: 1 },
      { kind: "slowReceiver", framesPerSecond: 900, queueFrames: 50 },
    ]);
  });

  it("varies in a matrix and in cases, over what the fields say", () => {
    const made = impairmentsOf(
      `${start}fields: { jitter: 1, loss: 0.5 }\nmatrix: { latency: [0, 10] }\ncases: { clean: { loss: 0 }, bad: { loss: 0.1 } }\n`,
    );
    expect(made.map((list) => list.map((each) => (each as { kind: string }).kind))).toEqual([
      ["latency"],
      ["latency", "loss"],
      ["latency"],
      ["latency", "loss"],
    ]);
    expect(made[3]).toMatchObject([{ meanMs: 10, jitterMs: 1 }, { chance: 0.1 }]);
  });

  it("acts: a latency by its name makes a download longer", () => {
    const plan = loadSweep(sweepFile(`${start}matrix: { latency: [0, 50] }\n`), preset);
    const [near, far] = plan.cells.map(
      ({ values }) => simulate(scenarioOf(plan, values, 1)).result.timing.downloadSeconds ?? 0,
    );
    expect(far - near).toBeGreaterThan(0.1);
  });
});

describe("a short name that cannot be used", () => {
  it.each([
    ["matrix: { latncy: [1] }", /:3:11: matrix\.latncy: no such field; did you mean latency\? .*short name: loss, /],
    [
      "matrix: { zzzzzz: [1] }",
      /:3:11: matrix\.zzzzzz: no such field; a sweep takes .*short name: loss, .*queueFrames$/,
    ],
    ["matrix: { loss: [0.1, 2] }", /:3:23: matrix\.loss\.1: 2 is not allowed; 0 to 1$/],
    [
      "fields: { latency: 5 }\nmatrix: { jitter: [1, -2] }",
      /:4:23: matrix\.jitter\.1: -2 is not allowed; 0 to 60000 ms$/,
    ],
    ["matrix: { burstLoss: [2] }", /:3:23: matrix\.burstLoss\.0: 2 is not allowed; 0 to 1$/],
    ["fields: { burstFrames: 5 }", /:3:11: fields\.burstFrames: there is no burstLoss .*; say burstLoss beside it$/],
    ["fields: { loss: 0.1, impairments.0.chance: 1 }", /:3:22: fields\.impairments\.0\.chance: not beside loss; /],
  ])("%s", (fields, message) => {
    expect(() => loadSweep(sweepFile(`${start}${fields}\n`), preset)).toThrow(message);
  });
});
