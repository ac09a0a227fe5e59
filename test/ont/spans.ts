/** Windows of an image, whole or in part, as spans of sections. */
import { ANY_INSTANCE, SOFTWARE_IMAGE } from "../../omci/index.ts";
import type { MessageSet } from "../../omci/messages.ts";
import type { SectionSpan } from "../../omci/section-span.ts";
import type { Channel } from "../../pon/types.ts";

export interface WindowSpec {
  /** TCI of section 0. */
  base: number;
  /** First section of the window, counted in the image. */
  firstSection: number;
  sections: number;
  sectionBytes: number;
  /** Sections of the window that go out; default all. */
  from?: number;
  count?: number;
  channel?: Channel;
  instanceId?: number;
  /** Whether the window's last section, when it is among those sent, has AR. */
  ackRequested?: boolean;
}

/** Sections `from`… of a window as one run over the image. */
export function windowSpan(content: Uint8Array, messageSet: MessageSet, window: WindowSpec): SectionSpan {
  const { base, firstSection, sections, sectionBytes, from = 0 } = window;
  const count = window.count ?? sections - from;
  const dataOffset = (firstSection + from) * sectionBytes;
  const isLast = from + count === sections;
  const lastSectionBytes = Math.min(sectionBytes, content.length - (firstSection + from + count - 1) * sectionBytes);
  return {
    messageSet,
    classId: SOFTWARE_IMAGE,
    instanceId: window.instanceId ?? (window.channel === "broadcast" ? ANY_INSTANCE : 1),
    firstTci: base + from,
    firstSection: from,
    count,
    ackRequested: isLast && (window.ackRequested ?? true),
    data: content,
    dataOffset,
    dataStride: sectionBytes,
    sectionBytes,
    lastSectionBytes,
    parityOf: null,
    lasting: false,
  };
}
