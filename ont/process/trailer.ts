/** Trailers of frames by what an ONT process was told. */
import { crc32Trailer, type Direction, micTrailer, noTrailer, type Trailer } from "../../omci/index.ts";
import type { TrailerSpec } from "./protocol.ts";

export function trailerOf(spec: TrailerSpec, direction: Direction): Trailer {
  switch (spec.kind) {
    case "none":
      return noTrailer;
    case "crc32":
      return crc32Trailer;
    case "mic":
      return micTrailer(spec.omciIk, direction);
  }
}
