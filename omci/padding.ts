/** Where a frame ends in what a link has padded: Ethernet fills up to 46 bytes. */
import { DEVICE_EXTENDED } from "./constants.ts";
import { BASELINE_FRAME_BYTES, BASELINE_PDU_BYTES, EXTENDED_HEADER_BYTES, TRAILER_BYTES } from "./sizes.ts";

/**
 * A frame without what a link has put behind it. A baseline PDU of 40 bytes keeps four of the zeros, which read the same;
 * behind an extended PDU four zeros are padding, no trailer.
 */
export function unpadded(frame: Uint8Array): Uint8Array {
  if (frame[3] !== DEVICE_EXTENDED)
    return frame.length < BASELINE_FRAME_BYTES
      ? frame.subarray(0, BASELINE_PDU_BYTES)
      : frame.subarray(0, BASELINE_FRAME_BYTES);
  if (frame.length < EXTENDED_HEADER_BYTES) return frame;
  const end = EXTENDED_HEADER_BYTES + ((frame[8] << 8) | frame[9]);
  const hasTrailer = frame.subarray(end, end + TRAILER_BYTES).some((byte) => byte !== 0);
  return frame.subarray(0, hasTrailer ? end + TRAILER_BYTES : end);
}
