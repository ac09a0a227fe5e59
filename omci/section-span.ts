/** Many Download sections as one object, between the fibre and the cores; how they lie in frames is not known here. */
import type { MessageSet } from "./messages.ts";

/**
 * A span: Download sections with consecutive section numbers and consecutive TCIs, as one burst carries them
 * (G.988 9.1.4). It is the unit of the hot path: one decode, one copy and one bitmap update serve
 * many sections. The object is meant to be reused; a receiver must not keep it, nor `data` unless that is `lasting`, after
 * its call returns.
 *
 * Section `firstSection + i` has TCI `firstTci + i` and its data at
 * `data[dataOffset + i * dataStride …]`, `sectionBytes` long, but the last of the span `lastSectionBytes` long.
 */
export interface SectionSpan {
  messageSet: MessageSet;
  /** 7 (software image) for sections, 65280 (recovery ME) for parity sections. */
  classId: number;
  /** Image instance, or 0xFFFF: "the instance your Start named" (extension). */
  instanceId: number;
  /** TCI of the first section, 1…0xFFFF. */
  firstTci: number;
  /** Number of the first section within its window, 0…255. */
  firstSection: number;
  /** Number of sections, 1…256. */
  count: number;
  /** AR of the last section of the span; all others have AR = 0. */
  ackRequested: boolean;
  data: Uint8Array;
  dataOffset: number;
  dataStride: number;
  /** Data bytes of each section: 31 baseline, 1…1965 extended. */
  sectionBytes: number;
  /** Data bytes of the last section of the span (extended: may be shorter; baseline: the rest to 31 is zero padding). */
  lastSectionBytes: number;
  /** Of parity sections: the data of the whole window that they were made from, where the sender tells; null = it does not. */
  parityOf: Uint8Array | null;
  /**
   * The memory of the data, or of parity that of `parityOf`, never changes: a receiver may keep a view of it in place of a
   * copy. Only a sender in the same process can say so; what was read from a frame is lent.
   */
  lasting: boolean;
}

/** A span to be filled in, and used again for the next. */
export const newSectionSpan = (): SectionSpan => ({
  messageSet: "baseline",
  classId: 0,
  instanceId: 0,
  firstTci: 0,
  firstSection: 0,
  count: 0,
  ackRequested: false,
  data: new Uint8Array(0),
  dataOffset: 0,
  dataStride: 0,
  sectionBytes: 0,
  lastSectionBytes: 0,
  parityOf: null,
  lasting: false,
});

/** Makes `part` the sections `from`…`to - 1` of a span: what is left of it between two frames that got lost. */
export function sliceSpan(span: SectionSpan, from: number, to: number, part: SectionSpan): SectionSpan {
  const toEnd = to === span.count;
  part.messageSet = span.messageSet;
  part.classId = span.classId;
  part.instanceId = span.instanceId;
  part.firstTci = span.firstTci + from;
  part.firstSection = span.firstSection + from;
  part.count = to - from;
  part.ackRequested = toEnd && span.ackRequested;
  part.data = span.data;
  part.dataOffset = span.dataOffset + from * span.dataStride;
  part.dataStride = span.dataStride;
  part.sectionBytes = span.sectionBytes;
  part.lastSectionBytes = toEnd ? span.lastSectionBytes : span.sectionBytes;
  part.parityOf = span.parityOf;
  part.lasting = span.lasting;
  // A span of one section has one size.
  if (part.count === 1) part.sectionBytes = part.lastSectionBytes;
  return part;
}
