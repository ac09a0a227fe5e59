/** The tables of the Wireshark dissector, made from the layouts that the codec works by. */
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
import { RECOVERY } from "../extension.ts";
import type { Field } from "../field.ts";
import { fieldsOf, layoutOf, MESSAGE_NAMES } from "../layout.ts";
import { attributesOf, className, type KnownClass } from "../me.ts";
import {
  BASELINE_CONTENTS_BYTES,
  BASELINE_PDU_BYTES,
  EXTENDED_HEADER_BYTES,
  HEADER_BYTES,
  TRAILER_BYTES,
} from "../sizes.ts";

const BEGIN = "-- Made by `npm run docs` from the layouts in omci/: from here …";
const END = "-- … to here.";

/** What the filter fields of a class begin with. */
const CLASS_FIELDS = {
  [ONU_DATA]: "onu_data",
  [SOFTWARE_IMAGE]: "image",
  [ONU_G]: "onu_g",
  [ONU2_G]: "onu2_g",
  [RECOVERY]: "recovery",
} as const satisfies Record<KnownClass, string>;

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
      return `{ ${head}, bytes = ${field.bytes}${bias}${extension} }`;
    }
    case "rest":
      return `{ ${head}, baseline_bytes = ${field.baselineBytes}${field.attributes ? ", attributes = true" : ""} }`;
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

const CLASSES = Object.entries(CLASS_FIELDS).map(([classId, prefix]) => ({ classId: Number(classId), prefix }));

function attributeLines(classId: number, prefix: string): string[] {
  const rows = (attributesOf(classId) ?? []).map(({ name, bytes, kind }: Attribute) => {
    const field = `${prefix}.${SHORT_FIELDS[name] ?? snake(name)}`;
    return `    { field = "${field}", label = "${LABELS[name] ?? words(name)}", kind = "${kind}", bytes = ${bytes} },`;
  });
  return [`  [${classId}] = {`, ...rows, "  },"];
}

function tables(): string[] {
  const types = Object.keys(MESSAGE_TYPE_NAMES).map(Number);
  return [
    `local HEADER_BYTES, EXTENDED_HEADER_BYTES, TRAILER_BYTES = ${HEADER_BYTES}, ${EXTENDED_HEADER_BYTES}, ${TRAILER_BYTES}`,
    `local BASELINE_CONTENTS_BYTES, BASELINE_PDU_BYTES = ${BASELINE_CONTENTS_BYTES}, ${BASELINE_PDU_BYTES}`,
    `local DEVICE_EXTENDED = ${DEVICE_EXTENDED}`,
    `local RECOVERY = ${RECOVERY}`,
    "local message_types = {",
    ...names(MESSAGE_TYPE_NAMES),
    "}",
    `local notifications = { ${types
      .filter(isNotification)
      .map((type) => `[${type}] = true`)
      .join(", ")} }`,
    `local message_sets = { [${DEVICE_BASELINE}] = "baseline", [${DEVICE_EXTENDED}] = "extended" }`,
    "local classes = {",
    ...names(Object.fromEntries(CLASSES.map(({ classId }) => [classId, className(classId)]))),
    "}",
    "local results = {",
    ...names(RESULT_NAMES),
    "}",
    "-- Contents by message type, with 32 (AK) added for answers.",
    "local layouts = {",
    ...layoutLines(),
    "}",
    "-- Attributes of the MEs that software download needs, in their order (G.988 9.1.1 to 9.1.4; 65280 is the extension).",
    "local attribute_tables = {",
    ...CLASSES.flatMap(({ classId, prefix }) => attributeLines(classId, prefix)),
    "}",
  ];
}

/** The dissector with its tables as they should be; all else in it stays. */
export function dissectorWithTables(current: string): string {
  const from = current.indexOf(BEGIN);
  const to = current.indexOf(END);
  if (from < 0 || to < from) throw new RangeError("the dissector has no place for its tables");
  return `${current.slice(0, from)}${[BEGIN, ...tables()].join("\n")}\n${current.slice(to)}`;
}
