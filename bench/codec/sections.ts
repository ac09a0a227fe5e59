/**
 * What Download sections cost, trailer and all: the only messages that are frequent enough to need a codec of their
 * own.
 */
import {
  crc32Trailer,
  encodeSection,
  type MessageSet,
  micTrailer,
  newSectionView,
  noTrailer,
  readSection,
  sectionDataBytes,
  type SectionSpan,
  SectionSpanCollector,
  type Trailer,
} from "../../omci/index.ts";
import type { Bench } from "../harness.ts";
import { limitsOf, noise } from "./limits.ts";

/** As many frames as a burst on the loopback carries. */
const BURST_BYTES = 60_000;

/** Download sections as they are: one span of them after the other, each frame sealed and checked. */
export interface SectionCase {
  name: string;
  frameBytes: number;
  encode: Bench;
  decode: Bench;
  copy: Bench;
  sha256: Bench;
}

const trailers: readonly Trailer[] = [noTrailer, crc32Trailer, micTrailer(noise(16), "downstream")];
const TRAILER_NAMES = { none: "no trailer", crc32: "CRC-32", mic: "OMCI-MIC" } as const;

function sectionCase(messageSet: MessageSet, trailer: Trailer): SectionCase {
  const sectionBytes = sectionDataBytes(messageSet);
  const frameBytes = (messageSet === "baseline" ? 44 : 11 + sectionBytes) + trailer.bytes;
  const count = Math.min(256, Math.floor(BURST_BYTES / frameBytes));
  const span: SectionSpan = {
    messageSet,
    classId: 7,
    instanceId: 0xffff,
    firstTci: 1,
    firstSection: 0,
    count,
    ackRequested: false,
    data: noise(count * sectionBytes),
    dataOffset: 0,
    dataStride: sectionBytes,
    sectionBytes,
    lastSectionBytes: sectionBytes,
    parityOf: null,
    lasting: false,
  };
  const burst = new Uint8Array(count * frameBytes);
  const encode = (operations: number): number => {
    let written = 0;
    for (let done = 0; done < operations; done++) {
      const index = done % count;
      const at = index * frameBytes;
      written = encodeSection(span, index, burst, at);
      trailer.seal(burst, at, at + written);
    }
    return written;
  };
  const decode = (operations: number): number => {
    let sections = 0;
    const collector = new SectionSpanCollector((collected) => {
      sections += collected.count;
    });
    const view = newSectionView();
    for (let done = 0; done < operations; done++) {
      const index = done % count;
      const at = index * frameBytes;
      const end = at + frameBytes;
      if (index === 0) collector.flush();
      if (trailer.check(burst, at, end) && readSection(burst, at, end - trailer.bytes, view))
        collector.add(burst, view);
    }
    collector.flush();
    if (sections !== operations) throw new Error(`${sections} of ${operations} sections came through`);
    return sections;
  };
  const name = `${messageSet}, ${TRAILER_NAMES[trailer.kind]}`;
  encode(count);
  return {
    name,
    frameBytes,
    encode: { name: `${name}: encode`, bytes: frameBytes, run: encode },
    decode: { name: `${name}: decode`, bytes: frameBytes, run: decode },
    ...limitsOf(name, burst.slice(), frameBytes),
  };
}

export const sectionCases = (): SectionCase[] =>
  (["baseline", "extended"] as const).flatMap((set) => trailers.map((trailer) => sectionCase(set, trailer)));
