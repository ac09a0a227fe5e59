/**
 * Reads the tables of classes. A line that begins with a class number is a class: number, name, clause of G.988. The indented lines behind
 * it are its attributes in order, with commas between: name, octets, kind (none: an unsigned number), access (none: read only; `w`: Set,
 * `c`: set by create). Of a table, the octets are those of a row; its Get answer holds the table's size in 4 octets (11.2).
 */
import type { Access, Attribute, AttributeFormat } from "../attribute.ts";

export interface ClassEntry {
  classId: number;
  name: string;
  clause: string;
  attributes: readonly Attribute[];
}

/** How the octets of each kind are held, and how they are shown. */
const KINDS: Readonly<Record<string, { kind: Attribute["kind"]; format?: AttributeFormat }>> = {
  int: { kind: "uint", format: "signed" },
  enum: { kind: "uint", format: "enum" },
  bool: { kind: "uint", format: "boolean" },
  state: { kind: "uint", format: "administrativeState" },
  oper: { kind: "uint", format: "operationalState" },
  dbm: { kind: "uint", format: "opticalLevel" },
  bits: { kind: "uint", format: "bits" },
  ptr: { kind: "uint", format: "bits" },
  text: { kind: "text" },
  bytes: { kind: "bytes" },
  serial: { kind: "bytes", format: "serialNumber" },
  mac: { kind: "bytes", format: "mac" },
  ip: { kind: "bytes", format: "ipv4" },
  ipv6: { kind: "bytes", format: "ipv6" },
  table: { kind: "table" },
};

const ACCESS: Readonly<Record<string, Access>> = { w: "set", c: "create", wc: "createAndSet" };

/** What a number is held as: 53 bits are sure. */
const UINT_BYTES_MAX = 6;

const ATTRIBUTE =
  /^(\w+) (\d+)(?: (int|enum|bool|state|oper|dbm|bits|ptr|text|bytes|serial|mac|ip|ipv6|table))?(?: (w|c|wc))?$/;

function attributeOf(words: string): Attribute {
  const [, name, octets, kindWord, accessWord] = ATTRIBUTE.exec(words.trim()) ?? [];
  if (name === undefined) throw new SyntaxError(`no attribute: ${words}`);
  const bytes = Number(octets);
  const access = accessWord === undefined ? {} : { access: ACCESS[accessWord] };
  if (kindWord !== undefined) return { name, bytes, ...KINDS[kindWord], ...access };
  return bytes > UINT_BYTES_MAX
    ? { name, bytes, kind: "bytes", format: "unsigned", ...access }
    : { name, bytes, kind: "uint", ...access };
}

/** Classes in the order of the tables. @throws SyntaxError for a line that is neither a class nor attributes */
export function classesOf(...tables: readonly string[]): ClassEntry[] {
  return tables.flatMap((table) =>
    table
      .trim()
      .split(/\n(?=\d)/)
      .map((entry) => {
        const [head, ...rows] = entry.split("\n");
        const [, classId, name, clause] = /^(\d+) (.+), (9\.[\d.]+)$/.exec(head) ?? [];
        if (classId === undefined) throw new SyntaxError(`no class: ${head}`);
        return { classId: Number(classId), name, clause, attributes: rows.join(" ").split(",").map(attributeOf) };
      }),
  );
}

/** Names by number. */
export type Names = ReadonlyMap<number, string>;

/** The names of values.ts, by what each line begins with. @throws SyntaxError for a line that names nothing */
export function namesOf(table: string): Map<string, Names> {
  const all = new Map<string, Names>();
  for (const line of table.trim().split(/\n(?=\S)/)) {
    const [, keys, list] = /^([\w. ]+): (.+)$/s.exec(line) ?? [];
    if (keys === undefined) throw new SyntaxError(`no names: ${line}`);
    const names = new Map(list.split(";").map(nameOf));
    for (const key of keys.split(" ")) all.set(key, names);
  }
  return all;
}

function nameOf(words: string): [number, string] {
  const [, number, name] = /^\s*(\d+) (.+)$/s.exec(words) ?? [];
  if (name === undefined) throw new SyntaxError(`no name: ${words}`);
  return [Number(number), name];
}
