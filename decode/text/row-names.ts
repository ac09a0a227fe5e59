/** Whose row it is, by what is in front of its bytes. */
import { macsIn, onuIn } from "./onus.ts";
import type { DumpRow } from "./rows.ts";
import { timeIn } from "./times.ts";

/** The offset, and signs behind it. */
const OFFSET = /(?:0x)?[0-9a-f]+[^0-9a-z]*$/i;

function wordsOf({ prefix, offsets }: Pick<DumpRow, "prefix" | "offsets">): string {
  const all = offsets.length > 0 ? prefix.replace(OFFSET, "") : prefix;
  const time = timeIn(all);
  return time === undefined ? all : `${all.slice(0, time.start)} ${all.slice(time.end)}`;
}

function onuOf(words: string): string {
  const { onuId, pon, device } = onuIn(words);
  const macs = onuId === undefined && device === undefined ? macsIn(words) : [];
  return [pon ?? "", onuId ?? "", device ?? "", ...macs].join("/");
}

const NOBODY = onuOf("");

export const namesOnu = (row: DumpRow): boolean => onuOf(wordsOf(row)) !== NOBODY;

/** @returns the ONU that is named there, else the words beside a time and an offset; empty where there are none */
export function rowName(row: Pick<DumpRow, "prefix" | "offsets">): string {
  const words = wordsOf(row);
  const onu = onuOf(words);
  if (onu !== NOBODY) return onu;
  return /\w/.test(words) ? words.trim() : "";
}
