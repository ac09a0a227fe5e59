/** One conversation in forms that sources, protocol buffers and wrapped terminals have, beside those of the other tests. */
import { describe, it } from "vitest";
import { date, decimals, US, expectReadBack, type Form } from "./forms.ts";
import { bytesOf, clock, rowsOf } from "./written.ts";

const escapes = (hex: string): string =>
  bytesOf(hex)
    .map((byte) => `\\x${byte}`)
    .join("");
const broken = (line: string, letters: number): string => line.match(new RegExp(`.{1,${letters}}`, "g"))!.join("\n");
const unsigned = (hex: string): string =>
  bytesOf(hex)
    .map((byte) => `0x${byte.toUpperCase()}U`)
    .join(", ");

const FORMS: Record<string, Form> = {
  "C: unsigned numbers": { write: ({ hex }, index) => `uint8_t f${index}[] = { ${unsigned(hex)} };` },
  "C: unsigned numbers in rows": {
    write: ({ hex }, index) =>
      `const uint8_t f${index}[] = {\n${rowsOf(hex, 8)
        .map((row) => `  ${unsigned(row)},`)
        .join("\n")}\n};`,
  },
  "C: a string of pieces below each other": {
    write: ({ hex }, index) =>
      `static const char f${index}[] = ${rowsOf(hex)
        .map((row) => `"${escapes(row)}"`)
        .join("\n    ")};`,
  },
  "a string of pieces and nothing else": {
    write: ({ hex }) =>
      `${rowsOf(hex)
        .map((row) => `"${escapes(row)}"`)
        .join("\n")},`,
  },
  "JSON: one line, broken by a terminal in the middle of numbers": {
    write: ({ hex, ns }) => broken(`{"ts":"${date(ns)}","onuId":2,"pkt":[${decimals(hex).join(",")}]}`, 80),
    toNs: US,
    onu: 2,
  },
  "JSON: all in one object, printed to be read": {
    write: ({ hex, ns }) =>
      JSON.stringify(
        { time: `${date(ns)}Z`, onu: { id: 9 }, omci: { raw: bytesOf(hex).map((byte) => `0x${byte}`) } },
        null,
        2,
      ),
    before: '{\n"frames": [\n',
    between: ",\n",
    behind: "\n]\n}",
    toNs: US,
    onu: 9,
  },
  "JSON: objects for the ONU and for the time": {
    write: ({ hex, ns, direction }) =>
      JSON.stringify({
        timestamp: { seconds: 1_772_359_200 + Math.floor(ns / 1e9), nanos: ns % 1e9 },
        onu: { id: 9 },
        omci: { direction, raw: hex },
      }),
    toNs: 1,
    onu: 9,
  },
  "protobuf text: seconds and nanos": {
    write: ({ hex, ns }) => `timestamp:{seconds:1772359200 nanos:${ns}} onu_id:4 pkt:"${hex}"`,
    toNs: 1,
    onu: 4,
  },
  "C: tv_sec and tv_usec": {
    write: ({ hex, ns }) => `{tv_sec=1772359200, tv_usec=${Math.floor(ns / US)}} onu 4 ${hex}`,
    toNs: US,
    onu: 4,
  },
  "a serial number in two fields": {
    write: ({ hex, ns }) => `${clock(ns)} serial_number:{vendor_id:"BBSM" vendor_specific:"00000001"} pkt ${hex}`,
    toNs: US,
    onu: "BBSM00000001",
  },
  "an address as switches write it": {
    write: ({ hex, ns }) => `${clock(ns)} mac 94e9.8c00.0001 ${hex}`,
    toNs: US,
    onu: "94:e9:8c:00:00:01",
  },
};

describe("odd forms", () => {
  it.each(Object.entries(FORMS))("%s", (_, form) => expectReadBack(form));
});
