/** Our own CPE and ACS pass all cases, and each flaw is found by the cases that are about it; the whole matrix is in the long loop. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { acsCatalogue, cpeCatalogue, runCwmpCases } from "../../../conform/cwmp/core/index.ts";
import {
  ACS_FLAWS,
  CPE_FLAWS,
  findings,
  selfAcsHost,
  selfCpeHost,
  selfCwmpImages,
} from "../../../conform/cwmp/self/index.ts";

type Rows = Record<string, Record<string, string>>;
const matrix = JSON.parse(readFileSync(join(import.meta.dirname, "matrix.json"), "utf8")) as { cpe: Rows; acs: Rows };
const images = selfCwmpImages();
/** Of those that find a flaw; the rest is for the long loop. */
const SAMPLE = 2;

describe("the reference", () => {
  it("CPE passes all cases", async () => {
    expect(findings(await runCwmpCases(cpeCatalogue, selfCpeHost(CPE_FLAWS[0], images)))).toEqual({});
  });

  it("ACS passes all cases", async () => {
    expect(findings(await runCwmpCases(acsCatalogue, selfAcsHost()))).toEqual({});
  });
});

describe("the matrix", () => {
  it("has every flaw, and finds each; no two are found by the same", () => {
    for (const [flaws, rows] of [
      [CPE_FLAWS, matrix.cpe],
      [ACS_FLAWS, matrix.acs],
    ] as const) {
      expect(Object.keys(rows)).toEqual(flaws.map(({ name }) => name));
      const found = Object.entries(rows).map(([name, row]) => [name, JSON.stringify(row)] as const);
      expect(found.filter(([name, row]) => (row === "{}") !== (name === "reference"))).toEqual([]);
      expect(new Set(found.map(([, row]) => row)).size).toBe(found.length);
    }
  });

  it.each(CPE_FLAWS.slice(1).map(({ name }) => name))("CPE: %s", async (name) => {
    const wanted = Object.entries(matrix.cpe[name]!).slice(0, SAMPLE);
    const cases = cpeCatalogue.filter(({ id }) => wanted.some(([each]) => each === id));
    const flaw = CPE_FLAWS.find((each) => each.name === name)!;
    expect(findings(await runCwmpCases(cases, selfCpeHost(flaw, images)))).toEqual(Object.fromEntries(wanted));
  });

  it.each(ACS_FLAWS.slice(1).map(({ name }) => name))("ACS: %s", async (name) => {
    const wanted = Object.entries(matrix.acs[name]!).slice(0, SAMPLE);
    const cases = acsCatalogue.filter(({ id }) => wanted.some(([each]) => each === id));
    const flaw = ACS_FLAWS.find((each) => each.name === name)!;
    expect(findings(await runCwmpCases(cases, selfAcsHost(flaw)))).toEqual(Object.fromEntries(wanted));
  });
});
