/** Frames are found in logs and hexdumps as other programs write them; no text breaks the reader. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { crc32Trailer, encodeMessage } from "../../omci/index.ts";
import type { Message } from "../../omci/messages.ts";
import { type InputFrame, InputReader, readInput } from "../../decode/index.ts";

const message: Message = {
  tci: 0x1234,
  messageSet: "baseline",
  classId: 7,
  instanceId: 1,
  type: "startDownloadRequest",
  windowSections: 32,
  imageBytes: 1000,
  instances: [1],
};
const frame = new Uint8Array(48);
encodeMessage(message, frame);
crc32Trailer.seal(frame, 0, 44);
const hex = Buffer.from(frame).toString("hex");
const bytes = hex.match(/../g)!;
const extended = "0001290b000700000009008000000000000001";

const read = (text: string): { frames: InputFrame[]; notes: string[] } => readInput(Buffer.from(text));
const hexOf = (frames: readonly InputFrame[]): string[] => frames.map((one) => Buffer.from(one.frame).toString("hex"));
const NS = 1e9;

describe("lines with one frame each", () => {
  it.each([
    ["bare digits", hex],
    ["capitals", hex.toUpperCase()],
    ["with 0x in front", `0x${hex}`],
    ["bytes apart by blanks", bytes.join(" ")],
    ["bytes apart by colons", bytes.join(":")],
    [
      "bytes with 0x each",
      bytes
        .map((byte) => `0x${byte}`)
        .join(", ")
        .replaceAll(", ", ","),
    ],
    ["a length in front, as a byte", `30 ${bytes.join(" ")}`],
    ["words in front and behind", `omci: tx frame ${hex} (48 bytes)`],
    ["a shorter number that is no frame", `id deadbeef12 ${hex}`],
    ["a longer number that is no frame", `sha256 ${"ab".repeat(64)} frame ${hex}`],
  ])("%s", (_, line) => {
    expect(hexOf(read(`${line}\n`).frames)).toEqual([hex]);
    expect(hexOf(read(line).frames)).toEqual([hex]);
  });

  it("frames of any length that look like OMCI: 40 and 44 bytes, extended with and without trailer", () => {
    const lengths = [hex.slice(0, 80), hex.slice(0, 88), extended, `${extended}01020304`];
    expect(hexOf(read(lengths.map((digits) => `rx 12 ${digits}`).join("\n")).frames)).toEqual(lengths);
  });

  it("what is not a frame is counted, and what is garbled is shown", () => {
    const { frames, notes } = read(`# a comment\n\n${hex}\nabcd\n${hex.slice(0, 60)}\n`);
    expect(hexOf(frames)).toEqual([hex, hex.slice(0, 60)]);
    expect(notes).toEqual(["2 lines hold no frame"]);
  });

  it("the direction is the frame's own", () => {
    const answer = `1234330a${hex.slice(8)}`;
    const notification = `0000110a${hex.slice(8)}`;
    expect(read([hex, answer, notification].join("\n")).frames.map(({ direction }) => direction)).toEqual([
      "down",
      "up",
      "up",
    ]);
  });
});

describe("times and ONUs", () => {
  const day = Date.UTC(2024, 1, 29, 13, 45, 6) / 1000;
  it.each([
    ["[omcid] 12.500000 onu_id=3 tx: ", 12.5 * NS, 3],
    ["[   12.500000] omcid: ONU 3 ", 12.5 * NS, 3],
    [":omci capture: onu-3 ", undefined, 3],
    [":omci capture:", undefined, undefined],
    ["13:45:06.25 rx ONT#12 ", (13 * 3600 + 45 * 60 + 6.25) * NS, 12],
    ["2024-02-29 13:45:06,250 INFO ", day * NS + 0.25 * NS, undefined],
    ["2024-02-29T13:45:06.000001Z onu: 7 ", day * NS + 1000, 7],
    ["Feb 29 13:45:06 host omcid[1234]: ", (13 * 3600 + 45 * 60 + 6) * NS, undefined],
  ])("%s", (front, timeNs, onuId) => {
    const { frames, notes } = read(`${front}${bytes.join(" ")}\n`);
    expect(hexOf(frames)).toEqual([hex]);
    expect(frames[0].timeNs).toBe(timeNs);
    expect(frames[0].onuId).toBe(onuId);
    expect(notes).toEqual([]);
  });
});

describe("hexdumps", () => {
  const dump = (style: (offset: number, row: string[]) => string): string =>
    [0, 16, 32].map((offset) => style(offset, bytes.slice(offset, offset + 16))).join("\n");
  const offset8 = (offset: number): string => offset.toString(16).padStart(8, "0");

  it.each([
    [
      "bytes",
      dump((offset, row) => `${offset8(offset)}  ${row.slice(0, 8).join(" ")}  ${row.slice(8).join(" ")}  |.S..|`),
    ],
    ["words", dump((offset, row) => `${offset8(offset).slice(4)}:  ${row.join("").match(/..../g)!.join(" ")}  .S...`)],
    [
      "0x offsets",
      dump((offset, row) => `\t0x${offset8(offset).slice(4)}:  ${row.join("").match(/..../g)!.join(" ")}`),
    ],
  ])("%s", (_, text) => {
    const log = `12.000001 onu 5 rx\n${text}\nend\n13.0 onu 6 tx\n${text}`;
    const { frames, notes } = read(log);
    expect(hexOf(frames)).toEqual([hex, hex]);
    expect(frames.map(({ timeNs, onuId }) => [timeNs, onuId])).toEqual([
      [12_000_001_000, 5],
      [13 * NS, 6],
    ]);
    expect(notes).toEqual(["3 lines hold no frame"]);
  });

  it("a frame of TCI 0 in words is no offset", () => {
    const words = `0000 110a ${hex.slice(8).match(/..../g)!.join(" ")}`;
    expect(hexOf(read(words).frames)).toEqual([words.replaceAll(" ", "")]);
  });
});

describe("any text", () => {
  it("gives the same frames in whatever pieces it comes", () => {
    const text = `a ${hex}\r\n12.5 onu 4 ${bytes.join(" ")}\n\n0000  ${bytes.slice(0, 16).join(" ")}\n0010  00 01\n${extended}`;
    const whole = read(text);
    expect(whole.frames).toHaveLength(4);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1 }), (pieces) => {
        const frames: InputFrame[] = [];
        const reader = new InputReader((one) => frames.push(one));
        const all = Buffer.from(text);
        for (let at = 0, piece = 0; at < all.length; at += pieces[piece++ % pieces.length])
          reader.add(all.subarray(at, at + pieces[piece % pieces.length]));
        reader.end();
        expect({ frames, notes: reader.notes }).toEqual(whole);
      }),
    );
  });

  it("never throws, and keeps no line without end", () => {
    fc.assert(fc.property(fc.string({ maxLength: 300, unit: "binary" }), (text) => void read(text)));
    const endless = Buffer.alloc(1024 * 1024, "12 ");
    const reader = new InputReader(() => expect.fail("no frame is in it"));
    for (let count = 0; count < 8; count++) reader.add(endless);
    reader.end();
    expect(reader.notes[0]).toMatch(/lines hold no frame/);
  });
});
