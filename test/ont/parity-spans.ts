/** Parity sections of a window of an image, as spans. */
import { RECOVERY } from "../../omci/index.ts";
import type { MessageSet } from "../../omci/messages.ts";
import type { SectionSpan } from "../../omci/section-span.ts";
import { ParityEncoder } from "../../base/kernel/parity/parity.ts";
import type { WindowSpec } from "./spans.ts";

/** Parity sections `from`… of a window of the image, as the OLT would make them. */
export function paritySpan(
  content: Uint8Array,
  messageSet: MessageSet,
  window: WindowSpec,
  rows: { from: number; count: number; ackRequested?: boolean },
): SectionSpan {
  const { sections, sectionBytes, firstSection } = window;
  const start = firstSection * sectionBytes;
  const lastBytes = Math.min(sectionBytes, content.length - start - (sections - 1) * sectionBytes);
  const encoder = new ParityEncoder();
  encoder.begin(sections, sectionBytes, content, start, sectionBytes, lastBytes);
  const data = new Uint8Array(rows.count * sectionBytes);
  for (let index = 0; index < rows.count; index++) encoder.row(rows.from + index, data, index * sectionBytes);
  return {
    messageSet,
    classId: RECOVERY,
    instanceId: ((window.base & 0xff) << 8) | (sections - 1),
    firstTci: window.base + sections + rows.from,
    firstSection: rows.from,
    count: rows.count,
    ackRequested: rows.ackRequested ?? false,
    data,
    dataOffset: 0,
    dataStride: sectionBytes,
    sectionBytes,
    lastSectionBytes: sectionBytes,
    parityOf: null,
    lasting: false,
  };
}
