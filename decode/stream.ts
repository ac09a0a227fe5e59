/** How far the image on one channel has come, as the capture shows it, and how far it was some windows ago. */
import { CRC32_INIT, crc32Update } from "../base/kernel/index.ts";
import type { AssembledWindow, CapturedWindow } from "./window.ts";

export const BROADCAST = -1;
/** Windows back to which a stream can tell how far it was. */
const MARKS_MAX = 1024;

/** How far an image has come. */
export interface StreamProgress {
  /** Windows taken in. */
  windows: number;
  /** Bytes of the image; where the next window begins. */
  offsetBytes: number;
  /** CRC register over them. */
  register: number;
  /** Some section is not in the capture: the image cannot be whole. */
  isBroken: boolean;
}

export interface StreamOptions {
  pon: number;
  /** -1: the broadcast port. */
  onuId: number | undefined;
  /** From Start; undefined when none was seen. */
  imageBytes: number | undefined;
}

/** Windows on one channel, an OMCC or the broadcast port, one after the other. */
export class Stream {
  /** For the store: no two streams have the same. */
  readonly key: string;
  readonly pon: number;
  readonly onuId: number | undefined;
  readonly imageBytes: number | undefined;
  window: CapturedWindow | undefined;
  /** Base of the window taken in last, and the times its end was sent; -1 = none. */
  takenBase = -1;
  takenRounds = 0;
  #takenLastTci = -1;
  /** Bytes that went over this stream itself. */
  ownBytes = 0;
  /** Answers to sections were seen: only they tell that a window was taken in. */
  isAnswered = false;
  #progress: StreamProgress = { windows: 0, offsetBytes: 0, register: CRC32_INIT, isBroken: false };
  readonly #marks = new Map<number, StreamProgress>();

  constructor(key: string, { pon, onuId, imageBytes }: StreamOptions) {
    this.key = key;
    this.pon = pon;
    this.onuId = onuId;
    this.imageBytes = imageBytes;
    this.#marks.set(0, this.#progress);
  }

  get isGroup(): boolean {
    return this.onuId === BROADCAST;
  }

  get progress(): StreamProgress {
    return this.#progress;
  }

  /** How far it was after so many windows; undefined when that is too long ago. */
  progressAt(windows: number): StreamProgress | undefined {
    return this.#marks.get(windows);
  }

  /** Goes on from where another stream is. */
  goOnFrom(progress: StreamProgress): void {
    this.#progress = progress;
  }

  /** The window of this base, taken in or under way. */
  knows(base: number): boolean {
    return this.window?.base === base || this.takenBase === base;
  }

  /** Number of the window of a base that it knows. */
  windowNumber(base: number): number {
    return this.#progress.windows - (this.window?.base === base ? 0 : 1);
  }

  /** Windows up to the one whose last section has this TCI; undefined when it is neither of the two known. */
  windowsUpTo(lastTci: number): number | undefined {
    if (this.window?.lastTci === lastTci) return this.#progress.windows + 1;
    return this.#takenLastTci === lastTci ? this.#progress.windows : undefined;
  }

  /** Takes the window in. @returns its bytes of the image; padding of the last window is none. */
  take(assembled: AssembledWindow): Uint8Array {
    const { windows, offsetBytes, register, isBroken } = this.#progress;
    const image = assembled.bytes.subarray(0, Math.max(0, (this.imageBytes ?? Infinity) - offsetBytes));
    this.#progress = {
      windows: windows + 1,
      offsetBytes: offsetBytes + image.length,
      register: crc32Update(register, image),
      isBroken: isBroken || assembled.missing.length > 0,
    };
    this.ownBytes += image.length;
    this.#marks.set(windows + 1, this.#progress);
    this.#marks.delete(windows + 1 - MARKS_MAX);
    this.takenBase = this.window!.base;
    this.#takenLastTci = this.window!.lastTci;
    this.takenRounds = this.window!.rounds;
    this.window = undefined;
    return image;
  }
}
