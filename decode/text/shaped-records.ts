/**
 * The quick road over a long log: records of a shape that was read before, letter by letter as any other text, are taken at
 * once. Only where all that reading looks at is the same: what is not quite so, or may be taken for something else by what its
 * bytes or numbers are, is left to the road that reads line by line, and both end where the other one can go on.
 */
import { leastBytes, surelyBegins } from "../../pon/capture/index.ts";
import { NO_FORMS, otherForms } from "./forms.ts";
import { looksLikePacket, STRAY_BYTES_MAX } from "./found.ts";
import { SEEN } from "./letters.ts";
import type { Line } from "./lines.ts";
import { type Marks, marksOf } from "./marks.ts";
import { type DumpMold, ROW_BYTES_MAX, type RowPlaces } from "./mold.ts";
import { type DumpRow, isBlankPrefix, isOffsetPrefix, isOffsetGap, isOfShape, isPartOfShape, rowOf } from "./rows.ts";
import { HexRuns } from "./runs.ts";
import { RecordShape } from "./shape.ts";
import type { RowsUnderWay } from "./under-way.ts";

/** Both directions of some ONUs, and rows of several lengths. */
const SHAPES_MAX = 16;
const RECORD_LETTERS_MAX = 4096;
/** No dump has an offset from here on. */
const OFFSETS_MAX = 16 * 1024;
/** Offsets behind which dumps are looked through for frames. */
const DUMP_BYTES_MAX = 1000;
/** Rows of one line that a terminal may have broken are longer. */
const PLAIN_LETTERS_MAX = 59;
const FRAME_BYTES_MIN = 10;
const ETHERNET_BYTES = 14;
const DEVICE_AT = 3;
const DEVICE_EXTENDED = 0x0b;
/** In a list of decimal numbers it would be the device identifier of an extended frame. */
const EXTENDED_IN_DECIMALS = 0x11;
/** Digits of a run in which nobody looks for a frame, or for a beginning of one. */
const RUN_DIGITS_MAX = 11;
/** What it costs to learn a shape is worth that many records. */
const RECORDS_A_SHAPE = 64;
const LEARNING_MAX = 16;
const PLAIN_ROW = /^[ \t]*[\da-f]{2}(?: [\da-f]{2})+$/i;
/** Signs for which a line is looked at more closely. */
const SIGNS = SEEN.tag | SEEN.escape | SEEN.backslash;
const LINE_END = 0x0a;

/** A record that is being read line by line. */
interface Sample {
  header: Line;
  rows: Line[];
  first?: DumpRow;
  marks?: Marks;
}

export class ShapedRecords {
  readonly #rows: RowsUnderWay;
  readonly #onRecord: (shape: RecordShape) => void;
  readonly #runs = new HexRuns();
  #shapes: RecordShape[] = [];
  #last = 0;
  #sample: Sample | undefined;
  #learning = LEARNING_MAX;

  /** @param onRecord takes what was read of a record of that shape */
  constructor(rows: RowsUnderWay, onRecord: (shape: RecordShape) => void) {
    this.#rows = rows;
    this.#onRecord = onRecord;
  }

  get isKnown(): boolean {
    return this.#shapes.length > 0;
  }

  /** @param to whole lines that are nothing but lines end there. @returns where the record behind those that were taken begins */
  take(text: Uint8Array, from: number, to: number): number {
    let at = from;
    for (let shape = this.#next(text, at, to); shape !== undefined; shape = this.#next(text, at, to)) {
      this.#onRecord(shape);
      at += shape.length;
      this.#earn();
    }
    if (at > from) this.#sample = undefined;
    return at;
  }

  #next(text: Uint8Array, from: number, to: number): RecordShape | undefined {
    const shapes = this.#shapes;
    for (let tried = 0, index = this.#last; tried < shapes.length; tried++, index = (index + 1) % shapes.length) {
      const shape = shapes[index];
      if (from + shape.length > to || !shape.matches(text, from) || !isPlain(shape)) continue;
      if (!this.#rows.isReadyFor(shape)) return undefined;
      this.#last = index;
      return shape;
    }
    return undefined;
  }

  /** A line without bytes: a record may begin, and the one before it is over. */
  header(line: Line): void {
    const sample = this.#sample;
    this.#earn();
    if (sample?.first !== undefined && this.#learning >= 1) this.#learn(sample, line.from);
    this.#sample = { header: line, rows: [] };
  }

  #earn(): void {
    this.#learning = Math.min(LEARNING_MAX, this.#learning + 1 / RECORDS_A_SHAPE);
  }

  /** The first row behind a header, and what is told of it. */
  first(line: Line, row: DumpRow, marks: Marks): void {
    const sample = this.#sample;
    if (sample === undefined || sample.rows.length > 0) return this.other();
    this.#sample = { header: sample.header, rows: [line], first: row, marks };
  }

  row(line: Line): void {
    const sample = this.#sample;
    if (sample === undefined) return;
    if (sample.rows.length === 0) return this.other();
    sample.rows.push(line);
  }

  /** Anything else. */
  other(): void {
    this.#sample = undefined;
  }

  #learn({ header, rows, first, marks }: Sample, end: number): void {
    const { bytes, from } = header;
    const { mold } = this.#rows;
    if (first === undefined || marks === undefined || end - from > RECORD_LETTERS_MAX) return;
    if (!areTogether([header, ...rows], end)) return;
    // Of a known shape, and read line by line for what its bytes or numbers are.
    if (this.#shapes.some((shape) => shape.length === end - from && shape.fits(bytes, from))) return;
    this.#learning--;
    const places = mold === undefined ? plainPlaces(rows, from) : moldPlaces(mold, rows, from);
    if (places === undefined) return;
    const all = places.flatMap((row) => row.bytes);
    const read = Uint8Array.from(all, (at) => Number.parseInt(bytes.toString("latin1", from + at, from + at + 2), 16));
    const isPacket = looksLikePacket(read.subarray(0, places[0].bytes.length));
    if (rows.length < 2 || (mold !== undefined && read.length > DUMP_BYTES_MAX)) return;
    if (isPacket && !isPlainPacket(read, places[0].bytes.length)) return;
    const numbers = this.#numbersIn(header, first);
    if (numbers === undefined || !isTimeOf(header, first, marks)) return;
    const text = Uint8Array.from(bytes.subarray(from, end));
    const base = mold === undefined ? undefined : (mold.read(rows[1]), mold.baseAt(places[0].bytes.length));
    const linkBytes = isPacket ? ETHERNET_BYTES : 0;
    const headerLetters = header.length;
    const shape = new RecordShape({ text, headerLetters, rows: places, first, marks, mold, base, numbers, linkBytes });
    if (!this.#isHarmless(header, shape) || !shape.matches(text, 0) || !isPlain(shape)) return;
    const isAlike = this.#shapes.every((one) => one.mold === mold && one.first.prefix === first.prefix);
    this.#shapes = isAlike ? [...this.#shapes.slice(1 - SHAPES_MAX), shape] : [shape];
    this.#last = this.#shapes.length - 1;
  }

  /**
   * Whatever digits of its time are, nothing in the header is taken for bytes, for a row of those before it, or for the first of
   * other ones.
   *
   * @returns numbers in it that could be an offset if they were small; undefined: it may be something else
   */
  #numbersIn(header: Line, first: DumpRow): [number, number][] | undefined {
    const runs = this.#runs;
    runs.scan(header);
    if ((runs.seen & SIGNS) !== 0) return undefined;
    if (otherForms(header, false, runs.wordsInRows) !== NO_FORMS) return undefined;
    const numbers: [number, number][] = [];
    for (let index = 0; index < runs.count; index++) {
      const run = runs.run(index);
      const next = index + 1 < runs.count ? runs.run(index + 1) : undefined;
      if (run.count === 1 && next !== undefined && isOffsetGap(header, run.end, next.start))
        numbers.push([run.word(0) - header.from, run.end - header.from]);
    }
    const row = rowOf(header, runs);
    if (row === undefined) return numbers;
    if (row.offsets.some((offset) => offset < OFFSETS_MAX)) return undefined;
    const isAlike =
      isBlankPrefix(row.prefix) ||
      isOffsetPrefix(row.prefix) ||
      isOfShape(row.prefix, first.prefix) ||
      isPartOfShape(row.prefix, first.prefix);
    const isOther = row.isHalfAtFront || (row.offsets.length > 0 && first.offsets.includes(0)) || !isAlike;
    return isOther ? numbers : undefined;
  }

  /** Digits that differ stand in no run in which somebody looks for a frame. */
  #isHarmless(header: Line, shape: RecordShape): boolean {
    const runs = this.#runs;
    runs.scan(header);
    for (let index = 0; index < runs.count; index++) {
      const run = runs.run(index);
      const [start, end] = [run.start - header.from, run.end - header.from];
      if (!shape.places.some((at) => at >= start && at < end)) continue;
      if (run.digitCount > RUN_DIGITS_MAX || /[a-f]/i.test(header.bytes.toString("latin1", run.start, run.end)))
        return false;
    }
    return true;
  }
}

/** Without anything between them, up to there. */
function areTogether(lines: readonly Line[], end: number): boolean {
  const [{ bytes }] = lines;
  return lines.every((line, index) => {
    const next = index + 1 < lines.length ? lines[index + 1].from : end;
    return line.bytes === bytes && line.to + 1 === next && bytes[line.to] === LINE_END;
  });
}

/** The header alone tells when. */
function isTimeOf(header: Line, { prefix, tail }: DumpRow, { time }: Marks): boolean {
  if (marksOf(`${prefix} ${tail}`).time !== undefined) return false;
  const told = marksOf(header.text).time;
  return told?.ns === time?.ns && told?.start === time?.start && told?.end === time?.end;
}

/** Of rows that are bytes apart and nothing else. */
function plainPlaces(rows: readonly Line[], from: number): RowPlaces[] | undefined {
  if (!rows.every(({ text }) => PLAIN_ROW.test(text) && text.length <= PLAIN_LETTERS_MAX)) return undefined;
  return rows.map((line) => {
    const start = line.from - from + line.text.search(/[^ \t]/);
    const bytes = Array.from({ length: (line.to - from - start + 1) / 3 }, (_, at) => start + 3 * at);
    return { bytes, letters: -1 };
  });
}

function moldPlaces(mold: DumpMold, rows: readonly Line[], from: number): RowPlaces[] | undefined {
  const places: RowPlaces[] = [];
  let offset = 0;
  for (const line of rows) {
    const count = mold.read(line);
    if (count === 0 || count > ROW_BYTES_MAX || !mold.isAt(offset)) return undefined;
    if (line !== rows.at(-1) && count < mold.rowBytes) return undefined;
    const { bytes, letters } = mold.placesOf(count);
    const start = line.from - from;
    places.push({ bytes: bytes.map((at) => start + at), letters: letters < 0 ? letters : start + letters });
    offset += count;
  }
  return places;
}

/** Ethernet with OMCI in it, nothing of which is in its first row, nor anything that it could be instead. */
function isPlainPacket(read: Uint8Array, firstBytes: number): boolean {
  if (read[12] !== 0x88 || read[13] !== 0xb5 || firstBytes < ETHERNET_BYTES) return false;
  if (firstBytes >= ETHERNET_BYTES + FRAME_BYTES_MIN - 1) return false;
  for (let at = 0; at <= STRAY_BYTES_MAX; at++) if (surelyBegins(read, at)) return false;
  const isCooked = read[2] === 0 && read[3] <= 1;
  return !isCooked && (read[2] << 8) + read[3] !== firstBytes && (read[4] << 8) + read[5] + 40 !== firstBytes;
}

/** Whether its bytes are what they seem to be, and begin nothing else in any row. */
function isPlain({ read, rowStarts, firstBytes, lastBytes, isPacket, mold }: RecordShape): boolean {
  for (let row = 1; row < rowStarts.length; row++) if (surelyBegins(read, rowStarts[row])) return false;
  if (isPacket) return mold !== undefined || !isWholeIn(read, read.length - lastBytes);
  if (!surelyBegins(read) || firstBytes < 6) return false;
  const least = leastBytes(read);
  if (least === undefined || least > read.length || least <= firstBytes) return false;
  if (mold === undefined && read.length - lastBytes >= least) return false;
  if (firstBytes >= ETHERNET_BYTES && looksLikePacket(read)) return false;
  for (let at = 1; at + FRAME_BYTES_MIN <= firstBytes && at <= STRAY_BYTES_MAX; at++)
    if (read[at + DEVICE_AT] === DEVICE_EXTENDED && surelyBegins(read, at)) return false;
  return mold !== undefined || !mayBeDecimals(read, firstBytes);
}

/** Whether the frame of a packet ends within so many bytes: rows without offsets behind it are none of it. */
function isWholeIn(packet: Uint8Array, bytes: number): boolean {
  const least = leastBytes(packet, ETHERNET_BYTES);
  return least !== undefined && ETHERNET_BYTES + least <= bytes;
}

/** Whether bytes may be a list of decimal numbers with an extended frame in it. */
function mayBeDecimals(read: Uint8Array, count: number): boolean {
  let numbers = 0;
  let isExtended = false;
  for (let at = 0; at < count; at++) {
    const byte = read[at];
    if (byte >> 4 > 9 || (byte & 15) > 9) {
      numbers = 0;
      isExtended = false;
      continue;
    }
    isExtended ||= byte === EXTENDED_IN_DECIMALS;
    if (++numbers >= FRAME_BYTES_MIN && isExtended) return true;
  }
  return false;
}
