/** An OLT's hands for places and what is held (docs/extension.md, 7), and a small image sent out of order. */
import {
  decodeHeld,
  encodePlace,
  imageIdentity,
  maskOf,
  nextWindowBase,
  RECOVERY,
  RECOVERY_INSTANCE,
  unpackAttributes,
} from "../../omci/index.ts";
import { crc32 } from "../../base/kernel/crc32.ts";
import { BenchOnt } from "./hands.ts";
import { testImage } from "./images.ts";

export const SECTION_BYTES = 1000;
export const WINDOW = 8;
export const image = testImage(40 * SECTION_BYTES - 300);
export const identity = imageIdentity(crc32(image), image.length, "00112233445566778899aabbccddeeff");
export const recovery = { classId: RECOVERY, instanceId: RECOVERY_INSTANCE };

export const announce = (bench: BenchOnt, values = identity): number | undefined =>
  bench.result({ type: "setRequest", attributeMask: maskOf(RECOVERY, "heldImage"), values }, recovery);

export const place = (bench: BenchOnt, baseTci: number, offsetBytes: number): number | undefined =>
  bench.result(
    { type: "setRequest", attributeMask: maskOf(RECOVERY, "place"), values: encodePlace({ baseTci, offsetBytes }) },
    recovery,
  );

export function held(bench: BenchOnt): number[][] {
  const answer = bench.ask({ type: "getRequest", attributeMask: maskOf(RECOVERY, "held") }, recovery);
  if (answer?.type !== "getResponse") throw new Error("no answer to Get");
  const { held: bytes } = unpackAttributes(RECOVERY, answer.attributeMask, answer.values);
  return decodeHeld(bytes as Uint8Array).map(({ from, to }) => [from, to]);
}

/** Windows of the group stream, one behind the other. @returns base of the window behind them */
export function group(
  bench: BenchOnt,
  base: number,
  firstSection: number,
  endSection: number,
  { content = image, windowSections = WINDOW } = {},
): number {
  let next = base;
  for (let section = firstSection; section < endSection; section += windowSections) {
    const sections = Math.min(windowSections, endSection - section);
    const spec = { base: next, firstSection: section, sections, sectionBytes: SECTION_BYTES };
    const answer = bench.window(content, { ...spec, channel: "broadcast" });
    if (answer?.type !== "downloadSectionResponse" || answer.result !== 0) throw new Error("window not taken");
    next = nextWindowBase(next + sections - 1);
  }
  return next;
}

export const extended = (): BenchOnt => BenchOnt.up({}, undefined, "extended");

/** In a download of the image, and told that the next window, with the base 100, begins at that section. */
export function joiningAt(section: number): BenchOnt {
  const bench = extended();
  announce(bench);
  bench.start(image.length, { windowSections: WINDOW });
  place(bench, 100, section * SECTION_BYTES);
  return bench;
}
