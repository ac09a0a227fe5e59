/** The dissector as it is committed, without tshark. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { layoutOf, MESSAGE_NAMES } from "../../../omci/index.ts";
import { dissectorWithTables } from "../../../omci/wireshark/tables.ts";

const dissector = readFileSync(join(import.meta.dirname, "../../../omci/wireshark/poncast_omci.lua"), "utf8");

it("its tables are what the layouts give; `npm run docs` makes them", () => {
  expect(dissectorWithTables(dissector)).toBe(dissector);
});

it("it has a field in the tree for each field of each message", () => {
  const shown = /local tree_fields = \{([^}]*)\}/.exec(dissector)?.[1] ?? "";
  const lists = ["instances", "instanceResults"];
  const names = MESSAGE_NAMES.flatMap((name) => layoutOf(name).fields.map((field) => field.name));
  for (const name of names) if (!lists.includes(name)) expect(shown).toContain(` ${name} = `);
});

it("a file without a place for the tables is refused", () => {
  expect(() => dissectorWithTables("-- nothing")).toThrow("no place for its tables");
});
