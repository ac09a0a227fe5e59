/**
 * The multicast extension on the wire: all its octets, of which G.988 knows none. An ONT or an OLT that does not know it
 * ignores them: a vendor-specific class, an instance that no image has, bytes that are otherwise unused.
 *
 * 1. A broadcast Download section names instance 0xFFFF: "the instance your Start named".
 * 2. The recovery ME, class 65280, instance 0: what an ONT has of the window it collects, read by Get.
 * 3. A parity section is a Download section to class 65280; its instance tells its window, its number is the parity row.
 * 4. A section answer tells in the four bytes behind the section number how much is missing.
 * 5. Deltas: the recovery ME tells from which image an ONT rebuilds the new one, and why it has refused.
 *
 * TCIs of the group stream, and the rule by which one window's lead to the next one's, are in tci.ts.
 */
import type { Attribute } from "./attribute.ts";
import type { Field } from "./field.ts";
import { HELD_BYTES, IDENTITY_BYTES, PLACE_BYTES } from "./held.ts";

/** Instance of broadcast sections: "the instance your Start named". */
export const ANY_INSTANCE = 0xffff;

/** Class of the recovery ME, of the vendor-specific range (G.988 11.2.4). */
export const RECOVERY = 65280;
/** Its only instance. */
export const RECOVERY_INSTANCE = 0;

/** Sections of each half of the bitmap: a baseline answer to a Get has no room for both. */
export const BITMAP_HALF_SECTIONS = 128;
export const BITMAP_HALF_BYTES = BITMAP_HALF_SECTIONS / 8;

/** Octets of the SHA-256 by which the image that runs is told. */
export const RUNNING_IMAGE_BYTES = 16;

/** Attributes of the recovery ME, in order: 1 to 6 every ONT with the ME has, 7 to 9 come together, and so do 10 to 13 where these are. */
export const RECOVERY_ATTRIBUTES = [
  /** Sections of the window that is collected; 0 = its end is not known. */
  { name: "windowSections", bytes: 2, kind: "uint" },
  /** Sections 0 to 127 received: a bit each, see `bitmapBit`. */
  { name: "receivedLow", bytes: BITMAP_HALF_BYTES, kind: "bytes" },
  /** Sections 128 to 255. */
  { name: "receivedHigh", bytes: BITMAP_HALF_BYTES, kind: "bytes" },
  /** TCI of its section 0, sent or not; 0 = nothing of a window came in yet. */
  { name: "windowBase", bytes: 2, kind: "uint" },
  /** TCI of the last section of the window taken in last; 0 = none since Start. */
  { name: "lastAcceptedTci", bytes: 2, kind: "uint" },
  /** How the last trial of an image ended, see `TRIAL_OUTCOMES`. */
  { name: "trialOutcome", bytes: 1, kind: "uint" },
  /** Image whose bytes `held` tells, see `imageIdentity`; written by the OLT before Start. Zeros = none. */
  { name: "heldImage", bytes: IDENTITY_BYTES, kind: "bytes" },
  /** Where the next window belongs, see `ImagePlace`; written by the OLT. */
  { name: "place", bytes: PLACE_BYTES, kind: "bytes" },
  /** Stretches of that image which the ONT holds, see `encodeHeld`. */
  { name: "held", bytes: HELD_BYTES, kind: "bytes" },
  /** Delta containers that it applies: `DELTA_FORMAT_1`; 0 = none. */
  { name: "deltaFormats", bytes: 1, kind: "uint", format: "bits" },
  /** First octets of the SHA-256 of the bundle that runs: the base of deltas that fit. Zeros = not known. */
  { name: "runningImage", bytes: RUNNING_IMAGE_BYTES, kind: "bytes" },
  /** What the next Start is for, see `IMAGE_KINDS`; written by the OLT beside `heldImage`. */
  { name: "announcedKind", bytes: 1, kind: "uint", format: "enum" },
  /** Why the last Start, window, End, Activate or Commit was refused, see `REFUSALS`; 0 = it was not. */
  { name: "refusal", bytes: 1, kind: "uint", format: "enum" },
] as const satisfies readonly Attribute[];

/** How the last trial of an image ended, in the order of the values on the wire. */
export const TRIAL_OUTCOMES = ["none", "booted", "failed"] as const;
export type TrialOutcome = (typeof TRIAL_OUTCOMES)[number];

/** In `deltaFormats`: delta containers of format 1. */
export const DELTA_FORMAT_1 = 1;

/** What a Start is for, in the order of the values on the wire. */
export const IMAGE_KINDS = ["image", "delta"] as const;
export type ImageKind = (typeof IMAGE_KINDS)[number];

/** Why an ONT has refused, in the order of the values on the wire; later ones are added at the end. */
export const REFUSALS = [
  "none",
  "room",
  "battery",
  "temperature",
  "locked",
  "call",
  "wrong-base",
  "migration-failed",
  "security-version-too-low",
  "untrusted-signature",
  "not-a-bundle",
  "bad-manifest",
  "delta-not-expected",
  "not-a-delta",
  "wrong-product-code",
  "incompatible-hardware",
  "version-not-replaceable",
  "crc-mismatch",
  "size-mismatch",
  "payload-hash-mismatch",
  "truncated",
  "rebuild-failed",
  "damaged",
  "image-not-valid",
] as const;
export type RefusalName = (typeof REFUSALS)[number];
/** Of a cause that the table does not have. */
export const REFUSAL_OTHER = 255;

/** Value of `refusal` for a cause; what stands behind a colon are particulars. */
export function refusalCode(cause: string): number {
  const [name] = cause.split(":", 1);
  const code = REFUSALS.findIndex((each) => each === name);
  return code < 0 ? REFUSAL_OTHER : code;
}

/** Cause of a value of `refusal`, empty for none. */
export const refusalName = (code: number): string => (code === 0 ? "" : (REFUSALS[code] ?? `refusal ${code}`));

/** Byte and bit of a section in the bitmap: section 0 is the most significant bit of byte 0. */
export const bitmapByte = (section: number): number => section >> 3;
export const bitmapBit = (section: number): number => 0x80 >> (section & 7);

/** Instance of a window's parity sections: low byte of its TCI base, then the number of its data sections less one. */
export const parityInstance = (baseTci: number, sections: number): number => ((baseTci & 0xff) << 8) | (sections - 1);

/** Data sections of the window that parity sections of this instance are for. */
export const paritySections = (instanceId: number): number => (instanceId & 0xff) + 1;

/** Whether parity sections of this instance are for a window of this base; the low byte tells it from its neighbours. */
export const isParityOf = (instanceId: number, baseTci: number): boolean => instanceId >> 8 === (baseTci & 0xff);

/** TCI of a parity row: rows follow the window's data sections. */
export const parityTci = (baseTci: number, sections: number, row: number): number => baseTci + sections + row;

/**
 * Behind result and section number of a section answer. Both or none are written; a plain answer has none of them, and
 * an OLT that does not know them takes them for padding.
 */
/** Sections of this window still missing, so many more of which, data or parity, would make it whole; 0 = none or not told. */
export const MISSING_SECTIONS_FIELD = {
  kind: "uint",
  name: "missingSections",
  bytes: 2,
  extension: { max: 256 },
} as const satisfies Field;
/** Sections of this window that were lost before any repair; 0 = none or not told. */
export const LOST_SECTIONS_FIELD = {
  kind: "uint",
  name: "lostSections",
  bytes: 2,
  extension: { max: 256 },
} as const satisfies Field;

/** Parity sections of one window that an ONT keeps, and that an OLT sends, at the most. */
export const PARITY_ROWS_MAX = 64;
