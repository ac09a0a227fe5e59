/** What of an image the ONT holds, and where in it the next window belongs (docs/extension.md, 7): told by Get, written by Set. */
import { bytesOfHex, hexOf } from "../../base/text/index.ts";
import {
  decodePlace,
  encodeHeld,
  encodePlace,
  IDENTITY_BYTES,
  IMAGE_KINDS,
  maskOf,
  type Message,
  RECOVERY,
  RESULT,
  unpackAttributes,
} from "../../omci/index.ts";
import type { OntContext } from "./context.ts";
import { STAGING } from "./images.ts";

type SetRequest = Extract<Message, { type: "setRequest" }>;

const MASK_HELD_IMAGE = maskOf(RECOVERY, "heldImage");
const MASK_PLACE = maskOf(RECOVERY, "place");
const MASK_HELD = maskOf(RECOVERY, "held");
const MASK_KIND = maskOf(RECOVERY, "announcedKind");

/** Whether a Get is about what of the image is held. */
export const asksHeld = ({ classId, attributeMask }: Extract<Message, { type: "getRequest" }>): boolean =>
  classId === RECOVERY && (attributeMask & MASK_HELD) !== 0;

/** What is held, and of what kind: of the download that runs, else of what one that was cut off has left. */
export function heldOf({
  download,
  record,
  announced,
  announcedKind,
}: OntContext): Record<"heldImage" | "place" | "held", Uint8Array> & { announcedKind: number } {
  const area = download?.area ?? record.partial?.slot;
  const kind = area === undefined ? announcedKind : area === STAGING ? "delta" : "image";
  const identity = download?.identity ?? record.partial?.identity ?? announced;
  return {
    heldImage: identityBytes(identity),
    place: encodePlace({ baseTci: download?.chainBase ?? 0, offsetBytes: download?.offsetBytes ?? 0 }),
    held: encodeHeld(download?.held.all ?? record.partial?.held ?? []),
    announcedKind: IMAGE_KINDS.indexOf(kind),
  };
}

/**
 * Set on the recovery ME (G.988 11.2). All that was asked for happens, or nothing.
 *
 * @returns result 0, or 9 where an attribute cannot be written, or 3 where a place is none of the download's
 */
export function setHeld(context: OntContext, request: SetRequest): number {
  const { attributeMask, values } = request;
  const { download, config } = context;
  const written = MASK_HELD_IMAGE | MASK_PLACE | (config.deltaAware === true ? MASK_KIND : 0);
  if ((attributeMask & ~written) !== 0) return RESULT.attributeFailed;
  const { heldImage, place, announcedKind } = unpackAttributes(RECOVERY, attributeMask, values);
  if (announcedKind !== undefined && IMAGE_KINDS[announcedKind] === undefined) return RESULT.parameterError;
  if (place instanceof Uint8Array) {
    const { baseTci, offsetBytes } = decodePlace(place);
    if (download === null || download.storing !== null || download.isLocal || offsetBytes >= download.imageBytes)
      return RESULT.parameterError;
    download.place(baseTci, offsetBytes);
  }
  if (heldImage instanceof Uint8Array) context.announced = heldImage.some((byte) => byte !== 0) ? hexOf(heldImage) : "";
  // Who tells the image alone, as before there were deltas, means a whole one.
  if (announcedKind !== undefined || heldImage !== undefined) context.announcedKind = IMAGE_KINDS[announcedKind ?? 0]!;
  return RESULT.ok;
}

/** @param hex an identity, hexadecimal; empty = none */
export function identityBytes(hex: string): Uint8Array {
  const bytes = new Uint8Array(IDENTITY_BYTES);
  bytes.set(bytesOfHex(hex));
  return bytes;
}
