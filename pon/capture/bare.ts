/** Where an OMCI frame ends within bytes: padding, a check sequence of the link and half a trailer are told from a trailer. */
import {
  AK,
  AR,
  BASELINE_FRAME_BYTES,
  BASELINE_MESSAGE_BYTES,
  BASELINE_PDU_BYTES,
  crc32Trailer,
  DB,
  DEVICE_BASELINE,
  DEVICE_EXTENDED,
  EXTENDED_CONTENTS_BYTES_MAX,
  EXTENDED_HEADER_BYTES,
  isNotification,
  MESSAGE_TYPE_BITS,
  MT,
  SDU_LENGTH,
  TRAILER_BYTES,
} from "../../omci/index.ts";

/** TCI, message type, device identifier, class: as much as it takes to tell that a frame begins. */
export const BEGINNING_BYTES = 6;

const MESSAGE_TYPES: ReadonlySet<number> = new Set(Object.values(MT));
/** Classes of G.988 end below 500; vendors have those from 65280 on (G.988 11.2.4). */
const CLASS_MAX = 500;
const VENDOR_CLASS_MIN = 65_280;

/** Which way a frame goes, where only the frame itself can tell. */
export const directionOf = (frame: Uint8Array): "down" | "up" =>
  (frame[2] & AK) !== 0 || isNotification(frame[2] & MESSAGE_TYPE_BITS) ? "up" : "down";

/** Whether an OMCI message can begin here, by its type and device identifier (G.988 11.2). */
export function beginsAsOmci(bytes: Uint8Array, at = 0): boolean {
  if (bytes.length - at < BEGINNING_BYTES) return false;
  const device = bytes[at + 3];
  if (device !== DEVICE_BASELINE && device !== DEVICE_EXTENDED) return false;
  const type = bytes[at + 2];
  if ((type & DB) !== 0 || (type & (AR | AK)) === (AR | AK)) return false;
  return MESSAGE_TYPES.has(type & MESSAGE_TYPE_BITS) && (bytes[at + 4] | bytes[at + 5]) !== 0;
}

/** The same, and its class is one of G.988 or a vendor's: for bytes that are too few to have a frame's length. */
export function surelyBegins(bytes: Uint8Array, at = 0): boolean {
  if (!beginsAsOmci(bytes, at)) return false;
  const classId = (bytes[at + 4] << 8) | bytes[at + 5];
  return classId <= CLASS_MAX || classId >= VENDOR_CLASS_MIN;
}

/** Bytes that a frame with this beginning has at least; undefined while that cannot be told, or when it is none. */
export function leastBytes(bytes: Uint8Array, at = 0): number | undefined {
  if (bytes[at + 3] === DEVICE_BASELINE) return BASELINE_MESSAGE_BYTES;
  if (bytes[at + 3] !== DEVICE_EXTENDED || bytes.length - at < EXTENDED_HEADER_BYTES) return undefined;
  const contentsBytes = (bytes[at + 8] << 8) | bytes[at + 9];
  return contentsBytes > EXTENDED_CONTENTS_BYTES_MAX ? undefined : EXTENDED_HEADER_BYTES + contentsBytes;
}

/** Bytes that it has with everything that may stand behind the message; see `leastBytes`. */
export function mostBytes(bytes: Uint8Array, at = 0): number | undefined {
  const least = leastBytes(bytes, at);
  if (least === undefined) return undefined;
  return bytes[at + 3] === DEVICE_BASELINE ? BASELINE_FRAME_BYTES : least + TRAILER_BYTES;
}

const areZero = (bytes: Uint8Array, from: number, to: number): boolean => {
  for (let at = from; at < to; at++) if (bytes[at] !== 0) return false;
  return true;
};

/** Whether CPCS-UU, CPI and CPCS-SDU length stand behind a baseline message (I.363.5). */
export const hasSduLength = (bytes: Uint8Array, at = BASELINE_MESSAGE_BYTES): boolean =>
  bytes.length >= at + 4 && areZero(bytes, at, at + 3) && bytes[at + 3] === SDU_LENGTH;

const endsRight = (bytes: Uint8Array, end: number): boolean => crc32Trailer.check(bytes, 0, end);

/**
 * Length of the frame at the front, with whatever it has of a trailer, by device identifier and length.
 *
 * @returns undefined when it is none, or is not all there
 */
export function bareFrameBytes(bytes: Uint8Array): number | undefined {
  if (!beginsAsOmci(bytes)) return undefined;
  const least = leastBytes(bytes);
  if (least === undefined || bytes.length < least) return undefined;
  return bytes[3] === DEVICE_BASELINE ? baselineEnd(bytes) : extendedEnd(bytes, least);
}

function baselineEnd(bytes: Uint8Array): number {
  const { length } = bytes;
  if (length === BASELINE_MESSAGE_BYTES || length === BASELINE_PDU_BYTES || length === BASELINE_FRAME_BYTES)
    return length;
  if (length > BASELINE_FRAME_BYTES) {
    if (hasSduLength(bytes)) {
      // Zeros behind 44 bytes, a check sequence of the link behind them: the frame has no trailer.
      const isPadded = areZero(bytes, BASELINE_PDU_BYTES, BASELINE_FRAME_BYTES - 2);
      return isPadded && length <= BASELINE_FRAME_BYTES + 2 && !endsRight(bytes, BASELINE_FRAME_BYTES)
        ? BASELINE_PDU_BYTES
        : BASELINE_FRAME_BYTES;
    }
    return areZero(bytes, BASELINE_MESSAGE_BYTES, BASELINE_PDU_BYTES) ? BASELINE_MESSAGE_BYTES : BASELINE_FRAME_BYTES;
  }
  if (!hasSduLength(bytes)) return BASELINE_MESSAGE_BYTES;
  // Half a trailer, as logs have it that lose the last digits; zeros are padding.
  return areZero(bytes, BASELINE_PDU_BYTES, length) ? BASELINE_PDU_BYTES : length;
}

function extendedEnd(bytes: Uint8Array, least: number): number {
  const whole = least + TRAILER_BYTES;
  if (bytes.length >= whole) {
    const isPadding = bytes.length > whole && areZero(bytes, least, bytes.length);
    return isPadding ? least : whole;
  }
  return areZero(bytes, least, bytes.length) ? least : bytes.length;
}

/** The frame at the front of bytes that are nothing else; see `bareFrameBytes`. */
export function bareFrame(bytes: Uint8Array): Uint8Array | undefined {
  const length = bareFrameBytes(bytes);
  return length === undefined ? undefined : bytes.subarray(0, length);
}
