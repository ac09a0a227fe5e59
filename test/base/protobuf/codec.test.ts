/** Messages by the tables of proto/*.proto, held to protobufjs' own reading of the files, and to protoc. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import protobuf from "protobufjs";
import { describe, expect, it } from "vitest";
import { messageCodec, type ProtoField, type ProtoFile } from "../../../base/protobuf/index.ts";
import { PROTO_TABLES, type ProtoName, parseProto, protoTable } from "../../../docs/protobuf.ts";
import { BUNDLE } from "../../../image/bundle.pb.ts";
import { methods } from "../../../olt/southbound/openolt/messages.ts";
import { OPENOLT } from "../../../olt/southbound/openolt/openolt.pb.ts";
import { VOMCI } from "../../../pon/bench/vomci/vomci.pb.ts";
import { RANGING } from "../../../pon/ranging/ranging.pb.ts";
import { JOURNAL } from "../../../run/journal/journal.pb.ts";

const root = join(import.meta.dirname, "../../..");
const files: Readonly<Record<ProtoName, { table: ProtoFile; space: string }>> = {
  journal: { table: JOURNAL, space: "poncast.journal" },
  bundle: { table: BUNDLE, space: "poncast.bundle" },
  ranging: { table: RANGING, space: "poncast.ranging" },
  openolt: { table: OPENOLT, space: "openolt" },
  vomci: { table: VOMCI, space: "tr451_vomci_sbi_message.v1" },
};
const names = Object.keys(files) as ProtoName[];

const uint32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const scalars: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  bool: fc.boolean(),
  bytes: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
  fixed32: uint32,
  sint32: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  string: fc.string({ maxLength: 20, unit: "grapheme" }),
  uint32,
  uint64: fc.maxSafeNat(),
};

/** Any message of a table: of a oneof one field, of what may be absent some. */
function arbitraryOf({ messages, enums }: ProtoFile, name: string): fc.Arbitrary<Record<string, unknown>> {
  const valueOf = ({ type }: ProtoField): fc.Arbitrary<unknown> => {
    if (type in enums) return fc.constantFrom(...Object.keys(enums[type]!));
    return scalars[type] ?? arbitraryOf({ messages, enums }, type);
  };
  const fields = Object.entries(messages[name]!);
  const own = fields.filter(([, { oneof }]) => oneof === undefined);
  const model = Object.fromEntries(
    own.map(([field, spec]) => [
      field,
      spec.rule === "repeated" ? fc.array(valueOf(spec), { maxLength: 3 }) : valueOf(spec),
    ]),
  );
  const needed = own.flatMap(([field, { rule, type }]) =>
    rule === "repeated" || (rule !== "optional" && !(type in messages)) ? [field] : [],
  );
  const rest = fc.record(model, { requiredKeys: needed });
  const union = fields.filter(([, { oneof }]) => oneof !== undefined);
  if (union.length === 0) return rest;
  const one = fc.oneof(...union.map(([field, spec]) => fc.record({ [field]: valueOf(spec) })));
  return fc.tuple(rest, one).map(([first, second]) => ({ ...first, ...second }));
}

/** Bytes as hexadecimal digits, an enum's name as its number: what both sides can be compared in. */
function plain(value: unknown, { enums }: ProtoFile): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("hex");
  if (Array.isArray(value)) return value.map((item) => plain(item, { enums, messages: {} }));
  if (typeof value !== "object" || value === null) return value;
  const numbers: Readonly<Record<string, number>> = Object.assign({}, ...Object.values(enums));
  return Object.fromEntries(
    Object.entries(value).map(([field, part]) => [
      field,
      field === "kind" ? (numbers[part as string] ?? part) : plain(part, { enums, messages: {} }),
    ]),
  );
}

describe.each(names)("proto/%s.proto", (name) => {
  const { table, space } = files[name];

  it("is what the committed table was made of (npm run docs)", () => {
    expect(readFileSync(join(root, PROTO_TABLES[name]), "utf8")).toBe(protoTable(root, name));
  });

  it.each(Object.keys(table.messages))("%s reads and writes as protobufjs does from the file itself", (message) => {
    const type = parseProto(root, name).lookupType(`${space}.${message}`);
    const codec = messageCodec<ProtoFile, string>(table, message);
    fc.assert(
      fc.property(arbitraryOf(table, message), (value) => {
        const wanted = plain(value, table);
        const bytes = codec.encode(value as never);
        expect(plain(codec.decode(bytes), table)).toEqual(wanted);
        const theirs = type.decode(bytes);
        expect(plain(type.toObject(theirs, { longs: Number, defaults: true }), table)).toMatchObject(wanted as object);
        expect(Buffer.from(type.encode(theirs).finish()).toString("hex")).toBe(Buffer.from(bytes).toString("hex"));
      }),
      { numRuns: 50 },
    );
  });
});

describe("messages", () => {
  it("keep their fields' order, and leave out zeros but where a field may be absent", () => {
    const { encode, decode } = messageCodec(JOURNAL, "OltEvent.Dropped");
    expect(Buffer.from(encode({ cause: "x", onuId: 0 })).toString("hex")).toBe("120178");
    expect(decode(new Uint8Array(0))).toEqual({ onuId: 0, cause: "" });
    const dropped = messageCodec(JOURNAL, "OntEvent.Dropped");
    expect(Buffer.from(dropped.encode({ cause: "", count: 0 })).toString("hex")).toBe("1000");
    expect(messageCodec(JOURNAL, "OntEvent.State").decode(new Uint8Array(0))).toEqual({ state: "" });
  });

  it("are the same seen in the codec's own memory, one after the other, also behind one that cannot be written", () => {
    const { encodeDelimited, viewDelimited } = messageCodec(JOURNAL, "Record");
    const bad = { timeNs: 1, olt: { dropped: { onuId: Symbol("no number") as never, cause: "" } } };
    const [long, short] = ["x".repeat(300), "y"].map((cause, at) => ({
      timeNs: at,
      olt: { dropped: { onuId: at, cause } },
    }));
    const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
    const wanted = [hex(encodeDelimited(long)), hex(encodeDelimited(short))];
    expect(() => viewDelimited(bad)).toThrow(Error);
    expect([hex(viewDelimited(long)), hex(viewDelimited(short))]).toEqual(wanted);
    const kept = encodeDelimited(long);
    viewDelimited(short);
    expect(hex(kept)).toBe(wanted[0]);
  });

  it("pass over fields of later versions, and refuse bytes that end within a field", () => {
    const { decode } = messageCodec(BUNDLE, "Manifest");
    const later = Buffer.from("0a0131aa06026162", "hex");
    expect(decode(later)).toMatchObject({ version: "1", hardware: [] });
    for (const bytes of ["0a05", "0a0531", "08", "0b"]) expect(() => decode(Buffer.from(bytes, "hex"))).toThrow(Error);
    expect(() => messageCodec(JOURNAL, "OntEvent").decode(Buffer.from("0a0a0a01", "hex"))).toThrow(Error);
  });

  it("have repeated numbers packed, unpacked or both, and one field of a oneof, the last given", () => {
    const table = {
      messages: {
        All: {
          numbers: { id: 1, type: "uint32", rule: "repeated" },
          fixed: { id: 2, type: "fixed32", rule: "repeated" },
          kinds: { id: 3, type: "Kind", rule: "repeated" },
          name: { id: 4, type: "string", oneof: "one" },
          part: { id: 5, type: "Part", oneof: "one" },
        },
        Part: { first: { id: 1, type: "uint32" }, second: { id: 2, type: "uint32" } },
      },
      enums: { Kind: { none: 0, some: 1 } },
    } as const satisfies ProtoFile;
    const source = `syntax = "proto3"; enum Kind { none = 0; some = 1; } message Part { uint32 first = 1; uint32 second = 2; }
      message All { repeated uint32 numbers = 1; repeated fixed32 fixed = 2; repeated Kind kinds = 3;
        oneof one { string name = 4; Part part = 5; } }`;
    const theirs = protobuf.parse(source, { keepCase: true }).root.lookupType("All");
    const { decode } = messageCodec(table, "All");
    const both = (hex: string): [unknown, unknown] => {
      const bytes = Buffer.from(hex, "hex");
      return [decode(bytes), theirs.toObject(theirs.decode(bytes), { enums: String, arrays: true })];
    };
    const none = { numbers: [], fixed: [], kinds: [] };
    for (const [hex, wanted] of [
      ["0a03018001", { ...none, numbers: [1, 128] }],
      ["08050a0201020807", { ...none, numbers: [5, 1, 2, 7] }],
      ["12080100000002000000", { ...none, fixed: [1, 2] }],
      ["1a0200011801", { ...none, kinds: ["none", "some", "some"] }],
      ["2201782a020801", { ...none, part: { first: 1, second: 0 } }],
      ["2a020801220178", { ...none, name: "x" }],
      ["2a0208012a021002", { ...none, part: { first: 1, second: 2 } }],
      ["2a0208012201782a021002", { ...none, part: { first: 0, second: 2 } }],
    ] as const) {
      const [ours, other] = both(hex);
      expect(ours, hex).toEqual(wanted);
      expect(wanted, hex).toMatchObject(other as object);
    }
    for (const cut of ["0a0280", "0a0180", "12050100000002"])
      expect(() => decode(Buffer.from(cut, "hex"))).toThrow(Error);
  });

  it("of OpenOLT go by the methods of its service", () => {
    const service = parseProto(root, "openolt").lookupService("openolt.Openolt");
    const theirs = Object.values(service.methods).map(({ name, responseStream = false }) => [name, responseStream]);
    const ours = Object.values(methods).map(({ path, responseStream }) => [path.split("/").at(-1), responseStream]);
    expect(Object.fromEntries(ours)).toEqual(Object.fromEntries(theirs));
  });

  const hasProtoc = spawnSync("protoc", ["--version"]).status === 0;
  it.runIf(hasProtoc)("are read by protoc from the same file", () => {
    const { encode } = messageCodec(JOURNAL, "Record");
    const bytes = encode({
      timeNs: 1_500_000_000,
      olt: { windowSent: { window: 0, sections: 32, paritySections: 0, onuId: -1 } },
    });
    const input = ["-I", "proto", "--decode=poncast.journal.Record", "proto/journal.proto"];
    const { stdout, stderr } = spawnSync("protoc", input, { cwd: root, input: bytes, encoding: "utf8" });
    expect(stderr).toBe("");
    expect(stdout.replaceAll(/\s+/g, " ").trim()).toBe(
      "time_ns: 1500000000 olt { window_sent { sections: 32 onu_id: -1 } }",
    );
  });
});
