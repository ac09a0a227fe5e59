/** docs/reference.md: every clause that the code cites stands in its index. */
import { describe, expect, it } from "vitest";
import { catalogue } from "../../conform/core/catalogue/index.ts";
import { OLT_RULES } from "../../conform/olt/rules.ts";
import { files, read } from "../hygiene/files.ts";

const page = read("docs/reference.md");
const index = page.slice(page.indexOf("## 9. Index of clauses"));
const sources = files.filter((file) => /\.(ts|lua)$/.test(file) && !file.startsWith("test/docs/"));

/** Another Recommendation, with its clause where one is named; not the year of an edition. */
const OTHER = /\b(?:G\.98[47](?:\.\d)?(?: (?!20\d\d\b)\d[\d.]*\d)?|G\.9807\.1|G\.9701|I\.363\.5|RFC \d+)/g;
/** A clause of G.988; not the year of an edition, `G.988 (2012)`, `G.988 2010`. */
const OWN = /G\.988 \(?(?!\d{4}\b)((?:table |figure )?(?:[AB]\.)?(?:I\.)?\d[\d.]*\d(?:-\d)?|[BI]\.\d)/g;
/** A clause as the catalogue has it: `9.1.4, figure 9.1.4-1`. */
const CLAUSE = /(?:table |figure )?(?:[AB]\.|I\.)?\d[\d.]*(?:-\d)?/g;

const quote = (text: string): string => text.replaceAll(/[.-]/g, String.raw`\$&`);
/** The index as it stands, and each clause of its ranges, `A.2.23 to A.2.32`. */
const indexed = index.replaceAll(
  /([AB]\.\d\.)(\d+) to \1(\d+)/g,
  (range, part: string, first: string, last: string) => {
    const clauses = Array.from({ length: Number(last) - Number(first) + 1 }, (_, at) => `${part}${Number(first) + at}`);
    return `${range} ${clauses.join(" ")}`;
  },
);
const hasClause = (clause: string): boolean => new RegExp(`(^|[ |])${quote(clause)}($|[ ,|])`, "m").test(indexed);

describe("the digest of G.988", () => {
  it("has every clause that the code cites", () => {
    const cited = new Map<string, string>();
    for (const file of sources) {
      // Citations run on over the end of a comment's line.
      const text = read(file).replaceAll(/\n\s*(?:\*|\/\/|--)\s*/g, " ");
      for (const [clause] of text.matchAll(OTHER)) cited.set(clause, file);
      for (const [, clause] of text.matchAll(OWN)) cited.set(clause, file);
    }
    expect(cited.size).toBeGreaterThan(20);
    expect([...cited].filter(([clause]) => !hasClause(clause))).toEqual([]);
  });

  it("has every clause of the conformance cases and of what OLTs are judged by", () => {
    const clauses = [...catalogue.map(({ clause }) => clause), ...Object.values(OLT_RULES).map(([, clause]) => clause)];
    const single = new Set(clauses.flatMap((clause) => (clause === "I.363.5" ? clause : (clause.match(CLAUSE) ?? []))));
    expect(single.size).toBeGreaterThan(8);
    expect([...single].filter((clause) => !hasClause(clause))).toEqual([]);
  });

  it("names sections that it has", () => {
    for (const [, section] of index.matchAll(/\| ([\d., ]+) \|$/gm))
      for (const number of section.split(", ")) expect(page).toMatch(new RegExp(`^##+ ${quote(number)}[. ]`, "m"));
  });
});
