/**
 * Tells captures from text and reads either; what comes after need not know which it was.
 *
 *     bytes of a file  → container.ts: gzip, what is read elsewhere
 *     a capture        → pon/capture: records, packets, links             ┐
 *     text             → text/: lines, marks, runs of digits, rows joined ┴→ the frame in bytes of a link → InputFrame
 *     frames           → tracer.ts: answers, windows, images
 */
import { CAPTURE_MAGIC_BYTES, CaptureReader, looksLikeCapture } from "../pon/capture/index.ts";
import { foreignFile, MAGIC_BYTES, unpacked } from "./container.ts";
import { TextReader } from "./text/reader.ts";
import type { InputFrame } from "./types.ts";

/** Frames out of a file of any kind, as it comes in. */
export class InputReader {
  frames = 0;
  readonly #onFrame: (frame: InputFrame) => void;
  readonly #isQuick: boolean;
  #start: Uint8Array = new Uint8Array(0);
  #capture: CaptureReader | undefined;
  #text: TextReader | undefined;
  #foreign = "";

  /** @param onFrame may keep a frame. @param isQuick see `TextReader` */
  constructor(onFrame: (frame: InputFrame) => void, isQuick = true) {
    this.#isQuick = isQuick;
    this.#onFrame = (frame) => {
      this.frames++;
      onFrame(frame);
    };
  }

  /** @param chunk must not change afterwards: frames lie in it */
  add(chunk: Uint8Array): void {
    const reader = this.#capture ?? this.#text;
    if (reader) return reader.add(chunk);
    this.#start = Buffer.concat([this.#start, chunk]);
    if (this.#start.length >= MAGIC_BYTES) this.#begin();
  }

  end(): void {
    if (!this.#capture && !this.#text) this.#begin();
    this.#capture?.end();
    this.#text?.end();
  }

  /** What was passed over, a line each. */
  get notes(): string[] {
    return this.#capture === undefined ? this.#textNotes() : this.#captureNotes(this.#capture);
  }

  /** Why there is no frame in it, as far as that is known; empty where only other lines are in it. */
  get cause(): string {
    if (this.#foreign !== "") return this.#foreign;
    if (this.#text?.encoding === "binary") return "neither a capture (pcap, pcapng, snoop, also gzip) nor text";
    return "";
  }

  #textNotes(): string[] {
    const { otherLines = 0, cutFrames = 0 } = this.#text ?? {};
    return [
      ...(otherLines > 0 ? [`${otherLines} lines hold no frame`] : []),
      ...(cutFrames > 0 ? [`${cutFrames} frames end in the middle of a byte: the last digit is missing`] : []),
    ];
  }

  #captureNotes({ otherPackets, cutPackets, passedOver, fault }: CaptureReader): string[] {
    const kinds = [...passedOver].toSorted(([, a], [, b]) => b - a).map(([kind, count]) => `${count} of ${kind}`);
    const what = kinds.length > 0 ? `: ${kinds.join(", ")}` : "";
    return [
      ...(otherPackets > 0 ? [`${otherPackets} packets hold no OMCI frame${what}`] : []),
      ...(cutPackets > 0 ? [`${cutPackets} packets were cut off when they were captured (snapshot length)`] : []),
      ...(fault === "" ? [] : [fault]),
    ];
  }

  #begin(): void {
    this.#foreign = foreignFile(this.#start) ?? "";
    const isCapture = this.#start.length >= CAPTURE_MAGIC_BYTES && looksLikeCapture(this.#start);
    if (isCapture) this.#capture = new CaptureReader(this.#onFrame);
    else this.#text = new TextReader(this.#onFrame, this.#isQuick);
    if (this.#foreign === "") (this.#capture ?? this.#text)?.add(this.#start);
    this.#start = new Uint8Array(0);
  }
}

/** All frames of an input that is in memory. */
export function readInput(bytes: Uint8Array): { frames: InputFrame[]; notes: string[] } {
  const frames: InputFrame[] = [];
  const reader = new InputReader((frame) => frames.push(frame));
  const { bytes: whole, fault } = unpacked(bytes);
  reader.add(whole);
  reader.end();
  return { frames, notes: [...reader.notes, ...(fault === "" ? [] : [fault])] };
}
