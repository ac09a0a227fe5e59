/** The catalogue as data: ids, texts, its page in docs/, and how cases are chosen from it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { catalogue } from "../../conform/core/catalogue/index.ts";
import { conformancePage } from "../../docs/conformance-page.ts";
import { selectCases, unmatchedGlobs } from "../../conform/core/select.ts";

const idsOf = (only: string[], skip: string[] = []): string[] =>
  selectCases(catalogue, { only, skip, messageSet: "baseline" }).map(({ id }) => id);

describe("the catalogue", () => {
  it("has at least sixty cases in each message set, each with an id of its own", () => {
    const ids = catalogue.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z]+\.[a-z0-9]+(-[a-z0-9]+)*$/);
    for (const messageSet of ["baseline", "extended"] as const)
      expect(selectCases(catalogue, { only: [], skip: [], messageSet }).length).toBeGreaterThanOrEqual(60);
  });

  it("says of each case what it is about, in whole sentences", () => {
    for (const { id, title, clause, objective, preconditions, steps, pass } of catalogue) {
      expect(title, id).toMatch(/^[A-Z].*[^.]$/);
      expect(clause, id).toMatch(/^(9\.1|11\.2|I\.3|B\.2|I\.363\.5|A\.[23]|figure|table)/);
      for (const text of [objective, pass, ...steps.map((step) => step.text)]) expect(text, id).toMatch(/^\S.*\.$/s);
      expect(steps.length, id).toBeGreaterThan(0);
      expect(preconditions.length, id).toBeGreaterThan(0);
    }
  });

  it("is the page docs/conformance.md, as `npm run docs` makes it", () => {
    const page = readFileSync(join(import.meta.dirname, "../../docs/conformance.md"), "utf8");
    expect(conformancePage()).toBe(page);
    for (const { id } of catalogue) expect(page).toContain(`\n## ${id}\n`);
    expect(page).toContain("no certification");
  });
});

describe("selection", () => {
  it("takes globs for ids, and leaves out cases of the other message set", () => {
    expect(idsOf(["download.short-*"])).toEqual(["download.short-16", "download.short-32", "download.short-64"]);
    expect(idsOf(["download.short-?6"])).toEqual(["download.short-16"]);
    expect(idsOf(["download.*"], ["*.padded-*", "download.short-*"])).not.toContain("download.padded-16");
    expect(idsOf(["extended.*"])).toEqual([]);
    expect(idsOf(["loss.middl"])).toEqual([]);
    expect(idsOf(["loss?middle", "loss.mi(d)dle"])).toEqual(["loss.middle"]);
  });

  it("names globs that match nothing", () => {
    expect(unmatchedGlobs(["loss.*", "lost.*", "me.flags"], catalogue)).toEqual(["lost.*"]);
  });
});
