/** Managed entities: what each class is called, and its attributes in order. Their values are in attribute-values.ts. */
import type { Attribute } from "./attribute.ts";
import { ANI_CLASSES, EQUIPMENT_CLASSES } from "./classes/equipment.ts";
import { BRIDGE_CLASSES } from "./classes/bridge.ts";
import { GENERAL_CLASSES, TWDM_CLASSES } from "./classes/general.ts";
import { ETHERNET_CLASSES, HOST_CLASSES, LINE_CLASSES } from "./classes/hosts.ts";
import { type ClassEntry, classesOf } from "./classes/parse.ts";
import { VOICE_CLASSES } from "./classes/voice.ts";
import { ONU2_G, ONU_DATA, ONU_G, SOFTWARE_IMAGE } from "./constants.ts";
import { RECOVERY, RECOVERY_ATTRIBUTES } from "./extension.ts";

const uint = <const Name extends string>(name: Name, bytes: number) => ({ name, bytes, kind: "uint" }) as const;
const text = <const Name extends string>(name: Name, bytes: number) => ({ name, bytes, kind: "text" }) as const;
const bytes = <const Name extends string>(name: Name, length: number) =>
  ({ name, bytes: length, kind: "bytes" }) as const;
const settable = <const One extends Attribute>(attribute: One) => ({ ...attribute, access: "set" }) as const;
const state = { format: "administrativeState" } as const;
const operation = { format: "operationalState" } as const;

/**
 * The MEs that software download needs, typed; attributes in order: attribute 1 has mask bit 15, attribute 16 bit 0. Those that this
 * project only shows are in classes/.
 */
export const ENTITIES = {
  [ONU_DATA]: { name: "ONU data", clause: "9.1.3", attributes: [settable(uint("mibDataSync", 1))] },
  [SOFTWARE_IMAGE]: {
    name: "Software image",
    clause: "9.1.4",
    attributes: [
      text("version", 14),
      uint("isCommitted", 1),
      uint("isActive", 1),
      uint("isValid", 1),
      text("productCode", 25),
      bytes("imageHash", 16),
    ],
  },
  [ONU_G]: {
    name: "ONU-G",
    clause: "9.1.1",
    attributes: [
      text("vendorId", 4),
      text("version", 14),
      { ...bytes("serialNumber", 8), format: "serialNumber" },
      uint("trafficManagementOption", 1),
      uint("deprecated", 1),
      settable({ ...uint("batteryBackup", 1), format: "boolean" }),
      settable({ ...uint("administrativeState", 1), ...state }),
      { ...uint("operationalState", 1), ...operation },
      uint("survivalTime", 1),
      text("logicalOnuId", 24),
      text("logicalPassword", 12),
      settable(uint("credentialsStatus", 1)),
      uint("extendedTcLayerOptions", 2),
    ],
  },
  [ONU2_G]: {
    name: "ONU2-G",
    clause: "9.1.2",
    attributes: [
      text("equipmentId", 20),
      { ...uint("omccVersion", 1), format: "bits" },
      uint("vendorProductCode", 2),
      uint("securityCapability", 1),
      settable(uint("securityMode", 1)),
      uint("totalPriorityQueues", 2),
      uint("totalTrafficSchedulers", 1),
      uint("deprecated", 1),
      uint("totalGemPorts", 2),
      uint("sysUpTime", 4),
      uint("connectivityCapability", 2),
      settable(uint("currentConnectivityMode", 1)),
      uint("qosConfigurationFlexibility", 2),
      settable(uint("priorityQueueScaleFactor", 2)),
    ],
  },
  /** The multicast extension's (docs/extension.md, 7): what a window still misses, and how the last trial of an image ended. */
  [RECOVERY]: { name: "Recovery (extension)", clause: "", attributes: RECOVERY_ATTRIBUTES },
} as const satisfies Record<number, Omit<ClassEntry, "classId">>;

/** Classes that this project works with. */
export type KnownClass = keyof typeof ENTITIES;
type AttributeIn<Class extends KnownClass> = (typeof ENTITIES)[Class]["attributes"][number];
export type AttributeName<Class extends KnownClass> = AttributeIn<Class>["name"];

interface KindValues {
  uint: number;
  text: string;
  bytes: Uint8Array;
}

/** All attributes of a class with their values. */
export type AttributesOf<Class extends KnownClass> = {
  [One in AttributeIn<Class> as One["name"]]: KindValues[One["kind"]];
};

/** All classes by their numbers. */
const classes = new Map<number, Omit<ClassEntry, "classId">>();

/** Read when the first one is asked for: an ONT that has nothing to show needs none of them. */
function entryOf(classId: number): Omit<ClassEntry, "classId"> | undefined {
  if (classes.size === 0) {
    const tables = [EQUIPMENT_CLASSES, ANI_CLASSES, BRIDGE_CLASSES, HOST_CLASSES, ETHERNET_CLASSES, LINE_CLASSES];
    for (const entry of classesOf(...tables, VOICE_CLASSES, GENERAL_CLASSES, TWDM_CLASSES))
      classes.set(entry.classId, entry);
    for (const [known, entry] of Object.entries(ENTITIES)) classes.set(Number(known), entry);
  }
  return classes.get(classId);
}

const KNOWN: Readonly<Record<number, Omit<ClassEntry, "classId"> | undefined>> = ENTITIES;

/** All classes of which this project has attributes, in the order of their numbers. */
export function classIds(): number[] {
  entryOf(0);
  return [...classes.keys()].sort((one, other) => one - other);
}

/** Name of an ME class, or its number. */
export const className = (classId: number): string => (KNOWN[classId] ?? entryOf(classId))?.name ?? `class ${classId}`;

/** Clause of G.988 that a class is from; empty for one that is not G.988's or not known. */
export const classClause = (classId: number): string => (KNOWN[classId] ?? entryOf(classId))?.clause ?? "";

/** Attributes of a class in order, or undefined for a class this project does not know. */
export const attributesOf = (classId: number): readonly Attribute[] | undefined =>
  (KNOWN[classId] ?? entryOf(classId))?.attributes;

/** Mask bit of the attribute at `index` (0 = attribute 1). */
export const maskBit = (index: number): number => 0x8000 >> index;

/** Mask of attributes by name; the types let no other name through. */
export function maskOf<const Class extends KnownClass>(
  classId: Class,
  ...names: readonly AttributeName<Class>[]
): number {
  const table: readonly Attribute[] = ENTITIES[classId].attributes;
  return names.reduce((mask, name) => {
    const index = table.findIndex((attribute) => attribute.name === name);
    if (index < 0) throw new RangeError(`class ${classId} has no attribute ${name}`);
    return mask | maskBit(index);
  }, 0);
}

/** Mask of all attributes of a class. */
export const maskOfClass = (classId: number): number =>
  (attributesOf(classId) ?? []).reduce((mask, _attribute, index) => mask | maskBit(index), 0);
