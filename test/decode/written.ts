/** One conversation, to be written down as any program would. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";

/** A frame of the conversation, and when it went. */
export interface Said {
  direction: "down" | "up";
  /** With its trailer: 48 bytes. */
  hex: string;
  /** Integer nanoseconds since the start. */
  ns: number;
}

const expected = JSON.parse(readFileSync(resolve("test/decode/cases/expected.json"), "utf8")) as Record<
  string,
  { frames: ["down" | "up", string][]; t: number[] }
>;
const { frames, t } = expected["t09-openolt-agent-brackets.txt"];

/** MIB upload, notifications and a download of 100 bytes, with an End that is answered "busy" first. */
export const SAID: readonly Said[] = frames.map(([direction, hex], index) => ({
  direction,
  hex,
  ns: Math.round(t[index] * 1e9),
}));

export const bytesOf = (hex: string): string[] => hex.match(/../g)!;
export const spaced = (hex: string): string => bytesOf(hex).join(" ");
export const upper = (hex: string): string => spaced(hex).toUpperCase();
/** With 0x in front of each byte. */
export const hex0x = (hex: string, gap = ", "): string =>
  bytesOf(hex)
    .map((byte) => `0x${byte}`)
    .join(gap);

/** Rows of so many bytes. */
export function rowsOf(hex: string, bytes = 16): string[] {
  const rows: string[] = [];
  for (let at = 0; at < hex.length; at += 2 * bytes) rows.push(hex.slice(at, at + 2 * bytes));
  return rows;
}

/** What stands beside a row. */
export const lettersOf = (hex: string): string =>
  bytesOf(hex)
    .map((byte) => Number.parseInt(byte, 16))
    .map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "."))
    .join("");

const hexOffset = (offset: number, digits: number): string => offset.toString(16).padStart(digits, "0");

/** `hexdump -C` */
export function hexdumpC(hex: string): string {
  const lines = rowsOf(hex).map((row, index) => {
    const bytes = bytesOf(row);
    const text = `${bytes.slice(0, 8).join(" ")}  ${bytes.slice(8).join(" ")}`.padEnd(48);
    return `${hexOffset(16 * index, 8)}  ${text}  |${lettersOf(row)}|`;
  });
  return [...lines, hexOffset(hex.length / 2, 8)].join("\n");
}

/** `xxd`, and with another number of digits and groups `tcpdump -X`, U-Boot and others. */
export function dump(
  hex: string,
  { front = "", digits = 8, behind = ": ", group = 2, letters = true, rowBytes = 16 } = {},
): string {
  return rowsOf(hex, rowBytes)
    .map((row, index) => {
      const groups = row.match(new RegExp(`.{1,${2 * group}}`, "g"))!.join(" ");
      const width = (rowBytes / group) * (2 * group + 1);
      const beside = letters ? ` ${lettersOf(row)}` : "";
      return `${front}${hexOffset(rowBytes * index, digits)}${behind}${groups.padEnd(letters ? width : 0)}${beside}`;
    })
    .join("\n");
}

/** The bytes of 16-bit words in the other order. */
export const swappedWords = (hex: string): string[] =>
  hex.match(/..../g)!.map((word) => word.slice(2) + word.slice(0, 2));

const pad = (value: number, digits: number): string => String(value).padStart(digits, "0");

/** A time of day, so long after it. */
export function clock(ns: number, { hour = 10, minute = 0, second = 0, sign = ".", digits = 6 } = {}): string {
  const all = (hour * 3600 + minute * 60 + second) * 1e9 + ns;
  const seconds = Math.floor(all / 1e9);
  const fraction = pad(all % 1e9, 9).slice(0, digits);
  const time = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60];
  return `${time.map((part) => pad(part, 2)).join(":")}${digits > 0 ? sign : ""}${fraction}`;
}

/** Seconds with a fraction. */
export const seconds = (ns: number, whole = 0, digits = 6): string =>
  `${whole + Math.floor(ns / 1e9)}.${pad(ns % 1e9, 9).slice(0, digits)}`;

/** An Ethernet frame as converters write it. */
export const ethernet = ({ direction, hex }: Said, onu = "088788000000", olt = "088701701701"): string =>
  `${direction === "down" ? onu + olt : olt + onu}88b5${hex}`;
