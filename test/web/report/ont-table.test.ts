/** The table of ONTs: which columns it has, and what Find looks through. */
import { describe, expect, it } from "vitest";
import { ontTable } from "../../../web/report/ont-table.ts";
import { ontResult, runResult } from "../../cli/view-fixture.ts";

const headsOf = (page: string): string[] =>
  [...page.slice(page.indexOf('class="sortable"')).matchAll(/<th scope="col"[^>]*>([^<]*)</g)].map(([, text]) => text);
const onts = Array.from({ length: 4 }, (_, id) => ontResult(id));

describe("the table of ONTs", () => {
  it("has a port for each where there are several", () => {
    const one = ontTable(runResult(onts)).text;
    expect(headsOf(one)).not.toContain("Port");
    const two = ontTable(runResult(onts, { scenario: { pons: 2 } })).text;
    expect(headsOf(two).slice(0, 2)).toEqual(["ONT", "Port"]);
    const ports = [...two.matchAll(/<tr data-outcome[^>]*>\s*<td[^>]*>(\d+)<\/td>\s*<td[^>]*>(\d+)<\/td>/g)];
    expect(ports.map(([, ont, port]) => `${ont} ${port}`)).toEqual(["0 0", "1 0", "2 1", "3 1"]);
  });

  it("Find names the columns that it looks through, and they are there", () => {
    const placeholder = (page: string): string | undefined => /placeholder="([^"]*)"/.exec(page)?.[1];
    expect(placeholder(ontTable(runResult(onts)).text)).toBe("serial number, version");
    const failed = runResult([...onts, ontResult(4, { outcome: "failed", cause: "silent" })]);
    const page = ontTable(failed).text;
    expect(placeholder(page)).toBe("serial number, cause, version");
    expect(page.match(/class="[a-z ]*found"/g)).toHaveLength(3 * 5);
  });
});
