/** Download section, the hot message, read and written by hand; the table of layouts holds it by a property test. */
import { AR, DEVICE_BASELINE, DEVICE_EXTENDED, MT } from "./constants.ts";
import { newSectionSpan, type SectionSpan } from "./section-span.ts";
import {
  BASELINE_MESSAGE_BYTES,
  BASELINE_PDU_BYTES,
  BASELINE_SECTION_AT,
  BASELINE_SECTION_BYTES,
  EXTENDED_CONTENTS_BYTES_MAX,
  EXTENDED_HEADER_BYTES,
  EXTENDED_SECTION_AT,
  HEADER_BYTES,
  SDU_LENGTH,
  WINDOW_SECTIONS_MAX,
} from "./sizes.ts";

/** Type byte of a Download section request without and with AR. */
const TYPE = MT.downloadSection;
const TYPE_AR = MT.downloadSection | AR;

/** What `readSection` found; meant to be reused. Data are at `dataStart`…`dataEnd - 1` of the same buffer. */
export interface SectionView {
  extended: boolean;
  tci: number;
  classId: number;
  instanceId: number;
  ackRequested: boolean;
  sectionNumber: number;
  dataStart: number;
  dataEnd: number;
}

export const newSectionView = (): SectionView => ({
  extended: false,
  tci: 0,
  classId: 0,
  instanceId: 0,
  ackRequested: false,
  sectionNumber: 0,
  dataStart: 0,
  dataEnd: 0,
});

/**
 * Writes section `index` of a span as a PDU without trailer. The hand-written twin of the table codec, held to it by a
 * property test.
 *
 * @returns bytes written.
 */
export function encodeSection(span: SectionSpan, index: number, out: Uint8Array, at: number): number {
  const tci = span.firstTci + index;
  const last = index === span.count - 1;
  const extended = span.messageSet === "extended";
  out[at] = tci >>> 8;
  out[at + 1] = tci;
  out[at + 2] = last && span.ackRequested ? TYPE_AR : TYPE;
  out[at + 3] = extended ? DEVICE_EXTENDED : DEVICE_BASELINE;
  out[at + 4] = span.classId >>> 8;
  out[at + 5] = span.classId;
  out[at + 6] = span.instanceId >>> 8;
  out[at + 7] = span.instanceId;
  const dataBytes = last ? span.lastSectionBytes : span.sectionBytes;
  const from = span.dataOffset + index * span.dataStride;
  if (extended) {
    out[at + 8] = (dataBytes + 1) >>> 8;
    out[at + 9] = dataBytes + 1;
    out[at + EXTENDED_HEADER_BYTES] = span.firstSection + index;
    copy(span.data, from, dataBytes, out, at + EXTENDED_SECTION_AT);
    return EXTENDED_SECTION_AT + dataBytes;
  }
  out[at + HEADER_BYTES] = span.firstSection + index;
  const dataAt = at + BASELINE_SECTION_AT;
  copy(span.data, from, dataBytes, out, dataAt);
  for (let byte = dataBytes; byte < BASELINE_SECTION_BYTES; byte++) out[dataAt + byte] = 0;
  out[at + 40] = 0;
  out[at + 41] = 0;
  out[at + 42] = 0;
  out[at + 43] = SDU_LENGTH;
  return BASELINE_PDU_BYTES;
}

/** Below this a loop beats the call. */
const COPY_LOOP_BYTES = 48;

function copy(source: Uint8Array, from: number, bytes: number, out: Uint8Array, at: number): void {
  if (bytes <= COPY_LOOP_BYTES) {
    for (let index = 0; index < bytes; index++) out[at + index] = source[from + index];
  } else {
    out.set(source.subarray(from, from + bytes), at);
  }
}

/**
 * Whether the PDU `start`…`end - 1` (no trailer) is a Download section request; fills the view if so. No allocation.
 * Baseline PDUs of 40 and 44 bytes are taken.
 */
export function readSection(buffer: Uint8Array, start: number, end: number, view: SectionView): boolean {
  const length = end - start;
  // The shortest: extended, with one byte of data.
  if (length < EXTENDED_SECTION_AT + 1) return false;
  const type = buffer[start + 2];
  if (type !== TYPE && type !== TYPE_AR) return false;
  const device = buffer[start + 3];
  if (device === DEVICE_BASELINE) {
    if (length !== BASELINE_PDU_BYTES && length !== BASELINE_MESSAGE_BYTES) return false;
    view.extended = false;
    view.sectionNumber = buffer[start + HEADER_BYTES];
    view.dataStart = start + BASELINE_SECTION_AT;
    view.dataEnd = view.dataStart + BASELINE_SECTION_BYTES;
  } else {
    if (device !== DEVICE_EXTENDED) return false;
    const contents = (buffer[start + 8] << 8) | buffer[start + 9];
    if (contents > EXTENDED_CONTENTS_BYTES_MAX || length !== EXTENDED_HEADER_BYTES + contents) return false;
    view.extended = true;
    view.sectionNumber = buffer[start + EXTENDED_HEADER_BYTES];
    view.dataStart = start + EXTENDED_SECTION_AT;
    view.dataEnd = end;
  }
  view.tci = (buffer[start] << 8) | buffer[start + 1];
  view.classId = (buffer[start + 4] << 8) | buffer[start + 5];
  view.instanceId = (buffer[start + 6] << 8) | buffer[start + 7];
  view.ackRequested = type === TYPE_AR;
  return true;
}

/**
 * Joins consecutive sections of one buffer into spans. A section that does not go on where the last one ended (number,
 * TCI, class, instance, size, spacing) ends the span; AR ends it as well. Nothing is allocated per section.
 */
export class SectionSpanCollector {
  readonly #onSpan: (span: SectionSpan) => void;
  readonly #span = newSectionSpan();

  constructor(onSpan: (span: SectionSpan) => void) {
    this.#onSpan = onSpan;
  }

  add(buffer: Uint8Array, view: SectionView): void {
    if (!this.#extend(buffer, view)) {
      this.flush();
      this.#begin(buffer, view);
    }
    if (view.ackRequested) {
      this.#span.ackRequested = true;
      this.flush();
    }
  }

  /** Hands over what is collected. Call it at the end of the buffer and before any other frame. */
  flush(): void {
    if (this.#span.count === 0) return;
    this.#onSpan(this.#span);
    this.#span.count = 0;
  }

  #begin(buffer: Uint8Array, view: SectionView): void {
    const span = this.#span;
    span.messageSet = view.extended ? "extended" : "baseline";
    span.classId = view.classId;
    span.instanceId = view.instanceId;
    span.firstTci = view.tci;
    span.firstSection = view.sectionNumber;
    span.count = 1;
    span.ackRequested = false;
    span.data = buffer;
    span.dataOffset = view.dataStart;
    span.dataStride = 0;
    span.sectionBytes = view.dataEnd - view.dataStart;
    span.lastSectionBytes = span.sectionBytes;
  }

  #extend(buffer: Uint8Array, view: SectionView): boolean {
    const span = this.#span;
    const { count } = span;
    if (count === 0 || count === WINDOW_SECTIONS_MAX || buffer !== span.data) return false;
    const stride = view.dataStart - (span.dataOffset + (count - 1) * span.dataStride);
    const bytes = view.dataEnd - view.dataStart;
    const goesOn =
      view.tci === span.firstTci + count &&
      view.sectionNumber === span.firstSection + count &&
      view.classId === span.classId &&
      view.instanceId === span.instanceId &&
      view.extended === (span.messageSet === "extended") &&
      // A shorter section is the last of its span: behind it another begins.
      span.lastSectionBytes === span.sectionBytes &&
      bytes <= span.sectionBytes &&
      (count === 1 || stride === span.dataStride);
    if (!goesOn) return false;
    span.dataStride = count === 1 ? stride : span.dataStride;
    span.lastSectionBytes = bytes;
    span.count = count + 1;
    return true;
  }
}
