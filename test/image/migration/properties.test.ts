/** Random configurations and random migrations: what no step is about stays, and there is a whole result or none. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { migrate } from "../../../image/migration/index.ts";
import { bytesOf, chain, documentOf } from "./fixture.ts";

const key = fc
  .string({ minLength: 1, maxLength: 4 })
  .filter((text) => text !== "__proto__" && text !== "schemaVersion");
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3 },
    fc.integer(),
    fc.string(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("tree"), { maxLength: 3 }),
    fc.dictionary(key, tie("tree"), { maxKeys: 3 }),
  ),
}));
const own = new Set(["wan", "telnet", "ssh", "dns"]);

test("random configurations go up the chain and keep every key that no step is about", () => {
  fc.assert(
    fc.property(fc.dictionary(key, tree, { maxKeys: 6 }), fc.constantFrom(1, 2), (strange, schemaVersion) => {
      const unknown = Object.fromEntries(Object.entries(strange).filter(([name]) => !own.has(name)));
      const config = { ...unknown, schemaVersion, wan: { mode: 0, unknown } };
      const text = JSON.stringify(config);
      const result = migrate(Buffer.from(text), chain);
      expect(result.ok ? "" : result.cause).toBe("");
      if (!result.ok) return;
      const after = JSON.parse(Buffer.from(result.bytes).toString()) as typeof config;
      for (const [name, value] of Object.entries(unknown))
        expect((after as Record<string, unknown>)[name]).toEqual(value);
      expect(after.wan.unknown).toEqual(unknown);
      expect(after.schemaVersion).toBe(3);
      const again = migrate(result.bytes, chain);
      expect(again.ok && Buffer.compare(again.bytes, result.bytes)).toBe(0);
    }),
  );
});

const somePointer = fc
  .array(fc.constantFrom("a", "b", "c", "0", "1", "toString", "length", "~0"), { minLength: 1, maxLength: 3 })
  .map((tokens) => `/${tokens.join("/")}`);
const anyOperation = fc.oneof(
  fc.record({ op: fc.constant("rename"), path: somePointer, to: fc.constantFrom("a", "b", "valueOf") }),
  fc.record({ op: fc.constant("move"), from: somePointer, path: somePointer }),
  fc.record({ op: fc.constant("default"), path: somePointer, value: tree }),
  fc.record({ op: fc.constant("drop"), path: somePointer, required: fc.boolean() }),
  fc.record({ op: fc.constant("convert"), path: somePointer, table: fc.constant([[1, 2]]), otherwise: fc.integer() }),
);
const anyConfig = fc.dictionary(fc.constantFrom("a", "b", "c"), tree, { maxKeys: 3 });

test("random migrations either end in a configuration or in a cause, and change nothing else", () => {
  const common = Object.getOwnPropertyDescriptors(Object.prototype);
  const namesOf = (): string[] =>
    Object.values(common).flatMap(({ value }) => (typeof value === "function" ? Object.keys(value as object) : []));
  const prototype = Object.keys(common).length;
  let [done, refused] = [0, 0];
  fc.assert(
    fc.property(anyConfig, fc.array(anyOperation, { maxLength: 6 }), (config, operations) => {
      const given = bytesOf({ ...config, schemaVersion: 1 });
      const before = Buffer.from(given);
      const result = migrate(given, documentOf([{ from: 1, to: 3, operations }]));
      expect(Buffer.compare(given, before)).toBe(0);
      if (result.ok) {
        done++;
        expect((JSON.parse(Buffer.from(result.bytes).toString()) as { schemaVersion: number }).schemaVersion).toBe(3);
      } else {
        refused++;
        expect(result.cause).toMatch(/^(?:migration: )?step 1 to 3, operation \d/);
        expect(Object.keys(result)).not.toContain("bytes");
      }
    }),
    { numRuns: 400 },
  );
  expect(Object.getOwnPropertyNames(Object.prototype)).toHaveLength(prototype);
  // Nor did a function that all objects have get a key.
  expect(namesOf()).toEqual([]);
  expect(Math.min(done, refused)).toBeGreaterThan(20);
});
