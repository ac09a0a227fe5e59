/** Adds up the traffic of everything but sections: discovery, Start, End, bitmaps and answers. */
import { SOFTWARE_IMAGE, type MessageBody, type MessageSet } from "../../omci/index.ts";
import { messageBytes } from "./link.ts";
import type { LineFacts } from "./types.ts";

/** Frames and bytes of GEM frames, both ways. */
export interface Traffic {
  downFrames: number;
  downBytes: number;
  upFrames: number;
  upBytes: number;
}

export const newTraffic = (): Traffic => ({ downFrames: 0, downBytes: 0, upFrames: 0, upBytes: 0 });

/** Value bytes of the Gets before a download (olt/core/discovery.ts): ONU2-G, both images, product code, recovery ME. */
const DISCOVERY_VALUES = [21, 17, 17, 25, 8] as const;
export const DISCOVERY_QUESTIONS = DISCOVERY_VALUES.length;
/** Of the Get, and the Set, of the image held (olt/core/held.ts). */
const HELD_IMAGE_BYTES = 24;
/** Value bytes of the two Gets of a bitmap (olt/core/missing-query.ts). */
const BITMAP_VALUES = [22, 16] as const;
/** Sections that the first of them tells of. */
export const BITMAP_LOW_SECTIONS = 128;
/** What an ONT tells unasked once it has stored the image: is valid, and version. */
const AVC_VALUES = [1, 14] as const;

/** Sizes of control messages on one port, and what many of them come to. */
export class ControlTraffic {
  readonly total = newTraffic();
  readonly #line: LineFacts;

  constructor(line: LineFacts) {
    this.#line = line;
  }

  sizeOf(messageSet: MessageSet, body: MessageBody, classId: number = SOFTWARE_IMAGE): number {
    return messageBytes(this.#line, { tci: 1, messageSet, classId, instanceId: 0, ...body });
  }

  /** Bytes of the answer to a section. */
  sectionAnswerBytes(messageSet: MessageSet): number {
    const body = { result: 0, sectionNumber: 0, missingSections: 0, lostSections: 0 };
    return this.sizeOf(messageSet, { type: "downloadSectionResponse", ...body });
  }

  /** Requests sent so often, of which so many were answered. */
  #exchange(messageSet: MessageSet, request: MessageBody, answer: MessageBody, sent: number, answered: number): void {
    this.total.downFrames += sent;
    this.total.downBytes += sent * this.sizeOf(messageSet, request);
    this.total.upFrames += answered;
    this.total.upBytes += answered * this.sizeOf(messageSet, answer);
  }

  #get(messageSet: MessageSet, valueBytes: number, sent: number, answered: number): void {
    const answer = {
      type: "getResponse" as const,
      result: 0,
      attributeMask: 0,
      values: new Uint8Array(valueBytes),
      optionalAttributeMask: 0,
      attributeExecutionMask: 0,
    };
    this.#exchange(messageSet, { type: "getRequest", attributeMask: 0x8000 }, answer, sent, answered);
  }

  /** @param placeAware of these ONTs: they are asked which image they hold, and told which one comes */
  discovery(onts: number, placeAware: number, asksRecovery: boolean, repeats: number): void {
    const questions = asksRecovery ? DISCOVERY_VALUES : DISCOVERY_VALUES.slice(0, -1);
    for (const valueBytes of questions) this.#get("baseline", valueBytes, onts * repeats, onts);
    if (!asksRecovery) return;
    this.#get("baseline", HELD_IMAGE_BYTES, placeAware * repeats, placeAware);
    const request = { type: "setRequest" as const, attributeMask: 0, values: new Uint8Array(HELD_IMAGE_BYTES) };
    const answer = { type: "setResponse" as const, result: 0, optionalAttributeMask: 0, attributeExecutionMask: 0 };
    this.#exchange("baseline", request, answer, placeAware * repeats, placeAware);
  }

  /** @param gets ONTs asked for a bitmap */
  bitmaps(messageSet: MessageSet, windowSections: number, gets: number, repeats: number): void {
    const questions = windowSections > BITMAP_LOW_SECTIONS ? BITMAP_VALUES : BITMAP_VALUES.slice(0, 1);
    for (const valueBytes of questions) this.#get(messageSet, valueBytes, gets * repeats, gets);
  }

  starts(messageSet: MessageSet, sent: number, answered: number): void {
    const request = { type: "startDownloadRequest" as const, windowSections: 1, imageBytes: 1, instances: [0] };
    const answer = { type: "startDownloadResponse" as const, result: 0, windowSections: 1, instanceResults: [] };
    this.#exchange(messageSet, request, answer, sent, answered);
  }

  /** @param stored ONTs that store the image, and tell so unasked */
  ends(messageSet: MessageSet, sent: number, answered: number, stored: number): void {
    const request = { type: "endDownloadRequest" as const, crc32: 0, imageBytes: 1, instances: [0] };
    const answer = { type: "endDownloadResponse" as const, result: 0, instanceResults: [] };
    this.#exchange(messageSet, request, answer, sent, answered);
    for (const valueBytes of AVC_VALUES) {
      const avc = { type: "avc" as const, attributeMask: 0, values: new Uint8Array(valueBytes) };
      this.total.upFrames += stored;
      this.total.upBytes += stored * this.sizeOf(messageSet, avc);
    }
  }

  sectionAnswers(messageSet: MessageSet, frames: number): void {
    this.total.upFrames += frames;
    this.total.upBytes += frames * this.sectionAnswerBytes(messageSet);
  }
}
