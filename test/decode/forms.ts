/** How a form in which the conversation is written down is described, and that it is read back. */
import { expect } from "vitest";
import { exactNsOf, readInput, traceOf } from "../../decode/index.ts";
import { imagesOf, warningsOf } from "./frames.ts";
import { bytesOf, clock, lettersOf, rowsOf, SAID, type Said, spaced } from "./written.ts";

/** How the conversation is written, and what of it can be read. */
export interface Form {
  write: (said: Said, index: number) => string;
  /** Bytes of each frame that are written. */
  bytes?: 40 | 44 | 48;
  /** Times can be told to so many nanoseconds. */
  toNs?: number;
  onu?: number | string;
  pon?: number | string;
  between?: string;
  before?: string;
  behind?: string;
  /** Lines that hold no frame. */
  others?: number;
  encode?: (text: string) => Uint8Array;
}

export const MS = 1e6;
export const US = 1e3;
export const bits = (direction: string, down: string, up: string): string => (direction === "down" ? down : up);
export const at40 = ({ hex }: Said): string => hex.slice(0, 80);
export const at44 = ({ hex }: Said): string => hex.slice(0, 88);
export const decimals = (hex: string): number[] => bytesOf(hex).map((byte) => Number.parseInt(byte, 16));
export const date = (ns: number, sign = "T", digits = 6): string => `2026-03-01${sign}${clock(ns, { digits })}`;

export const isam = ({ hex, ns, direction }: Said): string => {
  const [first, ...rest] = rowsOf(hex.slice(0, 80), 8);
  const time = `27/10/20 ${clock(ns, { hour: 1, minute: 25 })}`;
  const row = (digits: string): string => `${spaced(digits)}         ${lettersOf(digits)}`;
  return [
    `[OMFT(omft):100 ${time} ]<OMCI MSG> ${bits(direction, "Tx -->", "Rx <--")} OntId : 222 -  637:35:50.849`,
    `[OMFT(vbuf):100 ${time} ]${row(first)}`,
    ...rest.map(row),
  ].join("\n");
};

/** The conversation is read back: the same frames, times, ONUs and image. */
export function expectReadBack(form: Form): void {
  const {
    write,
    bytes = 48,
    between = "\n",
    before = "",
    behind = "",
    encode = (all: string): Uint8Array => Buffer.from(all),
  } = form;
  const text = `${before}${SAID.map(write).join(between)}${behind}\n`;
  const { frames } = readInput(encode(text));
  expect(frames.map(({ direction, frame }) => [direction, Buffer.from(frame).toString("hex")])).toEqual(
    SAID.map(({ direction, hex }) => [direction, hex.slice(0, 2 * bytes)]),
  );
  const times = frames.map(exactNsOf);
  if (form.toNs === undefined) expect(times.every((ns) => ns === undefined)).toBe(true);
  else
    for (const [index, ns] of times.entries()) {
      const apart = Number(ns! - times[0]!) - (SAID[index].ns - SAID[0].ns);
      expect(Math.abs(apart)).toBeLessThan(form.toNs);
    }
  expect([...new Set(frames.map(({ onuId }) => onuId))]).toEqual([form.onu]);
  if (form.pon !== undefined) expect([...new Set(frames.map(({ pon }) => pon))]).toEqual([form.pon]);
  const records = traceOf(frames);
  expect(warningsOf(records)).toEqual([]);
  expect(imagesOf(records)).toMatchObject([{ isRight: true, bytes: 100 }]);
}
