/** The dissector as it is committed, without tshark. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { attributesOf, classIds, layoutOf, MESSAGE_NAMES } from "../../../omci/index.ts";
import { attributeField, dissectorTables } from "../../../omci/wireshark/tables.ts";

const read = (name: string): string => readFileSync(join(import.meta.dirname, "../../../omci/wireshark", name), "utf8");
const dissector = read("poncast_omci.lua");

it("its tables are what the layouts and classes give; `npm run docs` makes them", () => {
  expect(read("poncast_omci_tables.lua")).toBe(dissectorTables());
});

it("no two attributes have the same filter field", () => {
  const fields = classIds().flatMap((classId) =>
    attributesOf(classId)!.map(({ name }) => attributeField(classId, name)),
  );
  expect(fields.length).toBeGreaterThan(900);
  expect(new Set(fields).size).toBe(fields.length);
});

it("it has a field in the tree for each field of each message", () => {
  const shown = /local tree_fields = \{([^}]*)\}/.exec(dissector)?.[1] ?? "";
  const lists = ["instances", "instanceResults"];
  const names = MESSAGE_NAMES.flatMap((name) => layoutOf(name).fields.map((field) => field.name));
  for (const name of names) if (!lists.includes(name)) expect(shown).toContain(` ${name} = `);
});
