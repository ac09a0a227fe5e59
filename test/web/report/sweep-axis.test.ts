/** The axes of a sweep's charts: numbers stand where they belong, words are words, ticks differ. */
import { describe, expect, it } from "vitest";
import { valueWords } from "../../../base/text/index.ts";
import { tickTexts } from "../../../web/charts/axes.ts";
import { axisOf } from "../../../web/report/sweep-axis.ts";

describe("values along an axis", () => {
  it.each([
    [["a", "b"], "places", [0, 1]],
    [[1, "b"], "places", [0, 1]],
    [[7], "places", [0]],
    [[1, 2, 4, 8], "linear", [1, 2, 4, 8]],
    [[-10, 0, 1000], "linear", [-10, 0, 1000]],
    [[0, 100], "linear", [0, 100]],
    [[1, 10, 100], "logarithmic", [0, 1, 2]],
  ])("%j", (values, scale, at) => {
    expect(axisOf(values)).toEqual({ scale, at, hasZeroApart: false });
  });

  it("zero stands apart before a logarithmic axis, as it has no place on it", () => {
    const { scale, at, hasZeroApart } = axisOf([0, 0.001, 0.01, 0.1]);
    expect({ scale, hasZeroApart }).toEqual({ scale: "logarithmic", hasZeroApart: true });
    expect(at.slice(1)).toEqual([-3, -2, -1]);
    expect(at[0]).toBeLessThanOrEqual(-3.5);
  });
});

describe("ticks", () => {
  it.each([
    [
      [1, 1.0001, 1.0002],
      ["1", "1.0001", "1.0002"],
    ],
    [
      [0, 0.1, 0.2, 0.30000000000000004],
      ["0", "0.1", "0.2", "0.3"],
    ],
    [
      [0, 2e-7, 4e-7],
      ["0", "0.0000002", "0.0000004"],
    ],
    [
      [1000, 2000, 3000],
      ["1,000", "2,000", "3,000"],
    ],
    [
      [1, null, 10],
      ["1", "", "10"],
    ],
    [[1e6], ["1,000,000"]],
  ])("of %j differ", (splits, texts) => {
    expect(tickTexts(splits)).toEqual(texts);
  });

  it("of what is counted are whole", () => expect(tickTexts([0, 0.5, 1], 1, true)).toEqual(["0", "", "1"]));
});

describe("a value of a sweep file", () => {
  it.each([
    ["parity", "parity"],
    [0.001, "0.001"],
    [false, "false"],
    [null, "none"],
    [[], "none"],
    [{}, "none"],
    [{ least: 1, most: 20 }, "least 1, most 20"],
    [[{ kind: "loss", chance: 0.01 }, { kind: "hangs" }], "loss (chance 0.01) and hangs"],
  ])("%j is words", (value, words) => {
    expect(valueWords(value)).toBe(words);
  });
});
