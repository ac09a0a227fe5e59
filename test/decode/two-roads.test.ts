/** Records of a shape that was read before are taken at once: what is read is the same as line by line, whatever stands there. */
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { conversation } from "../../bench/decode/conversation.ts";
import { FORMS } from "../../bench/decode/forms.ts";
import { exactNsOf, InputReader } from "../../decode/index.ts";
import { Dice } from "../../study/fuzz/dice.ts";
import { lettersOf, rowsOf, spaced } from "./written.ts";

interface ReadRoad {
  frames: string[];
  notes: string[];
}

function readBy(bytes: Uint8Array, isQuick: boolean, pieceBytes = bytes.length + 1): ReadRoad {
  const frames: string[] = [];
  const reader = new InputReader((input) => {
    const { frame, direction, onuId, pon, isMixed } = input;
    frames.push([Buffer.from(frame).toString("hex"), direction, onuId, pon, exactNsOf(input), isMixed].join(" "));
  }, isQuick);
  for (let at = 0; at < bytes.length; at += pieceBytes) reader.add(Buffer.from(bytes.subarray(at, at + pieceBytes)));
  reader.end();
  return { frames, notes: reader.notes };
}

/** Both, and that they are the same. @returns how many frames there are */
function same(bytes: Uint8Array, pieceBytes?: number): number {
  const line = readBy(bytes, false, pieceBytes);
  const quick = readBy(bytes, true, pieceBytes);
  const first = line.frames.findIndex((frame, at) => frame !== quick.frames[at]);
  expect(first < 0 ? "" : `frame ${first}: ${line.frames[first]}, not ${quick.frames[first]}`).toBe("");
  expect(quick).toEqual(line);
  return line.frames.length;
}

const textOf = (form: (typeof FORMS)[number], frames: number): Buffer =>
  Buffer.concat([
    Buffer.from(form.begin),
    ...[...conversation(frames)].map((spoken) => Buffer.from(form.write(spoken))),
  ]);

/** A few letters in a log that are others, cut out or there twice. */
function damaged(dice: Dice, text: Buffer): Buffer {
  const bytes = Buffer.from(text);
  for (let damages = dice.between(1, 6); damages > 0; damages--) {
    const at = dice.between(0, bytes.length - 1);
    const other = dice.among(["\n", "\r", " ", "0", "7", "9", "a", "f", "x", "<", "*", ".", ":", "[", "{", "\\"]);
    bytes[at] = other.charCodeAt(0);
  }
  const [from, to] = [dice.between(0, bytes.length), dice.between(0, bytes.length)].toSorted((a, b) => a - b);
  if (dice.chance(0.2)) return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)]);
  return dice.chance(0.2) ? Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]) : bytes;
}

describe("quick and line by line, it is the same:", () => {
  it.each(FORMS)("$name, with a MIB, an image and pieces of any length", (form) => {
    const text = textOf(form, 2000);
    expect(same(text)).toBe(2000);
    expect(same(text, 4096)).toBe(2000);
  });

  it.each(FORMS)("$name, damaged", (form) => {
    const dice = new Dice(1, form.name);
    const text = textOf(form, 120);
    for (let round = 0; round < 30; round++) same(damaged(dice, text), dice.among([text.length, 1000]));
  });

  const folder = resolve("test/decode/cases/handed");
  it.each(readdirSync(folder))("%s, once and ten times", (file) => {
    const bytes = readFileSync(join(folder, file));
    same(bytes);
    same(Buffer.concat(Array.from({ length: 10 }, () => bytes)));
  });
});

/** Bytes that begin something, in hexadecimal or decimal digits: frames, packets, lists. */
const EDGES = [0, 0x0a, 0x0b, 0x10, 0x11, 0x28, 0x45, 0x49, 0x4e, 0x2e, 0x30, 0x3c, 0x3e, 0x81, 0x88, 0xb5, 0xff];
const DEVICES = [0x0a, 0x0b] as const;

/** A frame of any bytes behind its header, most of them such ones. */
function anyFrame(dice: Dice): string {
  const bytes = Buffer.alloc(dice.among([40, 44, 48]));
  for (const at of bytes.keys()) bytes[at] = dice.chance(0.6) ? dice.among(EDGES) : dice.between(0, 255);
  bytes[2] = dice.among([0x49, 0x4e, 0x2e, 0x29, 0x14, 0x53]);
  bytes[3] = dice.chance(0.95) ? DEVICES[0] : dice.among(DEVICES);
  bytes.writeUInt16BE(dice.among([2, 7, 11, 257, 0x1111]), 4);
  if (bytes[3] === DEVICES[1]) bytes.writeUInt16BE(dice.among([0, 1, 4, 26, 30, 34, 38]), 8);
  if (dice.chance(0.5) && bytes.length >= 44) bytes.writeUInt32BE(0x28, 40);
  return bytes.toString("hex");
}

/** No time of day, or one with a fraction that may be an offset. */
function otherTime(dice: Dice, time: string): string {
  if (dice.chance(0.5)) return `${time.slice(0, 6)}${dice.among(["60", "61", "75"])}${time.slice(8)}`;
  return `${time.slice(0, 9)}${dice.among(["000000", "000016", "000040", "000048", "000062"])}`;
}

/** What stands in front of rows: with a time, whose, and what may be an offset or a beginning. */
const HEADERS: readonly ((time: string, dice: Dice) => string)[] = [
  (time, dice) => `[omcid] ${time.slice(0, 8)} MSG_DUMP PRN: OMCI #1 ${dice.among(["RX", "TX"])}`,
  (time, dice) => `${time} ${dice.among(["rx", "tx"])} onu 3:`,
  (time) => `${time} 08:87:01:70:17:01 > 08:87:88:00:00:00, ethertype Unknown (0x88b5), length 62: `,
  (time) => `2026-03-01T${time}Z omci message, onu_id=5`,
  (time) => `[ ${Number(time.slice(6, 8))}.${time.slice(9)}] omci: frame of onu 7`,
  () => "OMCI message",
  (time) => `message ${time.slice(9)} 81 of onu 2`,
  (time) => `${time.slice(0, 8)}`,
];

/** In front of a frame in a packet. */
const LINK = "08878800000008870170170188b5";

/** Rows behind them. */
const ROWS: readonly ((hex: string) => string)[] = [
  (hex) =>
    rowsOf(hex)
      .map((row) => ` ${spaced(row)}\n`)
      .join(""),
  (hex) =>
    rowsOf(hex, 12)
      .map((row) => `${spaced(row)}\n`)
      .join(""),
  (hex) =>
    rowsOf(hex)
      .map((row, at) => `\t0x${(16 * at).toString(16).padStart(4, "0")}:  ${spaced(row)}\n`)
      .join(""),
  (hex) =>
    rowsOf(hex)
      .map((row, at) => `${(16 * at).toString(16).padStart(8, "0")}  ${spaced(row).padEnd(48)} |${lettersOf(row)}|\n`)
      .join(""),
  (hex) => {
    const packet = `${LINK}${hex}`;
    return rowsOf(packet)
      .map(
        (row, at) =>
          `${(16 * at).toString(16).padStart(4, "0")}: ${row.replaceAll(/....(?!$)/g, "$& ").padEnd(39)}  ${lettersOf(row)}\n`,
      )
      .join("");
  },
  (hex) =>
    rowsOf(`${LINK}${hex}`)
      .map((row) => ` ${spaced(row)}\n`)
      .join(""),
];

describe("whatever bytes and times are, it is the same:", () => {
  const forms = HEADERS.flatMap((header, above) =>
    ROWS.map((rows, below) => ({ header, rows, name: `${above}/${below}` })),
  );

  it.each(forms)("header and rows $name", ({ header, rows, name }) => {
    const dice = new Dice(2, name);
    for (let round = 0; round < 4; round++) {
      let us = dice.among([0, 59_990_000, 1_000_000_000, 86_399_990_000]);
      const step = dice.among([100, 2000, 300_000]);
      let text = "";
      for (let frame = 0; frame < 120; frame++) {
        us += dice.between(1, step);
        const written = `${new Date(Math.floor(us / 1000)).toISOString().slice(11, 23)}${String(us % 1000).padStart(3, "0")}`;
        const time = dice.chance(0.05) ? otherTime(dice, written) : written;
        const hex = dice.chance(0.3) ? anyFrame(dice) : `${anyFrame(dice).slice(0, 20)}${"00".repeat(30)}`;
        text += `${header(time, dice)}\n${rows(hex)}`;
      }
      same(Buffer.from(text));
    }
  });
});
