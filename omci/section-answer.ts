/** The answer to Download section, as hot as the section: read and written by hand; the table of layouts holds it by a property test. */
import { AK, DEVICE_BASELINE, DEVICE_EXTENDED, MT } from "./constants.ts";
import type { DecodedMessage, Deviation } from "./decoded.ts";
import { LOST_SECTIONS_FIELD, MISSING_SECTIONS_FIELD } from "./extension.ts";
import type { MessageBody, MessageHeader } from "./messages.ts";
import {
  BASELINE_FRAME_BYTES,
  BASELINE_MESSAGE_BYTES,
  BASELINE_PDU_BYTES,
  EXTENDED_HEADER_BYTES,
  HEADER_BYTES,
  SDU_LENGTH,
  TRAILER_BYTES,
} from "./sizes.ts";

export type SectionAnswer = Extract<MessageBody, { type: "downloadSectionResponse" }>;

const TYPE = AK | MT.downloadSection;
const MISSING_MAX = MISSING_SECTIONS_FIELD.extension.max;
const LOST_MAX = LOST_SECTIONS_FIELD.extension.max;
/** Result and section number; with what the extension puts behind them. */
const PLAIN_BYTES = 2;
const WITH_COUNTS_BYTES = PLAIN_BYTES + MISSING_SECTIONS_FIELD.bytes + LOST_SECTIONS_FIELD.bytes;
const NO_DEVIATIONS: readonly Deviation[] = Object.freeze([]);

const isOctet = (value: number): boolean => (value & 0xff) === value;
const isPair = (value: number): boolean => (value & 0xffff) === value;

/**
 * Writes an answer as a PDU without trailer.
 *
 * @returns bytes written from `at` on; 0 for values that do not fit their fields: the table says which
 */
export function encodeSectionAnswer(
  { tci, messageSet, classId, instanceId }: MessageHeader,
  { result, sectionNumber, missingSections: missing, lostSections: lost }: SectionAnswer,
  out: Uint8Array,
  at: number,
): number {
  if (!isPair(tci) || !isPair(classId) || !isPair(instanceId) || !isOctet(result) || !isOctet(sectionNumber)) return 0;
  if (!isPair(missing) || !isPair(lost) || missing > MISSING_MAX || lost > LOST_MAX) return 0;
  const isExtended = messageSet === "extended";
  out[at] = tci >>> 8;
  out[at + 1] = tci;
  out[at + 2] = TYPE;
  out[at + 3] = isExtended ? DEVICE_EXTENDED : DEVICE_BASELINE;
  out[at + 4] = classId >>> 8;
  out[at + 5] = classId;
  out[at + 6] = instanceId >>> 8;
  out[at + 7] = instanceId;
  let to = at + (isExtended ? EXTENDED_HEADER_BYTES : HEADER_BYTES);
  out[to++] = result;
  out[to++] = sectionNumber;
  const hasCounts = !isExtended || missing > 0 || lost > 0;
  if (hasCounts) {
    out[to++] = missing >>> 8;
    out[to++] = missing;
    out[to++] = lost >>> 8;
    out[to++] = lost;
  }
  if (isExtended) {
    out[at + HEADER_BYTES] = 0;
    out[at + HEADER_BYTES + 1] = hasCounts ? WITH_COUNTS_BYTES : PLAIN_BYTES;
    return to - at;
  }
  const end = at + BASELINE_PDU_BYTES;
  while (to < end) out[to++] = 0;
  out[end - 1] = SDU_LENGTH;
  return BASELINE_PDU_BYTES;
}

/** Reads an answer. @returns undefined where it is none, or not as it is written here: the table says more */
export function readSectionAnswer(pdu: Uint8Array): DecodedMessage | undefined {
  if (pdu[2] !== TYPE) return undefined;
  const isExtended = pdu[3] === DEVICE_EXTENDED;
  const tci = pairAt(pdu, 0);
  if (tci === 0 || !(isExtended ? isPlainExtended(pdu) : isPlainBaseline(pdu))) return undefined;
  const at = isExtended ? EXTENDED_HEADER_BYTES : HEADER_BYTES;
  const hasCounts = !isExtended || pdu[HEADER_BYTES + 1] === WITH_COUNTS_BYTES;
  const missingSections = hasCounts ? pairAt(pdu, at + 2) : 0;
  const lostSections = hasCounts ? pairAt(pdu, at + 4) : 0;
  if (missingSections > MISSING_MAX || lostSections > LOST_MAX) return undefined;
  return {
    ok: true,
    message: {
      tci,
      messageSet: isExtended ? "extended" : "baseline",
      classId: pairAt(pdu, 4),
      instanceId: pairAt(pdu, 6),
      type: "downloadSectionResponse",
      result: pdu[at]!,
      sectionNumber: pdu[at + 1]!,
      missingSections,
      lostSections,
    },
    deviations: NO_DEVIATIONS,
  };
}

const pairAt = (pdu: Uint8Array, at: number): number => (pdu[at]! << 8) | pdu[at + 1]!;

function isPlainBaseline(pdu: Uint8Array): boolean {
  if (pdu[3] !== DEVICE_BASELINE) return false;
  if (pdu.length !== BASELINE_PDU_BYTES && pdu.length !== BASELINE_FRAME_BYTES) return false;
  if (pairAt(pdu, BASELINE_PDU_BYTES - 2) !== SDU_LENGTH) return false;
  for (let at = HEADER_BYTES + WITH_COUNTS_BYTES; at < BASELINE_MESSAGE_BYTES; at++) if (pdu[at] !== 0) return false;
  return true;
}

function isPlainExtended(pdu: Uint8Array): boolean {
  const contentsBytes = pairAt(pdu, HEADER_BYTES);
  if (contentsBytes !== PLAIN_BYTES && contentsBytes !== WITH_COUNTS_BYTES) return false;
  const end = EXTENDED_HEADER_BYTES + contentsBytes;
  return pdu.length === end || pdu.length === end + TRAILER_BYTES;
}
