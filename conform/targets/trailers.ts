/** How the frames of one target end, in both directions. */
import { crc32Trailer, micTrailer, noTrailer, type TrailerPair } from "../../omci/index.ts";

export const noTrailers: TrailerPair = { downstream: noTrailer, upstream: noTrailer };
export const crc32Trailers: TrailerPair = { downstream: crc32Trailer, upstream: crc32Trailer };
/** @param omciIk OMCI integrity key, 16 bytes */
export const micTrailers = (omciIk: Uint8Array): TrailerPair => ({
  downstream: micTrailer(omciIk, "downstream"),
  upstream: micTrailer(omciIk, "upstream"),
});
