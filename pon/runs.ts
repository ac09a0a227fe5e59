import type { SectionRun } from "../omci/section-run.ts";

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
