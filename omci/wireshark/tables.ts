/** The tables of the Wireshark dissector, made from the layouts and classes that the codec works by. */
import type { Attribute } from "../attribute.ts";
import {
  DEVICE_BASELINE,
  DEVICE_EXTENDED,
  isNotification,
  MESSAGE_TYPE_NAMES,
  ONU2_G,
  ONU_DATA,
  ONU_G,
  RESULT_NAMES,
  SOFTWARE_IMAGE,
} from "../constants.ts";
import type { Names } from "../classes/parse.ts";
import { RECOVERY } from "../extension.ts";
import type { Field } from "../field.ts";
import { fieldsOf, layoutOf, MESSAGE_NAMES } from "../layout.ts";
import { attributesOf, classIds, className, type KnownClass } from "../me.ts";
import {
  BASELINE_CONTENTS_BYTES,
  BASELINE_PDU_BYTES,
  EXTENDED_HEADER_BYTES,
  HEADER_BYTES,
  TRAILER_BYTES,
} from "../sizes.ts";
import { alarmNames, valueNames } from "../value-names.ts";

/** What the filter fields of a class begin with, where it is shorter than its name. */
const CLASS_FIELDS = {
  [ONU_DATA]: "onu_data",
  [SOFTWARE_IMAGE]: "image",
  [ONU_G]: "onu_g",
  [ONU2_G]: "onu2_g",
  [RECOVERY]: "recovery",
} as const satisfies Record<KnownClass, string>;
const SHORT_CLASSES: Readonly<Record<number, string | undefined>> = CLASS_FIELDS;

/** Attributes whose filter fields are shorter than their names. */
const SHORT_FIELDS: Readonly<Record<string, string>> = {
  isCommitted: "committed",
  isActive: "active",
  isValid: "valid",
  imageHash: "hash",
  serialNumber: "serial",
  vendorProductCode: "product_code",
  windowSections: "window",
  windowBase: "base",
};

/** Attributes that are called otherwise than their names say. */
const LABELS: Readonly<Record<string, string>> = {
  mibDataSync: "MIB data sync",
  logicalOnuId: "Logical ONU ID",
  extendedTcLayerOptions: "Extended TC-layer options",
  omccVersion: "OMCC version",
  totalGemPorts: "Total GEM ports",
  qosConfigurationFlexibility: "QoS configuration flexibility",
  windowSections: "Window, sections",
  receivedLow: "Received, sections 0 to 127",
  receivedHigh: "Received, sections 128 to 255",
  windowBase: "First TCI of the window",
  lastAcceptedTci: "Last TCI of the last window taken in",
  trialOutcome: "How the last trial ended",
};

const snake = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const words = (name: string): string => {
  const spaced = name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
};

const names = (table: Readonly<Record<number, string>>): string[] =>
  Object.entries(table).map(([number, name]) => `  [${number}] = "${name}",`);

function fieldText(field: Field): string {
  const head = `name = "${field.name}", kind = "${field.kind}"`;
  switch (field.kind) {
    case "uint": {
      const bias = field.bias === undefined ? "" : `, bias = ${field.bias}`;
      const extension = field.extension ? `, extension_max = ${field.extension.max}` : "";
      const optional = field.optional ? ", optional = true" : "";
      const padding =
        field.baselinePaddingBytes === undefined ? "" : `, baseline_padding = ${field.baselinePaddingBytes}`;
      return `{ ${head}, bytes = ${field.bytes}${bias}${extension}${optional}${padding} }`;
    }
    case "bytes":
      return `{ ${head}, bytes = ${field.bytes} }`;
    case "rest": {
      const attributes = field.attributes === undefined ? "" : `, attributes = "${field.attributes}"`;
      const entries = field.entries === undefined ? "" : `, entries = "${field.entries}"`;
      return `{ ${head}, baseline_bytes = ${field.baselineBytes}${attributes}${entries} }`;
    }
    case "instances":
    case "instanceResults":
      return `{ ${head} }`;
  }
}

const fieldLines = (key: string, fields: readonly Field[]): string[] =>
  fields.length === 0
    ? [`    ${key} = {},`]
    : [`    ${key} = {`, ...fields.map((field) => `      ${fieldText(field)},`), "    },"];

/** By message type, less than 0x20, and 0x20 (AK) where it is an answer: as in the byte of the frame without AR. */
function layoutLines(): string[] {
  return MESSAGE_NAMES.flatMap((name) => {
    const layout = layoutOf(name);
    const key = layout.messageType + (layout.ak ? 0x20 : 0);
    return [
      `  [${key}] = {`,
      `    name = "${name}",`,
      ...fieldLines("baseline", fieldsOf(layout, false)),
      ...fieldLines("extended", fieldsOf(layout, true)),
      "  },",
    ];
  });
}

/** What a filter field of this class begins with. */
export const classField = (classId: number): string =>
  SHORT_CLASSES[classId] ??
  className(classId)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "_")
    .replaceAll(/^_|_$/g, "");

/** Filter field of an attribute, behind `omcisw.`. */
export const attributeField = (classId: number, name: string): string =>
  `${classField(classId)}.${(classId in SHORT_CLASSES ? SHORT_FIELDS[name] : undefined) ?? snake(name)}`;

/** How the dissector shows an attribute. */
function shownAs({ kind, format }: Attribute): string {
  if (kind === "text" || kind === "table") return kind;
  switch (format) {
    case "signed":
    case "opticalLevel":
      return "signed";
    case "unsigned":
    case "bits":
    case "boolean":
    case "administrativeState":
    case "operationalState":
    case "mac":
    case "ipv4":
    case "ipv6":
      return format;
    default:
      return kind;
  }
}

function attributeLines(classId: number): string[] {
  const rows = (attributesOf(classId) ?? []).map((attribute: Attribute) => {
    const { name, bytes, access } = attribute;
    const label = LABELS[name] ?? words(name);
    const create = access === "create" || access === "createAndSet" ? ", create = true" : "";
    const field = attributeField(classId, name).replace(/^.*\./, "");
    const named = valueNames(classId, name);
    const values = named === undefined ? "" : `, values = ${valueLists().indexOf(named) + 1}`;
    return `    { "${field}", "${label}", "${shownAs(attribute)}", ${bytes}${create}${values} },`;
  });
  return [`  [${classId}] = { prefix = "${classField(classId)}",`, ...filled(rows), "  },"];
}

/** Names of values, a list for all attributes that share them, in the order of the classes. */
function valueLists(): Names[] {
  const lists = classIds().flatMap((classId) =>
    (attributesOf(classId) ?? []).map(({ name }) => valueNames(classId, name)).filter((named) => named !== undefined),
  );
  return [...new Set(lists)];
}

const listed = (names: Names): string =>
  `{ ${[...names].map(([number, name]) => `[${number}] = "${name}"`).join(", ")} }`;

const LINE_LETTERS = 150;

/** As many on a line as there is room for: a thousand attributes are a page each otherwise. */
function filled(rows: readonly string[]): string[] {
  const lines: string[] = [];
  for (const row of rows) {
    const last = lines.at(-1);
    const joined = last === undefined ? "" : `${last} ${row.trim()}`;
    if (last !== undefined && joined.length <= LINE_LETTERS) lines[lines.length - 1] = joined;
    else lines.push(row);
  }
  return lines;
}

/** omci/wireshark/poncast_omci_tables.lua. */
export function dissectorTables(): string {
  const types = Object.keys(MESSAGE_TYPE_NAMES).map(Number);
  const lines = [
    "-- Made by `npm run docs` from the layouts and classes in omci/. poncast_omci.lua loads it.",
    "local tables = {}",
    `tables.HEADER_BYTES, tables.EXTENDED_HEADER_BYTES, tables.TRAILER_BYTES = ${HEADER_BYTES}, ${EXTENDED_HEADER_BYTES}, ${TRAILER_BYTES}`,
    `tables.BASELINE_CONTENTS_BYTES, tables.BASELINE_PDU_BYTES = ${BASELINE_CONTENTS_BYTES}, ${BASELINE_PDU_BYTES}`,
    `tables.DEVICE_BASELINE, tables.DEVICE_EXTENDED = ${DEVICE_BASELINE}, ${DEVICE_EXTENDED}`,
    `tables.RECOVERY = ${RECOVERY}`,
    "tables.message_types = {",
    ...names(MESSAGE_TYPE_NAMES),
    "}",
    `tables.notifications = { ${types
      .filter(isNotification)
      .map((type) => `[${type}] = true`)
      .join(", ")} }`,
    `tables.message_sets = { [${DEVICE_BASELINE}] = "baseline", [${DEVICE_EXTENDED}] = "extended" }`,
    "tables.classes = {",
    ...names(Object.fromEntries(classIds().map((classId) => [classId, className(classId)]))),
    "}",
    "tables.results = {",
    ...names(RESULT_NAMES),
    "}",
    "-- Contents by message type, with 32 (AK) added for answers.",
    "tables.layouts = {",
    ...layoutLines(),
    "}",
    "-- Attributes of G.988 9 in their order (65280 is the extension): field, label, kind, octets; of a table, those of a row.",
    "tables.attributes = {",
    ...classIds().flatMap(attributeLines),
    "}",
    "-- What the values of attributes are called, by the number in `values` above.",
    "tables.values = {",
    ...valueLists().map((names) => `  ${listed(names)},`),
    "}",
    "tables.alarms = {",
    ...classIds().flatMap((classId) => {
      const names = alarmNames(classId);
      return names === undefined ? [] : [`  [${classId}] = ${listed(names)},`];
    }),
    "}",
    "return tables",
  ];
  return `${lines.join("\n")}\n`;
}
