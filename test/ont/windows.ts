/** A download in two windows, and what the ONT has answered and written of it. */
import { expect } from "vitest";
import type { Message, MessageSet } from "../../omci/messages.ts";
import { BenchOnt } from "./hands.ts";
import { testImage } from "./images.ts";
import type { WindowSpec } from "./spans.ts";

type WindowAnswer = Extract<Message, { type: "downloadSectionResponse" }>;

/** Bytes the core has written to the slot so far. */
export const written = (bench: BenchOnt): Uint8Array => bench.flash.slots[1];

export const answersOf = (bench: BenchOnt): WindowAnswer[] =>
  bench.sent.filter((message): message is WindowAnswer => message.type === "downloadSectionResponse");

export const lastAnswer = (bench: BenchOnt): WindowAnswer | undefined => answersOf(bench).at(-1);

/** A bench whose Start of `content` carried TCI `tci`. */
export function started(content: Uint8Array, tci = 0x6100, messageSet: MessageSet = "baseline"): BenchOnt {
  const bench = BenchOnt.up({}, undefined, messageSet);
  expect(bench.start(content.length, { tci, windowSections: 256 })).toBe(0);
  return bench;
}

/** Twelve sections, in two windows of six. */
export const content = testImage(31 * 12);
export const full: WindowSpec = { base: 0x6200, firstSection: 0, sections: 6, sectionBytes: 31 };
export const second: WindowSpec = { ...full, base: 0x6206, firstSection: 6 };
