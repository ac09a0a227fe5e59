/** Attributes, masks and alarms in words. */
import type { Attribute } from "./attribute.ts";
import type { AttributeReading, AttributeValue } from "./attribute-values.ts";
import { raisedAlarms } from "./entries.ts";
import { attributesOf, maskBit } from "./me.ts";
import { alarmNames, valueNames } from "./value-names.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const ascii = (bytes: Uint8Array): string => printable(String.fromCharCode(...bytes));

/** Bytes of a frame may be anything; a terminal must not take them for its own. */
export const printable = (text: string): string =>
  text.replaceAll(/[^\x20-\x7e]/g, (letter) => `\\x${letter.charCodeAt(0).toString(16).padStart(2, "0")}`);

const ADMINISTRATIVE_STATES = ["unlocked", "locked", "shutting down"];
const OPERATIONAL_STATES = ["enabled", "disabled"];
/** Optical levels are in steps of 0.002 dB, referred to 1 mW (9.2.1). */
const STEPS_PER_DB = 500;

const signed = (value: number, bytes: number): number =>
  value >= 2 ** (8 * bytes - 1) ? value - 2 ** (8 * bytes) : value;

function numberText(classId: number, { name, format, bytes }: Attribute, value: number): string {
  const named = valueNames(classId, name)?.get(value);
  switch (format) {
    case "signed":
      return String(signed(value, bytes));
    case "opticalLevel":
      return `${(signed(value, bytes) / STEPS_PER_DB).toFixed(3)} dBm`;
    case "boolean":
      return value === 0 ? "no" : value === 1 ? "yes" : String(value);
    case "administrativeState":
      return ADMINISTRATIVE_STATES[value] ?? String(value);
    case "operationalState":
      return named ?? OPERATIONAL_STATES[value] ?? String(value);
    case "bits": {
      const digits = `0x${value.toString(16).padStart(2 * bytes, "0")}`;
      return named === undefined ? digits : `${digits} (${named})`;
    }
    default:
      return named ?? String(value);
  }
}

function bytesText({ format }: Attribute, value: Uint8Array): string {
  const digits = hex(value);
  switch (format) {
    case "unsigned":
      return BigInt(`0x${digits}`).toString();
    case "serialNumber":
      // Vendor in letters, the rest a number (9.1.1).
      return /^[A-Z0-9]{4}/i.test(ascii(value)) ? `${ascii(value.subarray(0, 4))}${digits.slice(8)}` : digits;
    case "mac":
      return digits.match(/../g)!.join(":");
    case "ipv4":
      return value.join(".");
    case "ipv6":
      return digits.match(/.{4}/g)!.join(":");
    default:
      return digits;
  }
}

/** A value in words: as the kind of its attribute wants it, by name where it has one. */
export function attributeText(classId: number, attribute: Attribute, value: AttributeValue): string {
  if (typeof value === "string") return JSON.stringify(printable(value));
  if (value instanceof Uint8Array) return bytesText(attribute, value);
  return attribute.kind === "table" ? `table of ${value} bytes` : numberText(classId, attribute, value);
}

/** Attributes of a message, one behind the other. */
export const readingsText = (classId: number, readings: readonly AttributeReading[]): string =>
  readings.map(({ attribute, value }) => `${attribute.name} ${attributeText(classId, attribute, value)}`).join(", ");

/** Attributes of a mask by name; those that are not known by number. */
export function maskText(classId: number, mask: number): string {
  if (mask === 0) return "none";
  const table = attributesOf(classId);
  const names: string[] = [];
  for (let index = 0; index < 16; index++)
    if (mask & maskBit(index)) names.push(table?.[index]?.name ?? `attribute ${index + 1}`);
  return names.join(", ");
}

/** Alarms that a bitmap raises, by number, and by name where they have one. */
export function alarmsText(classId: number, bitmap: Uint8Array): string {
  const names = alarmNames(classId);
  const raised = raisedAlarms(bitmap).map((alarm) => {
    const name = names?.get(alarm);
    return name === undefined ? String(alarm) : `${alarm} (${name})`;
  });
  return raised.length === 0 ? "no alarm" : `alarm${raised.length > 1 ? "s" : ""} ${raised.join(", ")}`;
}
