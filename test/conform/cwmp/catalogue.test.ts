/** The cases for CPEs and ACSs as data: ids, texts, clauses, their page in docs/. */
import { describe, expect, it } from "vitest";
import { acsCatalogue, cpeCatalogue } from "../../../conform/cwmp/core/index.ts";
import { ACS_FLAWS, CPE_FLAWS } from "../../../conform/cwmp/self/index.ts";
import { cwmpConformancePage } from "../../../docs/conform-cwmp-page.ts";
import { read } from "../../hygiene/files.ts";

const reference = read("docs/reference.md");
const clauses = reference.slice(reference.indexOf("### 8.5"), reference.indexOf("## 9. Index"));
const CATALOGUES = [
  ["CPEs", cpeCatalogue, 40],
  ["ACSs", acsCatalogue, 20],
] as const;

describe.each(CATALOGUES)("the cases for %s", (_device, catalogue, least) => {
  it(`are ${least} at least, each with an id of its own`, () => {
    const ids = catalogue.map(({ id }) => id);
    expect(ids.length).toBeGreaterThanOrEqual(least);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z]+\.[a-z0-9]+(-[a-z0-9]+)*$/);
  });

  it("say what they are about, in whole sentences, by a clause that docs/reference.md has", () => {
    for (const { id, title, clause, objective, steps, pass } of catalogue) {
      expect(title, id).toMatch(/^\S.*[^.]$/);
      expect(clauses, id).toMatch(new RegExp(`[| ]${clause.replaceAll(".", String.raw`\.`)}[, ]`));
      for (const text of [objective, pass, ...steps.map((step) => step.text)]) expect(text, id).toMatch(/^\S.*\.$/s);
      expect(steps.length, id).toBeGreaterThan(0);
    }
  });

  it("are on the page docs/conform-cwmp.md", () => {
    const page = read("docs/conform-cwmp.md");
    for (const { id } of catalogue) expect(page).toContain(`\n### ${id}\n`);
  });
});

describe("docs/conform-cwmp.md", () => {
  it("is what `npm run docs` makes", () => expect(cwmpConformancePage()).toBe(read("docs/conform-cwmp.md")));

  it("names every flaw once", () => {
    for (const flaws of [CPE_FLAWS, ACS_FLAWS]) {
      const names = flaws.map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
      for (const name of names.slice(1)) expect(read("docs/conform-cwmp.md")).toContain(`| \`${name}\` |`);
    }
  });
});
