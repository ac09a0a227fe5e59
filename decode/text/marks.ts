/** What a line tells beside bytes: when, and whose; and what the lines before a frame told. */
import { AddressBook, directionOf, type LinkFrame } from "../../pon/capture/index.ts";
import type { InputFrame } from "../types.ts";
import { macsIn, type OnuMark, onuIn, OnuNames } from "./onus.ts";
import { DayCounter, type FoundTime, timeIn } from "./times.ts";

export interface Marks extends OnuMark {
  time?: FoundTime | undefined;
  macs?: readonly string[];
}

/** Letters of a line that are looked through. */
const LETTERS_MAX = 4096;
/** Lines after which what one told is no longer taken for the next frame's. */
const LINES_MAX = 24;

/** Without a time; by the words, as the same ones come again and again. */
const KNOWN = new Map<string, Marks>();
const KNOWN_MAX = 2048;
/** Longer ones are not kept. */
const KNOWN_LETTERS_MAX = 256;

/** @param words a line without the bytes of a frame */
export function marksOf(words: string): Marks {
  const text = words.length > LETTERS_MAX ? words.slice(0, LETTERS_MAX) : words;
  const time = timeIn(text);
  if (time === undefined) return timelessMarks(text);
  const marks = timelessMarks(`${text.slice(0, time.start)} ${text.slice(time.end)}`);
  return { ...marks, time };
}

function timelessMarks(words: string): Marks {
  if (words.length > KNOWN_LETTERS_MAX) return foundMarks(words);
  let marks = KNOWN.get(words);
  if (marks !== undefined) return marks;
  marks = foundMarks(words);
  if (KNOWN.size >= KNOWN_MAX) KNOWN.clear();
  KNOWN.set(words, marks);
  return marks;
}

/** JSON in a string of JSON, as containers log it. */
const QUOTE_IN_STRING = '\\"';

function foundMarks(line: string): Marks {
  const words = line.replaceAll(QUOTE_IN_STRING, '"');
  const onu = onuIn(words);
  if (onu.onuId !== undefined) return onu;
  const macs = macsIn(words);
  return macs.length > 0 ? { ...onu, macs } : onu;
}

const isNothing = ({ time, onuId, pon, device, macs }: Marks): boolean =>
  time === undefined && onuId === undefined && pon === undefined && device === undefined && macs === undefined;

/** Later ones go over earlier ones; who is named anew is named alone. Not to be changed: they may be those of a line. */
export function overlaid(before: Marks, after: Marks): Marks {
  if (isNothing(after)) return before;
  const isNamed = after.onuId !== undefined || after.device !== undefined;
  if (!isNamed) return { ...before, ...after };
  const { onuId: _onuId, device: _device, macs: _macs, ...rest } = before;
  return { ...rest, ...after };
}

/** Of a line without a frame: one address alone may be anybody's. */
function marksBetween(line: string): Marks {
  const marks = marksOf(line);
  if (marks.macs === undefined || marks.macs.length === 2) return marks;
  const { macs: _macs, ...others } = marks;
  return others;
}

/** Lines since the last frame, looked through when the next one lacks something. */
export class MarkContext {
  #lines: string[] = [];
  /** The first time of a packet counts: what follows are differences. */
  keepsFirstTime = false;

  /** A line without a frame. */
  note(line: string): void {
    this.#lines.push(line);
    if (this.#lines.length > 2 * LINES_MAX) this.#lines = this.#lines.slice(LINES_MAX);
  }

  get isEmpty(): boolean {
    return this.#lines.length === 0;
  }

  get isOneLine(): boolean {
    return this.#lines.length === 1;
  }

  get marks(): Marks {
    if (this.#lines.length === 1) return marksBetween(this.#lines[0]);
    let told: Marks = {};
    for (const line of this.#lines.slice(-LINES_MAX)) {
      const { time } = told;
      told = overlaid(told, marksBetween(line));
      if (this.keepsFirstTime && time !== undefined) told = { ...told, time };
    }
    return told;
  }

  clear(): void {
    if (this.#lines.length > 0) this.#lines = [];
  }
}

/** From marks to what a frame says of itself. */
export class FrameMaker {
  readonly #names = new OnuNames();
  readonly #addresses = new AddressBook();
  readonly #days = new DayCounter();

  make(link: LinkFrame, marks: Marks): InputFrame {
    const { frame } = link;
    const direction = link.direction ?? directionOf(frame);
    const exactNs = marks.time === undefined ? undefined : this.#days.of(marks.time);
    const named = marks.device === undefined ? marks : this.#names.settle(marks);
    const onuId = named.onuId ?? link.onuId ?? this.#byAddress(direction, marks);
    const pon = named.pon ?? link.pon;
    // Bytes of strings lie in memory that many share.
    const made: InputFrame = { frame: Buffer.isBuffer(frame) ? Uint8Array.from(frame) : frame, direction };
    if (onuId !== undefined) made.onuId = onuId;
    if (pon !== undefined) made.pon = pon;
    if (exactNs === undefined) return made;
    made.timeNs = Number(exactNs);
    if (!Number.isSafeInteger(made.timeNs)) made.exactNs = exactNs;
    return made;
  }

  #byAddress(direction: "down" | "up", { macs }: Marks): string | undefined {
    if (macs === undefined) return undefined;
    const [source, destination] = macs;
    if (destination === undefined) return source;
    return this.#addresses.onuOf(direction, source, destination);
  }
}
