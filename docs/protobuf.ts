/** Tables of the .proto files in proto/, as TypeScript: what code reads and writes them by (base/protobuf). */
import protobuf from "protobufjs";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ProtoField } from "../base/protobuf/index.ts";

/** Each .proto file and the room that speaks it. */
export const PROTO_TABLES = {
  journal: "run/journal/journal.pb.ts",
  bundle: "image/bundle.pb.ts",
  ranging: "pon/ranging/ranging.pb.ts",
  openolt: "olt/southbound/openolt/openolt.pb.ts",
  vomci: "pon/bench/vomci/vomci.pb.ts",
} as const;

export type ProtoName = keyof typeof PROTO_TABLES;

/** The file as protobufjs reads it. */
export function parseProto(root: string, name: ProtoName): protobuf.Root {
  const parsed = protobuf.parse(readFileSync(join(root, "proto", `${name}.proto`), "utf8")).root;
  parsed.resolveAll();
  return parsed;
}

const camel = (name: string): string =>
  name.toLowerCase().replaceAll(/_(.)/g, (_match, letter: string) => letter.toUpperCase());

function fieldOf(field: protobuf.Field, name: (type: protobuf.ReflectionObject) => string): ProtoField {
  const { id, type, resolvedType, partOf, repeated } = field;
  const isSynthetic = partOf?.name.startsWith("_") === true;
  return {
    id,
    type: resolvedType === null ? type : name(resolvedType),
    ...(repeated && { rule: "repeated" as const }),
    ...(isSynthetic && { rule: "optional" as const }),
    ...(partOf !== null && !isSynthetic && { oneof: partOf.name }),
  };
}

/** The module for a .proto file, as `npm run docs` writes it. */
export function protoTable(root: string, name: ProtoName): string {
  const parsed = parseProto(root, name);
  const messages: Record<string, Record<string, ProtoField>> = {};
  const enums: Record<string, Record<string, number>> = {};
  const walk = (space: protobuf.NamespaceBase, prefix: string): void => {
    const nameOf = (object: protobuf.ReflectionObject): string => object.fullName.slice(prefix.length);
    for (const object of space.nestedArray) {
      if (object instanceof protobuf.Enum)
        enums[nameOf(object)] = Object.fromEntries(Object.entries(object.values).map(([key, id]) => [camel(key), id]));
      if (object instanceof protobuf.Type)
        messages[nameOf(object)] = Object.fromEntries(
          object.fieldsArray.map((field) => [field.name, fieldOf(field, nameOf)]),
        );
      if (object instanceof protobuf.Type) walk(object, prefix);
      else if (object instanceof protobuf.Namespace) walk(object, `${object.fullName}.`);
    }
  };
  walk(parsed, ".");
  return [
    `/** Made from proto/${name}.proto by \`npm run docs\`; not written by hand. */`,
    `import type { ProtoFile } from "${upFrom(PROTO_TABLES[name])}base/protobuf/index.ts";`,
    "",
    `export const ${name.toUpperCase()} = {`,
    ...section("messages", messages),
    ...section("enums", enums),
    "} as const satisfies ProtoFile;",
    "",
  ].join("\n");
}

/** A line for each field or value. */
function section(title: string, entries: Readonly<Record<string, object>>): string[] {
  const blocks = Object.entries(entries).map(([name, fields]) => {
    const lines = Object.entries(fields).map(([field, value]) => `      ${field}: ${inLine(value)},`);
    return `    ${keyText(name)}: ${lines.length === 0 ? "{}" : ["{", ...lines, "    }"].join("\n")},`;
  });
  return blocks.length === 0 ? [`  ${title}: {},`] : [`  ${title}: {`, ...blocks, "  },"];
}

const keyText = (name: string): string => (name.includes(".") ? JSON.stringify(name) : name);

function inLine(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const parts = Object.entries(value).map(([key, part]) => `${key}: ${JSON.stringify(part)}`);
  return `{ ${parts.join(", ")} }`;
}

const upFrom = (path: string): string => "../".repeat(path.split("/").length - 1);
