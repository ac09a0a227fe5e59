/** What an OLT says that leaves in the middle of downloads. */
import { encodeMessage, PDU_BYTES_MAX, SOFTWARE_IMAGE } from "../../omci/index.ts";
import type { OltStatus } from "../core/types.ts";

/** Far from where an OLT counts to. */
export const LAST_TCI = 0x7ffc;

/** The last frame to one ONT. */
export interface LastWord {
  onuId: number;
  pdu: Uint8Array;
}

/**
 * An End for each ONT that is in the middle of a download, so that it does not wait for the rest (docs/reference.md, 3). With
 * the size of the image and a CRC that is wrong: some devices take the abort of size 0 for the end of a good download.
 */
export function lastWords({ onts }: OltStatus, image: { imageBytes: number; crc32: number }): LastWord[] {
  return onts
    .filter(({ phase, online }) => online && (phase === "downloading" || phase === "ending"))
    .map(({ onuId, activeInstance, committedInstance }) => {
      const instanceId = activeInstance === 0 || committedInstance === 0 ? 1 : 0;
      const bytes = new Uint8Array(PDU_BYTES_MAX);
      const length = encodeMessage(
        {
          type: "endDownloadRequest",
          tci: LAST_TCI,
          messageSet: "baseline",
          classId: SOFTWARE_IMAGE,
          instanceId,
          crc32: ~image.crc32 >>> 0,
          imageBytes: image.imageBytes,
          instances: [instanceId],
        },
        bytes,
      );
      return { onuId, pdu: bytes.slice(0, length) };
    });
}
