/** Data as text and back: JSON in ASCII, with what it lacks: bytes, numbers that are not finite. */

/** Stands in the place of what JSON has no word for. */
const BYTES = "$bytes";
const NUMBER = "$number";

export function toText(value: unknown): string {
  const text = JSON.stringify(value, function (this: Record<string, unknown>, name: string, given: unknown) {
    // A Buffer has made itself into something else by now.
    const raw = this[name];
    if (raw instanceof Uint8Array) return { [BYTES]: Buffer.from(raw).toString("base64") };
    if (typeof raw === "number" && !Number.isFinite(raw)) return { [NUMBER]: String(raw) };
    return given;
  });
  return text.replaceAll(/[\u007F-\uFFFF]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** @throws SyntaxError for what is no JSON */
export const ofText = (text: string): unknown =>
  JSON.parse(text, (_name, value: unknown) => {
    if (typeof value !== "object" || value === null) return value;
    const { [BYTES]: bytes, [NUMBER]: number } = value as Record<string, unknown>;
    if (typeof bytes === "string") return new Uint8Array(Buffer.from(bytes, "base64"));
    return typeof number === "string" ? Number(number) : value;
  });
