/** Several ONUs' frames side by side: told apart by what names the ONU on each row, or said to be untellable; never a wrong verdict. */
import { describe, expect, it } from "vitest";
import { readInput, traceOf } from "../../decode/index.ts";
import { imagesOf, warningsOf } from "./frames.ts";
import { at40, bits } from "./forms.ts";
import { dump, ethernet, hexdumpC, lettersOf, rowsOf, SAID, type Said, spaced, upper } from "./written.ts";

type Order = (first: readonly string[], second: readonly string[]) => string[];
const ORDERS: Record<string, Order> = {
  "row by row": (a, b) => a.flatMap((row, at) => [row, b[at]]),
  "the other one first at times": (a, b) => a.flatMap((row, at) => (at % 2 === 0 ? [row, b[at]] : [b[at], row])),
  "two rows each": (a, b) => [...a.slice(0, 2), ...b.slice(0, 2), ...a.slice(2), ...b.slice(2)],
  "one a row behind": (a, b) => [...a.slice(0, 2), b[0], ...a.slice(2), ...b.slice(1)],
};

const offset = (row: string, at: number): string => `${(16 * at).toString(16).padStart(4, "0")}: ${row}`;
const ROWS: Record<string, (said: Said) => string[]> = {
  "rows of 16": ({ hex }) => rowsOf(hex).map(spaced),
  "rows of 8": ({ hex }) => rowsOf(hex, 8).map(spaced),
  "rows of digits": ({ hex }) => rowsOf(hex),
  "40 bytes, capitals": (said) => rowsOf(at40(said)).map(upper),
  offsets: ({ hex }) => rowsOf(hex).map((row, at) => offset(spaced(row), at)),
  "offsets and letters": ({ hex }) => rowsOf(hex).map((row, at) => `${offset(spaced(row), at)}  ${lettersOf(row)}`),
  xxd: ({ hex }) => dump(hex).split("\n"),
  "hexdump -C": ({ hex }) => hexdumpC(hex).split("\n").slice(0, -1),
};
const TIMES: Record<string, (said: Said) => string> = {
  "no time": () => "",
  "a kernel's time": ({ ns }) => `[   12.${String(Math.floor(ns / 1e3)).padStart(6, "0")}] `,
};
const NAMES: Record<string, (onu: number) => string> = {
  "onu 1:": (onu) => `onu ${onu}: `,
  "ONU[1]": (onu) => `ONU[${onu}] `,
  "onu_id=1": (onu) => `onu_id=${onu} `,
  "PON[0] ONU[1]": (onu) => `PON[0] ONU[${onu}] `,
  "PON[1]": (onu) => `PON[${onu}] `,
  "a way": (onu) => `ont 1/1/4/2/${onu} `,
  "a serial number": (onu) => `sn=ALCL0000000${onu} `,
  "an address": (onu) => `94:e9:8c:00:00:0${onu} `,
  "a device": (onu) => `device-id=0000000${onu}-4f89-41d3-9a0c-0305e82c3301 `,
};

function written(order: Order, rows: (said: Said) => string[], front: (said: Said, onu: number) => string): string {
  const of = (said: Said, onu: number): string[] => rows(said).map((row) => `${front(said, onu)}${row}`);
  return SAID.flatMap((said) => order(of(said, 1), of(said, 2))).join("\n");
}

const verdicts = (text: string): { onus: number; verdicts: (boolean | undefined)[]; kinds: Set<string> } => {
  const { frames } = readInput(Buffer.from(`${text}\n`));
  const records = traceOf(frames);
  return {
    onus: new Set(frames.map(({ pon, onuId }) => `${pon}/${onuId}`)).size,
    verdicts: imagesOf(records).map(({ isRight }) => isRight),
    kinds: new Set(warningsOf(records).map(({ kind }) => kind)),
  };
};

describe("rows of two ONUs", () => {
  it.each(Object.keys(NAMES))("are told apart by %s", (name) => {
    for (const [order, weave] of Object.entries(ORDERS))
      for (const [form, rows] of Object.entries(ROWS))
        for (const [time, at] of Object.entries(TIMES)) {
          const read = verdicts(written(weave, rows, (said, onu) => at(said) + NAMES[name](onu)));
          expect(read, `${order}, ${form}, ${time}`).toEqual({ onus: 2, verdicts: [true, true], kinds: new Set() });
        }
  });

  it("that have no name are said to be untellable", () => {
    const all = { ...ROWS, Ethernet: (said: Said): string[] => dump(ethernet(said)).split("\n") };
    for (const [order, weave] of Object.entries(ORDERS))
      for (const [form, rows] of Object.entries(all))
        for (const [time, at] of Object.entries(TIMES)) {
          const read = verdicts(written(weave, rows, at));
          expect(
            read.verdicts.filter((isRight) => isRight !== undefined),
            `${order}, ${form}, ${time}`,
          ).toEqual([]);
          if (read.onus > 0) expect(read.kinds, `${order}, ${form}, ${time}`).toContain("mixedOnus");
        }
  });

  it("are untellable, too, where only the lines before them name somebody", () => {
    const head = (said: Said, onu: number): string => `OMCI ${bits(said.direction, "RX", "TX")} onu ${onu}`;
    const text = SAID.flatMap((said) => [
      head(said, 1),
      head(said, 2),
      ...rowsOf(said.hex).flatMap((row) => [spaced(row), spaced(row)]),
    ]).join("\n");
    const read = verdicts(text);
    expect(read.kinds).toContain("mixedOnus");
    expect(read.verdicts.filter((isRight) => isRight !== undefined)).toEqual([]);
  });
});

describe("frames of two ONUs that have no name", () => {
  const withTci = (hex: string, change: number): string => {
    const tci = Number.parseInt(hex.slice(0, 4), 16);
    return tci === 0 ? hex : `${(tci ^ change).toString(16).padStart(4, "0")}${hex.slice(4)}`;
  };

  it.each([1, 2, 3, 5])("one %i frames behind the other: no image is judged", (behind) => {
    for (const change of [0, 0x1000])
      for (const all of [SAID, SAID.slice(8)]) {
        const lines = Array.from({ length: all.length + behind }, (_, at) => [
          ...all.slice(at, at + 1).map(at40),
          ...all.slice(at - behind, at - behind + 1).map((said) => withTci(at40(said), change)),
        ]);
        const usable = lines.map((pair, at) => (at < behind ? pair.slice(0, 1) : pair));
        const read = verdicts(usable.flat().join("\n"));
        expect(
          read.verdicts.filter((isRight) => isRight !== undefined),
          `${change}, ${all.length}`,
        ).toEqual([]);
        expect(read.kinds).toContain("mixedOnus");
      }
  });

  it("one ONU whose log lacks some rows keeps its verdict", () => {
    const text = SAID.map(({ hex }, at) =>
      rowsOf(hex)
        .slice(0, at === 2 ? 2 : 3)
        .map(spaced)
        .join("\n"),
    ).join("\n");
    const read = verdicts(text);
    expect(read.kinds).not.toContain("mixedOnus");
    expect(read.verdicts).toEqual([true]);
  });
});
