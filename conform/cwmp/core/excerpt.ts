/** An exchange as text, for reports: first lines, and as much of the bodies as tells something. */
import type { LoggedExchange } from "./log.ts";

const CHARACTERS_MAX = 2_000;
/** Whoever reads a report is not told what opens doors. */
const SECRET_FIELDS: ReadonlySet<string> = new Set(["authorization"]);

export const shownField = (name: string, value: string): string =>
  SECRET_FIELDS.has(name.toLowerCase()) ? value.replace(/^Basic .*$/i, "Basic …") : value;

export function excerptOf(exchange: LoggedExchange): string {
  const { number, from, method, url, headers, body, status, replyBody, notes } = exchange;
  const asked = [
    `exchange ${number}, asked by the ${from}: ${method} ${url}`,
    ...headers.map(([name, value]) => `${name}: ${shownField(name, value)}`),
    textOf(body),
  ];
  const replied = [status === undefined ? "not answered" : `answered ${status}`, textOf(replyBody)];
  return [...asked, ...replied, ...notes].filter((line) => line !== "").join("\n");
}

/** @returns how long it is, where it is no text */
export function textOf(body: Uint8Array): string {
  if (body.length === 0) return "";
  const text = new TextDecoder().decode(body.subarray(0, CHARACTERS_MAX * 2));
  if (["\0", "\uFFFD"].some((sign) => text.includes(sign))) return `(${body.length} bytes)`;
  return text.length <= CHARACTERS_MAX ? text : `${text.slice(0, CHARACTERS_MAX)} …`;
}
