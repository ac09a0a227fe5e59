/** Whether the image of a download is the one that its End names. */
import { crc32Finish } from "../base/kernel/index.ts";
import type { Doubt } from "./doubt.ts";
import type { StreamPart } from "./image-store.ts";
import type { Stream } from "./stream.ts";
import type { ImageRecord, Warn } from "./types.ts";
import { hex32 } from "./warning-text.ts";

/** A part of an image, and how much of it counts where a window that was sent again does not. */
export interface TakenPart extends StreamPart {
  leanBytes: number;
}

/** The parts without windows that were sent again. */
export const leanParts = (parts: readonly TakenPart[]): StreamPart[] =>
  parts.filter(({ leanBytes }) => leanBytes > 0).map((part) => ({ ...part, bytes: part.leanBytes }));

interface NamedImage {
  imageBytes: number;
  crc32: number;
}

export interface Judgement {
  image: Pick<ImageRecord, "bytes" | "crc32" | "isRight">;
  /** It is right without the windows that were sent again. */
  isLean: boolean;
}

/**
 * A window that is the same as the one before it was sent again, after an answer that the OLT did not hear, or is the image's
 * own: which of the two shows where one of them is what the End names.
 *
 * @param doubt what was seen may be several ONUs' images
 */
export function judge(own: Stream, end: NamedImage, doubt: Doubt, warn: Warn): Judgement {
  const { offsetBytes: bytes, register, isBroken } = own.progress;
  const { lean } = own;
  if (own.imageBytes !== undefined && own.imageBytes !== end.imageBytes)
    warn({ kind: "sizeMismatch", text: `End names ${end.imageBytes} bytes, Start named ${own.imageBytes}` });
  const isRight = (offsetBytes: number, crc: number): boolean =>
    !isBroken && offsetBytes === end.imageBytes && crc32Finish(crc) === end.crc32;
  const { crc32 } = end;
  if (doubt.areMixed) return { image: { bytes, crc32, isRight: undefined }, isLean: false };
  if (isRight(bytes, register)) return { image: { bytes, crc32, isRight: true }, isLean: false };
  if (lean.repeats > 0 && isRight(lean.offsetBytes, lean.register)) {
    const times = lean.repeats === 1 ? "1 window was" : `${lean.repeats} windows were`;
    warn({ kind: "repeatedWindow", text: `${times} sent again with other TCIs though taken in: an answer was lost` });
    return { image: { bytes: lean.offsetBytes, crc32, isRight: true }, isLean: true };
  }
  if (doubt.mayBeMixed) return { image: { bytes, crc32, isRight: undefined }, isLean: false };
  if (isBroken || bytes !== end.imageBytes) {
    const why = isBroken ? "sections are not in the capture" : `${bytes} were seen`;
    warn({ kind: "sizeMismatch", text: `the image of ${end.imageBytes} bytes is not whole: ${why}` });
  } else {
    const seen = hex32(crc32Finish(register));
    warn({ kind: "wrongCrc", text: `the image's CRC-32 is ${seen}, End names ${hex32(crc32)}` });
  }
  return { image: { bytes, crc32, isRight: false }, isLean: false };
}
