/** Downloads frame by frame, with any fault put in by hand, for tests of what decode makes of them. */
import { crc32 } from "../../base/kernel/crc32.ts";
import { crc32Trailer, encodeMessage, sectionDataBytes } from "../../omci/index.ts";
import type { Message, MessageBody, MessageSet } from "../../omci/messages.ts";
import { ParityEncoder } from "../../base/kernel/parity/parity.ts";
import { type InputFrame, traceOf, type TraceRecord, type Warning } from "../../decode/index.ts";

export const BROADCAST = -1;
/** The software image instance that windows to all ONTs name. */
export const GROUP_INSTANCE = 0xffff;
const RECOVERY = 65280;
const MS = 1e6;

type Header = Partial<Pick<Message, "classId" | "instanceId" | "messageSet">>;

/** Frames of a download, one after the other, a millisecond apart. */
export class Conversation {
  readonly frames: InputFrame[] = [];
  timeNs = 0;
  readonly #messageSet: MessageSet;

  constructor(messageSet: MessageSet = "extended") {
    this.#messageSet = messageSet;
  }

  down(onuId: number, tci: number, body: MessageBody, header: Header = {}): this {
    return this.#add("down", onuId, tci, body, header);
  }

  up(onuId: number, tci: number, body: MessageBody, header: Header = {}): this {
    return this.#add("up", onuId, tci, body, header);
  }

  /** Start and its answer. */
  start(onuId: number, tci: number, imageBytes: number, windowSections = 4): this {
    this.down(onuId, tci, { type: "startDownloadRequest", windowSections, imageBytes, instances: [] });
    return this.up(onuId, tci, { type: "startDownloadResponse", result: 0, windowSections, instanceResults: [] });
  }

  /** Sections of a window; the last one with AR. */
  window(onuId: number, base: number, sections: readonly Uint8Array[], only?: readonly number[], instanceId = 1): this {
    sections.forEach((data, sectionNumber) => {
      if (only && !only.includes(sectionNumber)) return;
      const ackRequested = sectionNumber === sections.length - 1;
      const body = { type: "downloadSectionRequest", ackRequested, sectionNumber, data } as const;
      this.down(onuId, base + sectionNumber, body, { instanceId });
    });
    return this;
  }

  answer(
    onuId: number,
    tci: number,
    sectionNumber: number,
    result = 0,
    missingSections = 0,
    header: Header = {},
  ): this {
    const body = { type: "downloadSectionResponse", result, sectionNumber, missingSections, lostSections: 0 } as const;
    return this.up(onuId, tci, body, header);
  }

  parity(base: number, sections: readonly Uint8Array[], rows: number): this {
    const sectionBytes = sections[0].length;
    const encoder = new ParityEncoder();
    encoder.begin(sections.length, sectionBytes, Buffer.concat(sections), 0, sectionBytes, sections.at(-1)!.length);
    const instanceId = ((base & 0xff) << 8) | (sections.length - 1);
    for (let row = 0; row < rows; row++) {
      const data = new Uint8Array(sectionBytes);
      encoder.row(row, data, 0);
      const body = {
        type: "downloadSectionRequest",
        ackRequested: row === rows - 1,
        sectionNumber: row,
        data,
      } as const;
      this.down(BROADCAST, base + sections.length + row, body, { classId: RECOVERY, instanceId });
    }
    return this;
  }

  end(onuId: number, tci: number, image: Uint8Array, wrong: { crc32?: number; imageBytes?: number } = {}): this {
    const { crc32: check = crc32(image), imageBytes = image.length } = wrong;
    this.down(onuId, tci, { type: "endDownloadRequest", crc32: check, imageBytes, instances: [] });
    return this.up(onuId, tci, { type: "endDownloadResponse", result: 0, instanceResults: [] });
  }

  records(): TraceRecord[] {
    return traceOf(this.frames);
  }

  #add(direction: "down" | "up", onuId: number, tci: number, body: MessageBody, header: Header): this {
    const whole = { classId: 7, instanceId: 1, messageSet: this.#messageSet, ...header, tci, ...body } as Message;
    const frame = new Uint8Array(1984);
    const end = encodeMessage(whole, frame);
    crc32Trailer.seal(frame, 0, end);
    this.timeNs += MS;
    this.frames.push({ direction, onuId, timeNs: this.timeNs, frame: frame.slice(0, end + 4) });
    return this;
  }
}

/** Bytes that differ from section to section. */
export function imageOf(bytes: number): Uint8Array {
  return Uint8Array.from({ length: bytes }, (_, index) => (index * 7 + (index >> 8) * 13) & 0xff);
}

/** An image in sections; in baseline the last one is filled up with zeros. */
export function sectionsOf(image: Uint8Array, sectionBytes: number, messageSet: MessageSet = "extended"): Uint8Array[] {
  return Array.from({ length: Math.ceil(image.length / sectionBytes) }, (_, index) => {
    const data = image.slice(index * sectionBytes, (index + 1) * sectionBytes);
    if (messageSet === "extended") return data;
    const whole = new Uint8Array(sectionDataBytes("baseline"));
    whole.set(data);
    return whole;
  });
}

/** Frame number, kind and text of every warning. */
export function warningsOf(records: readonly TraceRecord[]): (Warning & { frame: number })[] {
  return records.flatMap((record) => {
    if (record.record === "warning") return [{ frame: record.frame, ...record.warning }];
    return record.record === "frame" ? record.warnings.map((warning) => ({ frame: record.frame, ...warning })) : [];
  });
}

export const imagesOf = (records: readonly TraceRecord[]): Extract<TraceRecord, { record: "image" }>[] =>
  records.filter((record) => record.record === "image");

export const windowsOf = (records: readonly TraceRecord[]): Extract<TraceRecord, { record: "window" }>[] =>
  records.filter((record) => record.record === "window");

/** An image of eight sections, in two windows of four. */
export const IMAGE = imageOf(800);
const SECTIONS = sectionsOf(IMAGE, 100);
export const FIRST = SECTIONS.slice(0, 4);
export const SECOND = SECTIONS.slice(4);
/** What is told of the image when it came through. */
export const right = { isRight: true, bytes: IMAGE.length };

/** Two windows, each answered. */
export const plain = (): Conversation =>
  new Conversation()
    .start(3, 0x6000, IMAGE.length)
    .window(3, 0x6001, FIRST)
    .answer(3, 0x6004, 3)
    .window(3, 0x6005, SECOND)
    .answer(3, 0x6008, 3)
    .end(3, 0x6009, IMAGE);
