/** Attributes, masks and alarms in words. */
import type { Attribute } from "./attribute.ts";
import type { AttributeReading, AttributeValue } from "./attribute-values.ts";
import { raisedAlarms } from "./entries.ts";
import { attributesOf, maskBit } from "./me.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const ascii = (bytes: Uint8Array): string => printable(String.fromCharCode(...bytes));

/** Bytes of a frame may be anything; a terminal must not take them for its own. */
export const printable = (text: string): string =>
  text.replaceAll(/[^\x20-\x7e]/g, (letter) => `\\x${letter.charCodeAt(0).toString(16).padStart(2, "0")}`);

const ADMINISTRATIVE_STATES = ["unlocked", "locked", "shutting down"];
const OPERATIONAL_STATES = ["enabled", "disabled"];

function numberText({ format, bytes }: Attribute, value: number): string {
  switch (format) {
    case "signed":
      return String(value >= 2 ** (8 * bytes - 1) ? value - 2 ** (8 * bytes) : value);
    case "boolean":
      return value === 0 ? "no" : value === 1 ? "yes" : String(value);
    case "administrativeState":
      return ADMINISTRATIVE_STATES[value] ?? String(value);
    case "operationalState":
      return OPERATIONAL_STATES[value] ?? String(value);
    case "bits":
      return `0x${value.toString(16).padStart(2 * bytes, "0")}`;
    default:
      return String(value);
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

/** A value in words: as the kind of its attribute wants it. */
export function attributeText(attribute: Attribute, value: AttributeValue): string {
  if (typeof value === "string") return JSON.stringify(printable(value));
  if (value instanceof Uint8Array) return bytesText(attribute, value);
  return attribute.kind === "table" ? `table of ${value} bytes` : numberText(attribute, value);
}

/** Attributes of a message, one behind the other. */
export const readingsText = (readings: readonly AttributeReading[]): string =>
  readings.map(({ attribute, value }) => `${attribute.name} ${attributeText(attribute, value)}`).join(", ");

/** Attributes of a mask by name; those that are not known by number. */
export function maskText(classId: number, mask: number): string {
  if (mask === 0) return "none";
  const table = attributesOf(classId);
  const names: string[] = [];
  for (let index = 0; index < 16; index++)
    if (mask & maskBit(index)) names.push(table?.[index]?.name ?? `attribute ${index + 1}`);
  return names.join(", ");
}

/** Alarms that a bitmap raises, by number. */
export function alarmsText(bitmap: Uint8Array): string {
  const raised = raisedAlarms(bitmap);
  return raised.length === 0 ? "no alarm" : `alarm${raised.length > 1 ? "s" : ""} ${raised.join(", ")}`;
}
