/** Configurations go up the chain of steps whole or not at all, and keep what no step is about. */
import { describe, expect, test } from "vitest";
import { migrate, planMigration, readMigration } from "../../../image/migration/index.ts";
import { bytesOf, chain, documentOf, step } from "./fixture.ts";

const old = {
  schemaVersion: 1,
  wan: { mode: 1, dns: ["192.0.2.1"], mtu: 1492 },
  telnet: true,
  wifi: [{ ssid: "a/b~c" }],
};

/** The configuration, or the cause. */
function migrated(config: unknown, migration = chain): unknown {
  const result = migrate(config instanceof Uint8Array ? config : bytesOf(config), migration, { imageVersion: "2.0" });
  return result.ok ? JSON.parse(Buffer.from(result.bytes).toString()) : result.cause;
}

describe("a chain of steps", () => {
  test("is taken from where the configuration is to where the image is", () => {
    const expected = {
      schemaVersion: 3,
      wan: { mtu: 1492, type: "static" },
      wifi: [{ ssid: "a/b~c" }],
      dns: { servers: ["192.0.2.1"] },
      ssh: { port: 22 },
    };
    expect(migrated(old)).toEqual(expected);
    expect(migrated({ schemaVersion: 2, wan: { type: "dhcp" } })).toEqual({
      schemaVersion: 3,
      wan: { type: "dhcp" },
      ssh: { port: 22 },
    });
  });

  test("tells what it changes, what it keeps, and why", () => {
    const plan = planMigration(old, readMigration(chain));
    expect(plan.steps).toEqual(
      [
        { from: 1, to: 2 },
        { from: 2, to: 3 },
      ].map((taken) => expect.objectContaining(taken) as object),
    );
    expect(plan.changes).toEqual([
      { path: "/wan/mode", from: 1, to: 1, movedTo: "/wan/type", why: "step 1 to 2, operation 1 (rename)" },
      { path: "/wan/type", from: 1, to: "static", why: "step 1 to 2, operation 2 (convert)" },
      { path: "/dns", to: {}, why: "step 1 to 2, operation 3 (default)" },
      {
        path: "/wan/dns",
        from: ["192.0.2.1"],
        to: ["192.0.2.1"],
        movedTo: "/dns/servers",
        why: "step 1 to 2, operation 4 (move)",
      },
      { path: "/telnet", from: true, why: "step 2 to 3, operation 1 (drop)" },
      { path: "/ssh", to: { port: 22 }, why: "step 2 to 3, operation 2 (default)" },
    ]);
    expect(plan.kept).toEqual(["/wan/mtu", "/wifi"]);
    expect(plan.problems).toEqual([]);
    expect(old.wan.mode).toBe(1);
  });

  test("gives the same bytes each time, and leaves what is at the version already to the byte", () => {
    const once = migrate(bytesOf(old), chain);
    const again = migrate(bytesOf(old), chain);
    expect(once.ok && again.ok && Buffer.compare(once.bytes, again.bytes)).toBe(0);
    const there = Buffer.from('{ "wan":{"type":"dhcp"},\n\n"schemaVersion" : 3}');
    const result = migrate(there, chain);
    expect(result.ok && Buffer.compare(result.bytes, there)).toBe(0);
  });

  test("begins at 0 where a configuration names no version", () => {
    const zero = documentOf([step(0, { op: "default", path: "/a", value: 1 })], {}, 1);
    expect(migrated({ b: 2 }, zero)).toEqual({ b: 2, a: 1, schemaVersion: 1 });
  });
});

describe("fails with its cause", () => {
  const one = (...operations: object[]): string => documentOf([{ from: 1, to: 3, operations }]);
  test.each<[string, unknown, string, string]>([
    [
      "a value that is in no table",
      { ...old, wan: { mode: 7 } },
      chain,
      "image 2.0: step 1 to 2, operation 2 (convert): 7 at /wan/type is not in the table",
    ],
    [
      "a schema that is not kept",
      { schemaVersion: 3, wan: { type: 9 } },
      chain,
      "image 2.0: not as the schema has it: /wan/type: ",
    ],
    ["no step", { schemaVersion: 0 }, chain, "image 2.0: no step leads from schema version 0 to 3"],
    ["a later version", { schemaVersion: 4 }, chain, "image 2.0: no step leads from schema version 4 to 3"],
    ["a version that is none", { schemaVersion: "1" }, chain, "image 2.0: schemaVersion is no whole number"],
    ["no object", [1], chain, "image 2.0: configuration is no JSON object"],
    ["no JSON", Buffer.from("{"), chain, "image 2.0: configuration is no JSON"],
    ["no UTF-8", Buffer.from([0x22, 0xff, 0x22]), chain, "image 2.0: configuration is no JSON"],
    [
      "__proto__",
      Buffer.from('{"schemaVersion":1,"a":{"__proto__":{"x":1}}}'),
      chain,
      "image 2.0: configuration: has a key __proto__",
    ],
    [
      "numbers that would change",
      Buffer.from('{"schemaVersion":1,"id":12345678901234567890}'),
      chain,
      "image 2.0: configuration: number 12345678901234567890 has no exact value here",
    ],
    [
      "too deep",
      Buffer.from(`{"a":${"[".repeat(70)}${"]".repeat(70)}}`),
      chain,
      "image 2.0: configuration: more than 64",
    ],
    ["too long", Buffer.alloc(262_145, 0x20), chain, "image 2.0: configuration of 262145 bytes"],
    [
      "a place that is taken",
      { schemaVersion: 1, a: 1, b: 2 },
      one({ op: "rename", path: "/a", to: "b" }),
      "image 2.0: step 1 to 3, operation 1 (rename): something is at /b already",
    ],
    [
      "no place",
      { schemaVersion: 1, a: 1 },
      one({ op: "move", from: "/a", path: "/x/y" }),
      "image 2.0: step 1 to 3, operation 1 (move): nothing at /x takes a key",
    ],
    [
      "what all objects have",
      { schemaVersion: 1, a: 1 },
      one({ op: "move", from: "/a", path: "/toString/y" }),
      "image 2.0: step 1 to 3, operation 1 (move): nothing at /toString takes a key",
    ],
    [
      "a default in no object",
      { schemaVersion: 1, a: 1 },
      one({ op: "default", path: "/a/b", value: 1 }),
      "image 2.0: step 1 to 3, operation 1 (default): nothing at /a takes a key",
    ],
    [
      "what is required and not there",
      { schemaVersion: 1 },
      one({ op: "drop", path: "/toString", required: true }),
      "image 2.0: step 1 to 3, operation 1 (drop): nothing is at /toString",
    ],
  ])("%s", (_name, config, migration, cause) => {
    expect(migrated(config, migration)).toMatch(new RegExp(`^${cause.replaceAll(/[()[\]]/g, "\\$&")}`));
  });

  test("what is absent is passed over, unless it is required", () => {
    const passed = one(
      { op: "drop", path: "/toString" },
      { op: "rename", path: "/x", to: "y" },
      { op: "convert", path: "/list/5", table: [[1, 2]] },
      { op: "convert", path: "/mode", table: [[1, 2]], otherwise: "auto" },
    );
    expect(migrated({ schemaVersion: 1, list: [1], mode: 8 }, passed)).toEqual({
      schemaVersion: 3,
      list: [1],
      mode: "auto",
    });
  });

  test("numbers that stay the same pass", () => {
    const text =
      '{"schemaVersion":3,"wan":{},"a":[0,-1,1.5,1e3,0.1,123456789.012345,9007199254740991,0.0],"b":"1e999"}';
    expect(migrated(Buffer.from(text))).toEqual(JSON.parse(text));
    for (const number of ["1e400", "-0", "9007199254740993", "0.12345678901234567", "1e-400"])
      expect(migrated(Buffer.from(`{"schemaVersion":3,"wan":{},"a":${number}}`)), number).toMatch(/no exact value/);
  });
});

describe("a migration that cannot be used is refused before anything is begun", () => {
  const operations = (...list: object[]): string => documentOf([{ from: 1, to: 3, operations: list }]);
  test.each<[string, string, RegExp]>([
    ["no JSON", "{", /^migration is no JSON$/],
    ["a field that there is not", documentOf([], { extra: 1 }), /^migration: \/extra: is no field/],
    ["no steps", '{"schemaVersion":1}', /required/],
    ["a step backward", documentOf([{ from: 2, to: 1, operations: [] }]), /step 2 to 1 does not go forward/],
    ["a step beyond", documentOf([{ from: 2, to: 4, operations: [] }]), /goes beyond schema version 3/],
    ["two from one version", documentOf([step(2), step(2)]), /two steps from 2/],
    ["a dead end", documentOf([step(0), step(2)]), /step 0 to 1 does not lead to schema version 3/],
    ["an operation that there is not", operations({ op: "run" }), /operation 1: "run" is none; there are rename, move/],
    ["one of what all objects have", operations({ op: "toString" }), /"toString" is none/],
    ["a field too many", operations({ op: "drop", path: "/a", value: 1 }), /drop: \/value: is no field/],
    ["a field too few", operations({ op: "move", path: "/a" }), /move: .*from/],
    ["no pointer", operations({ op: "drop", path: "a" }), /"a" is no JSON Pointer/],
    ["no pointer to a key", operations({ op: "drop", path: "" }), /"" is no JSON Pointer/],
    ["a bad escape", operations({ op: "rename", path: "/a~2", to: "b" }), /is no JSON Pointer/],
    [
      "the prototype",
      operations({ op: "default", path: "/__proto__/x", value: 1 }),
      /"__proto__", which is not allowed/,
    ],
    ["the constructor", operations({ op: "rename", path: "/a", to: "constructor" }), /"constructor", which is not/],
    ["the end of an array", operations({ op: "default", path: "/a/-", value: 1 }), /"-", which is not allowed/],
    ["the version", operations({ op: "drop", path: "/schemaVersion" }), /is set by the steps themselves/],
    ["itself", operations({ op: "move", from: "/a", path: "/a/b" }), /cannot go into itself/],
    ["a table of objects", operations({ op: "convert", path: "/a", table: [[{}, 1]] }), /convert: \/table/],
    ["patterns", documentOf([], { schema: { properties: { a: { pattern: "(a+)+$" } } } }), /"pattern" is not taken/],
    ["references", documentOf([], { schema: { $ref: "#" } }), /"\$ref" is not taken/],
    [
      "prototypes in values",
      '{"schemaVersion":1,"steps":[{"from":0,"to":1,"operations":[{"op":"default","path":"/a","value":{"__proto__":1}}]}]}',
      /has a key __proto__/,
    ],
  ])("%s", (_name, migration, message) => {
    expect(() => readMigration(migration)).toThrow(message);
    expect(migrated({ schemaVersion: 1 }, migration)).toMatch(message.source.startsWith("^") ? /migration/ : message);
  });
});
