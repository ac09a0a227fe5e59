/** Many Download sections as one object, between the fibre and the cores; how they lie in frames is not known here. */
import type { MessageSet } from "./messages.ts";

/**
 * A run of Download sections with consecutive section numbers and consecutive TCIs, as one burst carries them
 * (G.988 9.1.4). It is the unit of the hot path: one decode, one copy and one bitmap update serve
 * many sections. The object is meant to be reused; a receiver must not keep it, nor `data`, after its call returns.
 *
 * Section `firstSection + i` has TCI `firstTci + i` and its data at
 * `data[dataOffset + i * dataStride …]`, `sectionBytes` long, but the last of the run `lastSectionBytes` long.
 */
export interface SectionRun {
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
  /** AR of the last section of the run; all others have AR = 0. */
  ackRequested: boolean;
  data: Uint8Array;
  dataOffset: number;
  dataStride: number;
  /** Data bytes of each section: 31 baseline, 1…1965 extended. */
  sectionBytes: number;
  /** Data bytes of the last section of the run (extended: may be shorter; baseline: the rest to 31 is zero padding). */
  lastSectionBytes: number;
}

/** A run to be filled in, and used again for the next. */
export const newSectionRun = (): SectionRun => ({
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
});

/** Makes `part` the sections `from`…`to - 1` of a run: what is left of it between two frames that got lost. */
export function sliceRun(run: SectionRun, from: number, to: number, part: SectionRun): SectionRun {
  const toEnd = to === run.count;
  part.messageSet = run.messageSet;
  part.classId = run.classId;
  part.instanceId = run.instanceId;
  part.firstTci = run.firstTci + from;
  part.firstSection = run.firstSection + from;
  part.count = to - from;
  part.ackRequested = toEnd && run.ackRequested;
  part.data = run.data;
  part.dataOffset = run.dataOffset + from * run.dataStride;
  part.dataStride = run.dataStride;
  part.sectionBytes = run.sectionBytes;
  part.lastSectionBytes = toEnd ? run.lastSectionBytes : run.sectionBytes;
  // A run of one section has one size.
  if (part.count === 1) part.sectionBytes = part.lastSectionBytes;
  return part;
}
