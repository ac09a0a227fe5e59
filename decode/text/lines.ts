/** Bytes of a file to lines of text: encodings, ends of lines, lines without end. */
import { objectsOf, recordsOf } from "./seams.ts";

/** A line that is longer is cut where something ends in it, or passed over. */
const LINE_LETTERS_MAX = 64 * 1024;
/** From here on a line is looked through for places where it may be cut. */
const LONG_LETTERS = 4096;
/** `<81><01>`: no tags of XML. */
const BYTES_IN_TAGS = /(?:<(?:0x)?[\da-f]{2}>\s*){4}/i;
const CUT_MARKS = ["},", "],", '",', "><"] as const;
/** Bytes that are looked at for the encoding. */
const SAMPLE_BYTES = 1024;
const BINARY_SHARE = 0.2;

export type Encoding = "utf-8" | "utf-16le" | "utf-16be" | "binary";

/** By its mark, else by where zero bytes stand. */
export function encodingOf(bytes: Uint8Array): Encoding {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  const sample = bytes.subarray(0, SAMPLE_BYTES);
  const zeros = [0, 0];
  let controls = 0;
  for (const [at, byte] of sample.entries()) {
    if (byte === 0) zeros[at % 2]++;
    else if (byte < 9 || (byte > 13 && byte < 27) || byte === 0x7f) controls++;
  }
  if (zeros[1] > sample.length / 3 && zeros[0] === 0) return "utf-16le";
  if (zeros[0] > sample.length / 3 && zeros[1] === 0) return "utf-16be";
  return zeros[0] + zeros[1] + controls > sample.length * BINARY_SHARE ? "binary" : "utf-8";
}

const BEYOND_LATIN_1 = /[^\0-\u00ff]/g;
const OTHER_LETTER = "\u00ff";
const LINE_END = 0x0a;
const RETURN = 0x0d;
const TAG_SEAM = "><";
/** Between objects on one line, as most programs have it. */
const OBJECT_SEAMS = ["},{", "}, {"] as const;
const NOTHING = Buffer.alloc(0);

/** @returns behind everything where it is in none of the rest */
function placeOf(bytes: Buffer, sought: number | string, from: number): number {
  const place = bytes.indexOf(sought, from);
  return place < 0 ? bytes.length : place;
}

const objectPlaceOf = (bytes: Buffer, from: number): number =>
  Math.min(...OBJECT_SEAMS.map((seam) => placeOf(bytes, seam, from)));

/** A line where it stands in a piece of a file: what looks at every letter reads bytes, the rest may have it as text. */
export class Line {
  /** Of the whole piece; in Latin-1, so that letter and byte have the same place. */
  readonly bytes: Buffer;
  /** Places in the piece. */
  readonly from: number;
  readonly to: number;
  #text: string | undefined;

  constructor(bytes: Buffer, from: number, to: number) {
    this.bytes = bytes;
    this.from = from;
    this.to = to;
  }

  static of(text: string): Line {
    return new Line(Buffer.from(text, "latin1"), 0, text.length);
  }

  get text(): string {
    return (this.#text ??= this.bytes.toString("latin1", this.from, this.to));
  }

  get length(): number {
    return this.to - this.from;
  }

  /** What is in front of a place in the piece, and what is behind one. */
  before(place: number): string {
    return place === this.from ? "" : this.bytes.toString("latin1", this.from, place);
  }

  behind(place: number): string {
    return place === this.to ? "" : this.bytes.toString("latin1", place, this.to);
  }
}

/** Cuts text into lines, whatever pieces it comes in. */
export class LineSplitter {
  readonly #onLine: (line: Line) => void;
  readonly #onLines: (text: Buffer, from: number, to: number) => number;
  #encoding: Encoding | undefined;
  #decoder: InstanceType<typeof TextDecoder> | undefined;
  /** What has no end yet. */
  #rest: Buffer = NOTHING;

  /** @param onLines may take whole lines that nothing has to be taken apart in, from there on up to an end; tells how far it did */
  constructor(onLine: (line: Line) => void, onLines: (text: Buffer, from: number, to: number) => number) {
    this.#onLine = onLine;
    this.#onLines = onLines;
  }

  /** Undefined until the first bytes have come. */
  get encoding(): Encoding | undefined {
    return this.#encoding;
  }

  add(chunk: Uint8Array): void {
    if (this.#encoding === undefined) this.#begin(chunk);
    const bytes = this.#latin1Of(chunk);
    let end = bytes.indexOf(LINE_END);
    if (end < 0) return this.#keep(Buffer.concat([this.#rest, bytes]));
    let from = 0;
    if (this.#rest.length > 0) {
      this.#whole(Buffer.concat([this.#rest, bytes.subarray(0, end)]).toString("latin1"));
      from = end + 1;
      end = bytes.indexOf(LINE_END, from);
    }
    // Most lines have neither: where the next one stands is asked when the last one is behind.
    let nextReturn = placeOf(bytes, RETURN, from);
    let nextSeam = placeOf(bytes, TAG_SEAM, from);
    let nextObject = objectPlaceOf(bytes, from);
    for (; end >= 0; end = bytes.indexOf(LINE_END, from)) {
      if (nextReturn < from) nextReturn = placeOf(bytes, RETURN, from);
      if (nextSeam < from) nextSeam = placeOf(bytes, TAG_SEAM, from);
      if (nextObject < from) nextObject = objectPlaceOf(bytes, from);
      const isPlain = nextReturn >= end && nextSeam >= end && nextObject >= end;
      if (isPlain) {
        const behind = this.#onLines(bytes, from, Math.min(nextReturn, nextSeam, nextObject));
        if (behind > from) {
          from = behind;
          continue;
        }
      }
      if (isPlain && end - from < LONG_LETTERS) this.#onLine(new Line(bytes, from, end));
      else this.#whole(bytes.toString("latin1", from, end));
      from = end + 1;
    }
    this.#keep(Buffer.from(bytes.subarray(from)));
  }

  end(): void {
    const last = this.#rest.toString("latin1") + latin1(this.#decoder?.decode() ?? "");
    this.#rest = NOTHING;
    if (last !== "") this.#whole(last);
  }

  #keep(rest: Buffer): void {
    this.#rest = rest;
    if (rest.length > LINE_LETTERS_MAX) this.#cutRest(rest.toString("latin1"));
  }

  #begin(chunk: Uint8Array): void {
    this.#encoding = encodingOf(chunk);
    if (this.#encoding.startsWith("utf-16")) this.#decoder = new TextDecoder(this.#encoding);
  }

  /** What matters in a line is ASCII: other letters may stand for themselves byte by byte. */
  #latin1Of(chunk: Uint8Array): Buffer {
    if (this.#decoder !== undefined)
      return Buffer.from(latin1(this.#decoder.decode(chunk, { stream: true })), "latin1");
    return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  }

  #whole(line: string): void {
    if (!line.includes("\r")) return this.#pieces(line);
    for (const piece of line.split("\r")) if (piece !== "" || line === "\r") this.#pieces(piece);
  }

  #pieces(line: string): void {
    const isTagged = line.includes(TAG_SEAM) && !BYTES_IN_TAGS.test(line);
    if (!isTagged && OBJECT_SEAMS.some((seam) => line.includes(seam))) return this.#objects(line);
    if (line.length < LONG_LETTERS && !isTagged) return this.#onLine(Line.of(line));
    for (const piece of recordsOf(line)) this.#one(piece);
  }

  #objects(line: string): void {
    const objects = objectsOf(line);
    if (objects.length > 1) for (const object of objects) this.#pieces(object);
    else for (const piece of line.length < LONG_LETTERS ? objects : recordsOf(line)) this.#one(piece);
  }

  #one(piece: string): void {
    this.#onLine(Line.of(piece.length > LINE_LETTERS_MAX ? "(too long)" : piece));
  }

  /** A line without end: JSON on one line, as a rule. */
  #cutRest(rest: string): void {
    const cuts = CUT_MARKS.map((mark) => rest.lastIndexOf(mark)).filter((at) => at > 0);
    const at = Math.max(0, ...cuts);
    const [front, behind] = at === 0 ? ["(too long)", ""] : [rest.slice(0, at + 1), rest.slice(at + 1)];
    this.#rest = behind.length > LINE_LETTERS_MAX ? NOTHING : Buffer.from(behind, "latin1");
    this.#pieces(front);
  }
}

/** What matters in a line is ASCII: letters beyond Latin-1 may be any other that is none. */
function latin1(text: string): string {
  return text.replaceAll(BEYOND_LATIN_1, (letter) => (letter.trim() === "" ? " " : OTHER_LETTER));
}
