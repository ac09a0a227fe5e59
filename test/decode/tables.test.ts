/** Tables whose header says what is in each column, objects one behind the other on one line, and what is told once for all. */
import { describe, expect, it } from "vitest";
import { readInput, traceOf } from "../../decode/index.ts";
import { date, decimals, expectReadBack, type Form, MS, US } from "./forms.ts";
import { imagesOf } from "./frames.ts";
import { clock, rowsOf, SAID, type Said, seconds, spaced } from "./written.ts";

const epoch = (ns: number): number => Number(seconds(ns, 1_772_359_200));
const object = ({ hex, ns }: Said): string => JSON.stringify({ ts: epoch(ns), hex });
const DEVICE = "3f2504e0-4f89-41d3-9a0c-0305e82c3301";

const FORMS: Record<string, Form> = {
  "objects on one line": {
    write: ({ hex, ns }) => JSON.stringify({ ts: epoch(ns), onu: 3, hex }),
    before: "[",
    between: ",",
    behind: "]",
    toNs: US,
    onu: 3,
  },
  "two objects on each line": {
    write: ({ hex, ns }, index) => JSON.stringify({ ts: epoch(ns), onu: 3, hex }) + (index % 2 === 0 ? "," : "\n"),
    between: "",
    toNs: US,
    onu: 3,
  },
  "objects of numbers": {
    write: ({ hex, ns }) => JSON.stringify({ ts: epoch(ns), onu: { id: 3 }, data: decimals(hex) }),
    before: "[",
    between: ",",
    behind: "]",
    toNs: US,
    onu: 3,
  },
  "objects in an object that names the ONU in front": {
    write: object,
    before: '{"onuId":3,"ponId":1,"frames":[',
    between: ",",
    behind: "]}",
    toNs: US,
    onu: 3,
    pon: 1,
  },
  "objects in an object that names it behind them": {
    write: object,
    before: '{"frames":[',
    between: ", ",
    behind: '],"onuId":3,"ponId":1}',
    toNs: US,
    onu: 3,
    pon: 1,
  },
  "columns for ONU and port": {
    write: ({ hex, ns }) => `${seconds(ns)},5,0,TX,${hex}`,
    before: "time,onu_id,pon,dir,frame\n",
    toNs: US,
    onu: 5,
    pon: 0,
  },
  "semicolons and quotes": {
    write: ({ hex, ns }, index) => `${index};${seconds(ns)};"5";"${hex}"`,
    before: '"no";"time";"ONU";"data"\n',
    toNs: US,
    onu: 5,
  },
  tabs: {
    write: ({ hex, ns }, index) => `${index}\t${seconds(ns)}\t12\t${hex}`,
    before: "Row\tTimestamp\tONU ID\tRawData\n",
    toNs: US,
    onu: 12,
  },
  "the ONU behind the bytes": {
    write: ({ hex, ns }) => `${hex},${seconds(ns)},12`,
    before: "hex,time,onu\n",
    toNs: US,
    onu: 12,
  },
  "bytes apart, a blank behind each comma": {
    write: ({ hex, ns }, index) => `${index}, ${seconds(ns)}, 12, ${spaced(hex)}`,
    before: "Row, Timestamp, OnuId, RawData\n",
    toNs: US,
    onu: 12,
  },
  "thousandths of a second": {
    write: ({ hex, ns }) => `${(ns / MS).toFixed(3)},3,${hex}`,
    before: "time_ms,onu,omci\n",
    toNs: US,
    onu: 3,
  },
  "a unit in brackets": {
    write: ({ hex, ns }) => `${Math.floor(ns / US)},3,${hex}`,
    before: "Time (us),ONU,OMCI\n",
    toNs: US,
    onu: 3,
  },
  "serial numbers": {
    write: ({ hex, ns }) => `${seconds(ns)},ALCLFA123456,${hex}`,
    before: "time,serial_number,omci\n",
    toNs: US,
    onu: "ALCLFA123456",
  },
  devices: {
    write: ({ hex, ns }) => `${seconds(ns)},${DEVICE},${hex}`,
    before: "time,device_id,omci\n",
    toNs: US,
    onu: DEVICE,
  },
  "ways to ONUs": {
    write: ({ hex, ns }) => `${seconds(ns)},1/1/4/2/105,${hex}`,
    before: "time,ont,frame\n",
    toNs: US,
    onu: 105,
    pon: "1/1/4/2",
  },
  "date and time in two columns": {
    write: ({ hex, ns }) => `2026-03-01,${clock(ns)},7,${hex}`,
    before: "date,time,onu,frame\n",
    toNs: US,
    onu: 7,
  },
  "dates in words": {
    write: ({ hex, ns }) => `${date(ns)}Z,7,${hex}`,
    before: "timestamp,onu,frame\n",
    toNs: US,
    onu: 7,
  },
  Markdown: {
    write: ({ hex, ns }, index) => `| ${index} | ${seconds(ns)} | 7 | \`${hex}\` |`,
    before: "| # | time | ONU | frame |\n|---|---|---|---|\n",
    toNs: US,
    onu: 7,
  },
  "the ONU in the header alone": {
    write: ({ hex, ns }, index) => `${index}, ${seconds(ns)}, ${hex}`,
    before: "Row, Timestamp, ONU 5 RawData\n",
    toNs: US,
    onu: 5,
  },
  "the ONU in a remark above the header": {
    write: ({ hex, ns }, index) => `${index},${seconds(ns)},${hex}`,
    before: "# PON 1, ONU 5\nRow,Timestamp,RawData\n",
    toNs: US,
    onu: 5,
    pon: 1,
  },
  "the ONU in the command that began the trace": { write: ({ hex }) => hex, before: "debug omci onu 5\n", onu: 5 },
  "the same, rows": {
    write: ({ hex }) => `${rowsOf(hex).map(spaced).join("\n")}\n`,
    before: "=== omci trace of ONU 5 on PON 0/1/2 ===\n",
    onu: 5,
  },
};

describe("tables and objects", () => {
  it.each(Object.entries(FORMS))("%s", (_, form) => expectReadBack(form));

  it.each([
    ["objects on one line", "[", ",", (onu: number, { hex }: Said) => JSON.stringify({ onu, hex }), "]"],
    [
      "a column of ONUs",
      "time,onu,frame\n",
      "\n",
      (onu: number, { hex, ns }: Said) => `${seconds(ns)},${onu},${hex}`,
      "",
    ],
    [
      "a column of ports",
      "time,pon,onu,frame\n",
      "\n",
      (pon: number, { hex, ns }: Said) => `${seconds(ns)},${pon},1,${hex}`,
      "",
    ],
  ])("two ONUs by %s", (_, before, between, write, behind) => {
    const text = `${before}${SAID.flatMap((said) => [1, 2].map((onu) => write(onu, said))).join(between)}${behind}\n`;
    const { frames } = readInput(Buffer.from(text));
    expect(new Set(frames.map(({ pon, onuId }) => `${pon}/${onuId}`)).size).toBe(2);
    expect(imagesOf(traceOf(frames)).map(({ isRight }) => isRight)).toEqual([true, true]);
  });

  it("a record whose list of objects holds no frame stays one", () => {
    const text = SAID.map(({ hex }) => JSON.stringify({ tags: [{ a: 1 }, { b: 2 }], onu: 4, hex })).join("\n");
    expect(new Set(readInput(Buffer.from(text)).frames.map(({ onuId }) => onuId))).toEqual(new Set([4]));
  });
});
