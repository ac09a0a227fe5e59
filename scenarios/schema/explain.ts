/** All fields of a scenario as a list, from the JSON Schema: what each says, what it may be, and what it is when left out. */
import { scenarioJsonSchema } from "./json-schema.ts";

/** A field, or a part that holds fields. */
export interface FieldInfo {
  /** `olt.catchUp.when`; of lists `fleet[].count`; of impairments `impairments[].chance (loss)`. */
  path: string;
  description: string;
  /** Words for what may stand there; empty for a part. */
  allowed: string;
  /** As YAML writes it; undefined: none, or a part. */
  usual: string | undefined;
  example: string | undefined;
  isPart: boolean;
}

/** As much of JSON Schema as ours has. */
interface Node {
  type?: string;
  description?: string;
  default?: unknown;
  examples?: readonly unknown[];
  enum?: readonly unknown[];
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  properties?: Record<string, Node>;
  required?: readonly string[];
  items?: Node;
  anyOf?: readonly Node[];
}

/** Units stand last in a field's name. The longest that fits counts. */
const UNITS: readonly (readonly [ending: string, unit: string])[] = [
  ["BytesPerSecond", "bytes/s"],
  ["bytesPerSecond", "bytes/s"],
  ["BitsPerSecond", "bit/s"],
  ["bitsPerSecond", "bit/s"],
  ["framesPerSecond", "frames/s"],
  ["Microseconds", "µs"],
  ["Seconds", "s"],
  ["Sections", "sections"],
  ["Bytes", "bytes"],
  ["bytes", "bytes"],
  ["Frames", "frames"],
  ["Km", "km"],
  ["Ms", "ms"],
];

const unitOf = (path: string): string => UNITS.find(([ending]) => path.endsWith(ending))?.[1] ?? "";
const yamlOf = (value: unknown): string => (typeof value === "string" ? value || '""' : JSON.stringify(value));
const kindOf = ({ properties }: Node): string => properties?.["kind"]?.enum?.join(", ") ?? "";

/** Bounds such as 1e13 as people write them. */
function boundText(bound: number): string {
  if (bound === Number.MAX_SAFE_INTEGER) return "2^53 - 1";
  const short = bound.toExponential().replace("+", "");
  return bound >= 1e6 && short.length < String(bound).length ? short : String(bound);
}

function allowedIn(node: Node, path: string): string {
  const { type, minimum, maximum, minLength = 0, maxLength, items, anyOf } = node;
  if (node.enum !== undefined) return node.enum.map(yamlOf).join(", ");
  const [counted, written] = anyOf ?? [];
  if (counted !== undefined && written?.type === "string" && written.examples !== undefined)
    return `${allowedIn(counted, path)}, or such as ${written.examples.join(", ")}`;
  if (anyOf !== undefined) return anyOf.map((each) => kindOf(each) || allowedIn(each, path)).join("; ");
  if (items !== undefined) return items.properties ? "a list" : `a list: each ${allowedIn(items, path)}`;
  if (type === "boolean") return "true or false";
  if (type === "object") return "a JSON object";
  if (type === "null") return "null";
  if (type === "string")
    return maxLength === undefined ? "a text" : `a text of ${minLength} to ${maxLength} characters`;
  const kind = type === "integer" ? "a whole number" : "a number";
  const range =
    minimum === undefined || maximum === undefined ? "" : `, ${boundText(minimum)} to ${boundText(maximum)}`;
  return `${kind}${range} ${unitOf(path)}`.trimEnd();
}

function fieldsIn(node: Node, path: string, suffix = ""): FieldInfo[] {
  const isPart = node.properties !== undefined;
  const own: FieldInfo = {
    path: `${path}${suffix}`,
    description: node.description ?? "",
    allowed: isPart ? "" : allowedIn(node, path),
    usual: isPart || node.default === undefined ? undefined : yamlOf(node.default),
    example: node.examples?.map(yamlOf)[0],
    isPart,
  };
  return [...(path === "" ? [] : [own]), ...fieldsBelow(node, path, suffix)];
}

function fieldsBelow({ properties = {}, items, anyOf }: Node, path: string, suffix: string): FieldInfo[] {
  const start = path === "" ? "" : `${path}.`;
  if (items !== undefined) return fieldsBelow(items, `${path}[]`, suffix);
  const kinds = (anyOf ?? []).filter((each) => each.properties !== undefined);
  return [
    ...Object.entries(properties)
      .filter(([name]) => name !== "kind")
      .flatMap(([name, child]) => fieldsIn(child, `${start}${name}`, suffix)),
    ...kinds.flatMap((each) => [
      ...(each.description === undefined ? [] : [kindInfo(each, path)]),
      ...fieldsBelow(each, path, ` (${kindOf(each)})`),
    ]),
  ];
}

const kindInfo = (node: Node, path: string): FieldInfo => ({
  path: `${path} (${kindOf(node)})`,
  description: node.description ?? "",
  allowed: "",
  usual: undefined,
  example: undefined,
  isPart: true,
});

/** Every field, parts before what they hold, in the order of the schema. */
export const scenarioFields = (): FieldInfo[] => fieldsIn(scenarioJsonSchema() as Node, "");

/** `fleet[0].count` and `fleet.count` are `fleet[].count`; a kind behind it counts where it is said. */
const bare = (path: string): string => path.replaceAll(/\[\d*\]/g, "");

/** The field of that name with all below it; empty where there is none. */
export function fieldsAt(name: string, fields = scenarioFields()): FieldInfo[] {
  const wanted = bare(name);
  const without = (path: string): string => bare(path).replace(/ \(.*\)$/, "");
  return fields.filter(({ path }) => {
    const own = without(path);
    return bare(path) === wanted || own === wanted || own.startsWith(`${wanted}.`);
  });
}
