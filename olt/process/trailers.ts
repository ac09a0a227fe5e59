/** Which trailer seals whose frames, from what a run asks for; how a trailer is made is in omci/. */
import {
  crc32Trailer,
  deriveOmciKeys,
  micTrailer,
  noTrailer,
  type Trailer,
  type TrailerPair,
} from "../../omci/index.ts";
import type { TrailerChoice } from "./protocol.ts";

/** What seals broadcast frames, and each ONT's own in both directions. */
export interface LinkTrailers {
  broadcast: Trailer;
  ofOnt(serial: string): TrailerPair;
}

/** Serial number on the wire: four letters of vendor id, then four bytes written as eight digits (ONU-G). */
export function serialBytes(serial: string): Uint8Array {
  return Uint8Array.from([...Buffer.from(serial.slice(0, 4), "latin1"), ...Buffer.from(serial.slice(4), "hex")]);
}

export function linkTrailers(choice: TrailerChoice): LinkTrailers {
  if (choice.kind !== "mic") {
    const trailer = choice.kind === "crc32" ? crc32Trailer : noTrailer;
    const both = { downstream: trailer, upstream: trailer };
    return { broadcast: trailer, ofOnt: () => both };
  }
  const { msk, ponTag } = choice;
  return {
    broadcast: micTrailer(choice.groupOmciIk, "downstream"),
    ofOnt: (serial) => {
      const { omciIk } = deriveOmciKeys({ msk, serial: serialBytes(serial), ponTag });
      return { downstream: micTrailer(omciIk, "downstream"), upstream: micTrailer(omciIk, "upstream") };
    },
  };
}
