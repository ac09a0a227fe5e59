/** How far the image on one channel has come, as the capture shows it, and how far it was some windows ago. */
import { CRC32_INIT, crc32Update } from "../base/kernel/index.ts";
import type { OnuName } from "./types.ts";
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

/** How far it has come when windows that are the same as the one before them do not count: they were sent again. */
interface Lean {
  offsetBytes: number;
  register: number;
  repeats: number;
}

/** What a window brought. */
export interface Taken {
  /** Bytes to keep: padding of the last window is none. */
  kept: Uint8Array;
  /** So many of them count. */
  bytes: number;
  /** So many count where windows that are the same as the one before them do not. */
  leanBytes: number;
}

export interface StreamOptions {
  pon: number | string;
  /** -1: the broadcast port. */
  onuId: OnuName;
  /** From Start; undefined when none was seen. */
  imageBytes: number | undefined;
}

/** Windows on one channel, an OMCC or the broadcast port, one after the other. */
export class Stream {
  /** For the store: no two streams have the same. */
  readonly key: string;
  readonly pon: number | string;
  readonly onuId: OnuName;
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
  #lean: Lean = { offsetBytes: 0, register: CRC32_INIT, repeats: 0 };
  /** The window taken in last, as length and CRC. */
  #last = "";
  /** Base of the section seen last, and of the window that was left before its end. */
  #lastBase = -1;
  #leftBase = -1;
  /** Number of the section seen last, where its window had it already. */
  #repeated = -1;
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

  get lean(): Readonly<Lean> {
    return this.#lean;
  }

  /**
   * Sections of one ONU follow one another.
   *
   * @returns whether this one shows that there are two: its window goes on though another one was begun behind it, or one that
   *   was sent again is followed by one that is new
   */
  noteSection(base: number, sectionNumber: number): boolean {
    const last = this.#lastBase;
    const wasRepeated = this.#repeated;
    const isKnown = this.window?.base === base && this.window.last < 0;
    this.#repeated = isKnown && this.window!.has(sectionNumber) ? sectionNumber : -1;
    if (base === last) return isKnown && wasRepeated >= 0 && this.#repeated < 0 && sectionNumber !== wasRepeated + 1;
    this.#lastBase = base;
    const isReturn = base === this.#leftBase;
    // Where its last section was seen, it is sent once more.
    this.#leftBase = this.window !== undefined && this.window.base === last && this.window.last < 0 ? last : -1;
    return isReturn;
  }

  /**
   * The window under way is sent again with other TCIs, this is not the next one: the ONT refused it, or the capture lacks some
   * of what is sent again. One that is whole is taken in: whether it counts is judged at the End.
   */
  isSentAnew(sectionNumber: number, data: Uint8Array): boolean {
    const window = this.window!;
    if (window.isRefused) return true;
    if (!window.has(sectionNumber)) return this.isAnswered;
    return window.agrees(sectionNumber, data) && window.missing().length > 0;
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
    this.#lean = { offsetBytes: progress.offsetBytes, register: progress.register, repeats: 0 };
    this.#last = "";
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

  /** Takes the window in. */
  take(assembled: AssembledWindow): Taken {
    const { windows, offsetBytes, register, isBroken } = this.#progress;
    const upTo = (offset: number): Uint8Array =>
      assembled.bytes.subarray(0, Math.max(0, (this.imageBytes ?? Infinity) - offset));
    const image = upTo(offsetBytes);
    const leanImage = this.#takeLean(assembled.bytes, upTo(this.#lean.offsetBytes));
    const kept = leanImage.length > image.length ? leanImage : image;
    this.#progress = {
      windows: windows + 1,
      offsetBytes: offsetBytes + image.length,
      register: crc32Update(register, image),
      isBroken: isBroken || assembled.missing.length > 0,
    };
    this.ownBytes += kept.length;
    this.#marks.set(windows + 1, this.#progress);
    this.#marks.delete(windows + 1 - MARKS_MAX);
    this.takenBase = this.window!.base;
    this.#takenLastTci = this.window!.lastTci;
    this.takenRounds = this.window!.rounds;
    this.window = undefined;
    return { kept, bytes: image.length, leanBytes: leanImage.length };
  }

  /** @returns what counts of the window: nothing where it is the same as the one before it */
  #takeLean(all: Uint8Array, image: Uint8Array): Uint8Array {
    const { offsetBytes, register, repeats } = this.#lean;
    const mark = `${all.length}/${crc32Update(CRC32_INIT, all)}`;
    const isRepeat = mark === this.#last && !this.isGroup;
    this.#last = mark;
    if (isRepeat) {
      this.#lean = { offsetBytes, register, repeats: repeats + 1 };
      return image.subarray(0, 0);
    }
    this.#lean = { offsetBytes: offsetBytes + image.length, register: crc32Update(register, image), repeats };
    return image;
  }
}
