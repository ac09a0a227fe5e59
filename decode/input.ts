/** Tells captures from text and reads either; what comes after need not know which it was. */
import { CAPTURE_MAGIC_BYTES, CaptureReader, looksLikeCapture } from "../pon/capture/index.ts";
import { TextReader } from "./text-input.ts";
import type { InputFrame } from "./types.ts";

/** Frames out of a file of any kind, as it comes in. */
export class InputReader {
  frames = 0;
  readonly #onFrame: (frame: InputFrame) => void;
  #start: Uint8Array = new Uint8Array(0);
  #capture: CaptureReader | undefined;
  #text: TextReader | undefined;

  /** @param onFrame may keep a frame */
  constructor(onFrame: (frame: InputFrame) => void) {
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
    if (this.#start.length >= CAPTURE_MAGIC_BYTES) this.#begin();
  }

  end(): void {
    if (!this.#capture && !this.#text) this.#begin();
    this.#capture?.end();
    this.#text?.end();
  }

  /** What was passed over, a line each. */
  get notes(): string[] {
    const { otherPackets = 0, fault = "" } = this.#capture ?? {};
    const { otherLines = 0 } = this.#text ?? {};
    return [
      ...(otherPackets > 0 ? [`${otherPackets} packets hold no OMCI frame`] : []),
      ...(otherLines > 0 ? [`${otherLines} lines hold no frame`] : []),
      ...(fault === "" ? [] : [fault]),
    ];
  }

  #begin(): void {
    if (looksLikeCapture(this.#start)) this.#capture = new CaptureReader(this.#onFrame);
    else this.#text = new TextReader(this.#onFrame);
    (this.#capture ?? this.#text)?.add(this.#start);
    this.#start = new Uint8Array(0);
  }
}

/** All frames of an input that is in memory. */
export function readInput(bytes: Uint8Array): { frames: InputFrame[]; notes: string[] } {
  const frames: InputFrame[] = [];
  const reader = new InputReader((frame) => frames.push(frame));
  reader.add(bytes);
  reader.end();
  return { frames, notes: reader.notes };
}
