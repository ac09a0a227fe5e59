/** The committed matrix of quirk profiles and cases; two of its rows, run. All of them are in matrix.long.test.ts. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { quirkProfiles } from "../../ont/index.ts";
import { type Matrix, quirkMatrix } from "../../conform/reports/matrix.ts";

const expected = JSON.parse(readFileSync(join(import.meta.dirname, "matrix.json"), "utf8")) as Matrix;

/** Two profiles that fail little, and in different ways. */
const ROWS = ["odi", "crc-swapped"];

describe("quirk profiles and cases", () => {
  it("has a row for each profile; the reference fails nothing, every other profile something", () => {
    expect(Object.keys(expected)).toEqual(Object.keys(quirkProfiles));
    for (const [name, { baseline, extended }] of Object.entries(expected)) {
      const failures = Object.keys(baseline).length + Object.keys(extended).length;
      if (name === "reference") expect(failures).toBe(0);
      else expect(failures, name).toBeGreaterThan(0);
    }
  });

  it("tells every two profiles apart", () => {
    const rows = Object.values(expected).map((row) => JSON.stringify(row));
    expect(new Set(rows).size).toBe(rows.length);
  });

  it.each(ROWS)("%s fails as committed", async (name) => {
    expect(await quirkMatrix([name])).toEqual({ [name]: expected[name] });
  });
});
