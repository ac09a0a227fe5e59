/** One conversation on lines that a terminal broke at a width, wherever that is: within a list, a number, a word, an escape. */
import { describe, expect, it } from "vitest";
import { readInput } from "../../decode/index.ts";
import { date, decimals, expectReadBack, type Form, US } from "./forms.ts";
import { bytesOf, dump, hex0x, rowsOf, SAID, spaced } from "./written.ts";

const base64 = (hex: string): string => Buffer.from(hex, "hex").toString("base64");
const broken = (text: string, width: number): string => text.match(new RegExp(`.{1,${width}}`, "g"))!.join("\n");
const WIDTHS = [60, 72, 76, 80, 100, 120, 132];

const LINES: Record<string, (hex: string, time: string) => string> = {
  "Go: a slice of bytes": (hex, time) => `${time} onu=4 pkt [${decimals(hex).join(" ")}]`,
  "Go: a struct in a string": (hex, time) =>
    `time="${time}Z" level=debug msg="omci-rx" OnuId=4 pkt="{[${decimals(hex).join(" ")}] 48}"`,
  "numbers with 0x and commas": (hex, time) => `${time} onu 4 rx: ${hex0x(hex)}`,
  "numbers with 0x and blanks": (hex, time) => `${time} onu 4 rx: ${hex0x(hex, " ")}`,
  "numbers with 0x in brackets": (hex, time) => `${time} onu 4 rx [${hex0x(hex)}]`,
  base64: (hex, time) => `${time} onu 4 omci rx ${base64(hex)}`,
  "base64 in quotes": (hex, time) => `${time} onu 4 pkt="${base64(hex)}"`,
  "base64 in JSON": (hex, time) => `{"ts":"${time}Z","onu-id":4,"pkt":"${base64(hex)}"}`,
  "digits in JSON": (hex, time) =>
    `{"level":"debug","ts":"${time}Z","msg":"omci-message-tx","onu-id":4,"TxOmciMessage":"${hex}"}`,
  "escapes of Python": (hex, time) =>
    `${time} onu 4: b'${bytesOf(hex)
      .map((byte) => `\\x${byte}`)
      .join("")}'`,
  "decimals by commas": (hex, time) => `${time} onu 4: [${decimals(hex).join(", ")}]`,
  digits: (hex, time) => `${time} onu 4 omci rx ${hex}`,
  "bytes apart": (hex, time) => `${time} onu 4 omci rx ${spaced(hex)}`,
  "bytes by colons": (hex, time) => `${time} onu 4 omci rx ${bytesOf(hex).join(":")}`,
  "bytes by dashes": (hex, time) => `${time} onu 4 omci rx ${bytesOf(hex).join("-")}`,
};

describe("broken at a width", () => {
  it.each(Object.entries(LINES))("%s", (_, write) => {
    for (const width of WIDTHS)
      expectReadBack({ write: ({ hex, ns }) => broken(write(hex, date(ns)), width), toNs: US, onu: 4 });
  });

  it("base64 as mails have it, below the line that tells whose it is", () => {
    const form: Form = {
      write: ({ hex, ns }) => `${date(ns)} onu 4 omci\n${broken(base64(hex), 40)}`,
      toNs: US,
      onu: 4,
    };
    expectReadBack(form);
  });
});

describe("lines of one length that are none of that", () => {
  const hexOf = (text: string): string[] =>
    readInput(Buffer.from(text)).frames.map(({ frame }) => Buffer.from(frame).toString("hex"));

  it.each([
    ["rows of 32 bytes", (hex: string) => rowsOf(hex, 32).map(spaced).join("\n")],
    ["a dump with addresses", (hex: string) => dump(hex, { front: "ffffffc012", behind: ": ", group: 1 })],
    ["digits, each on its line", (hex: string) => hex],
    ["digits of 40 bytes", (hex: string) => hex.slice(0, 80)],
  ])("%s", (_, write) => {
    const frames = SAID.map(({ hex }) => hex);
    const read = hexOf(frames.map(write).join("\n"));
    expect(read).toEqual(frames.map((hex) => hex.slice(0, read[0].length)));
  });

  it("a list that ends in the middle, and a line of another program", () => {
    const [{ hex }, { hex: second }] = SAID;
    const cut = `2026-03-01T10:00:00 onu=4 pkt [${decimals(hex).join(" ")}]`.slice(0, 80);
    expect(hexOf(`${cut}\ngpon: link is up\nonu=4 ${second}\n`)).toEqual([second]);
  });
});
