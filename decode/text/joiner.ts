/** Joins rows until a frame is whole, by its device identifier and length; offsets tell where a dump goes on. */
import { hasSduLength, leastBytes, mostBytes, surelyBegins } from "../../pon/capture/index.ts";
import { type Digits, digitAt, joined, NO_DIGITS } from "./digits.ts";
import { looksLikePacket, swapped } from "./found.ts";
import { namesOnu, rowName } from "./row-names.ts";
import { isBlankPrefix, isOffsetPrefix, isOfShape, isPartOfShape, type DumpRow } from "./rows.ts";

/** Other lines that may stand between two rows of a frame. */
const LINES_BETWEEN_MAX = 3;
/** A row that is longer is none. */
const ROW_DIGITS_MAX = 256;
/** Bytes of a dump, at most. */
const DUMP_BYTES_MAX = 16 * 1024;
/** From here on a dump is looked through for frames that can be taken out. */
const LONG_BYTES = 1024;
/** Device identifier and class have to be there before a row is taken for the first of a frame. */
const START_DIGITS_MIN = 12;
const BASELINE_BYTES = 40;
/** Of a baseline frame with its trailer. */
const SEALED_BYTES = 48;
const ETHERNET_BYTES = 14;
const VLAN_BYTES = 4;
const COOKED_BYTES = 16;
/** The place of octal digits among hexadecimal, decimal and octal ones. */
const OCTAL = 2;

/** Where an OMCI frame begins in bytes of a link, as far as that shows. */
function frameStart(bytes: Uint8Array): number | undefined {
  if (surelyBegins(bytes)) return 0;
  for (const at of [ETHERNET_BYTES, COOKED_BYTES, ETHERNET_BYTES + VLAN_BYTES])
    if (bytes[at - 2] === 0x88 && bytes[at - 1] === 0xb5 && bytes.length > at) return at;
  return undefined;
}

/** Rows that belong together. */
export class Joined<Marks> {
  /** Width of the rows' words, in digits. */
  readonly width: number;
  /** What the first row, and the lines before it, tell. */
  readonly marks: Marks;
  rows = 1;
  /** Lines of other kinds since the last row. */
  linesBetween = 0;
  /** A star stood in for rows that are the same as the one before. */
  isStarred = false;
  /** Where in the list of what an offset may be those of these rows stand, as far as that shows. */
  #base: number | undefined;
  #digits: Digits;
  /** Bytes that were taken out at the front. */
  #dropped = 0;
  readonly #first: DumpRow;
  readonly #prefix: string;
  readonly #hasOffsets: boolean;
  #name: string | undefined;
  /** Its first row names an ONU. */
  #isNamed: boolean | undefined;
  /** The row taken last. */
  #last: Digits;

  constructor(row: DumpRow, marks: Marks) {
    this.width = row.width;
    this.marks = marks;
    this.#digits = row;
    this.#first = row;
    this.#prefix = row.prefix;
    this.#hasOffsets = row.offsets.includes(0);
    this.#last = row;
  }

  get bytes(): Uint8Array {
    return this.#digits.bytes;
  }

  /** Whose rows they are; see `rowName`. */
  get name(): string {
    return (this.#name ??= rowName(this.#first));
  }

  /** They end in the middle of a byte. */
  get isHalf(): boolean {
    return this.#digits.digitCount % 2 === 1;
  }

  /** Offsets show that the rows are all of something. */
  get isDump(): boolean {
    return this.#hasOffsets && this.rows > 1;
  }

  get beginsAsFrame(): boolean {
    return surelyBegins(this.bytes);
  }

  /** All that a frame can have is there. A dump goes on as its offsets do. */
  get isFull(): boolean {
    const start = frameStart(this.bytes);
    if (start === undefined || this.#hasOffsets) return false;
    const most = mostBytes(this.bytes, start);
    // In a packet something of the link may stand behind it.
    return most !== undefined && start === 0 && this.bytes.length >= most;
  }

  /** A dump of many frames, so that those in front are better taken out. */
  get isLong(): boolean {
    return this.#hasOffsets && this.bytes.length >= LONG_BYTES;
  }

  /** The message is there, with or without what may stand behind it. */
  get isWhole(): boolean {
    const start = frameStart(this.bytes);
    const least = start === undefined ? undefined : leastBytes(this.bytes, start);
    return least !== undefined && this.bytes.length >= start! + least;
  }

  /** @returns whether the row was taken as the next one of these */
  take(row: DumpRow): boolean {
    // Rows that a star stands in for are put in when it is seen that a row goes on behind them.
    if (this.isStarred && this.#isOthers(row)) return false;
    if (!this.#goesOn(row) || (!this.isStarred && this.#isOthers(row))) return false;
    this.#append(row, row.isHalfAtFront && this.isHalf && digitAt(row, 0) === 0 ? 1 : 0);
    this.rows++;
    this.linesBetween = 0;
    this.isStarred = false;
    return true;
  }

  /** Rows that are whole bytes, all at once. @param last bytes of the last one. @param base of the offsets in front */
  takeAll(bytes: Uint8Array, rows: number, last: number, base: number | undefined): void {
    this.#digits = { bytes, digitCount: 2 * bytes.length, lastDigit: 0 };
    this.#last = { bytes: bytes.subarray(bytes.length - last), digitCount: 2 * last, lastDigit: 0 };
    this.#base = base;
    this.rows = rows;
  }

  /** They are all there, nothing else was among them, and their first row looked as this one. */
  isLike({ prefix, offsets }: DumpRow): boolean {
    if (this.isStarred || this.isHalf || this.linesBetween > 0 || this.#dropped > 0 || !this.isWhole) return false;
    return this.#prefix === prefix && this.#hasOffsets === offsets.includes(0);
  }

  /** The next row of a dump by its offset, of digits of that base; whole bytes. @returns false where only `take` can tell */
  takeBytes(bytes: Uint8Array, base: number): boolean {
    if (this.isStarred || this.isHalf || this.bytes.length + bytes.length > DUMP_BYTES_MAX) return false;
    this.#append({ bytes, digitCount: 2 * bytes.length, lastDigit: 0 });
    this.#base ??= base;
    this.rows++;
    this.linesBetween = 0;
    return true;
  }

  /** A dump that is over when another one begins: what comes is no trailer of its frame. */
  get isClosed(): boolean {
    return this.#hasOffsets && this.#dropped === 0 && !this.isStarred && !this.isHalf && this.isWhole;
  }

  /** The same, and no offset behind its last byte can be a trailer: the frame has one, or is one of a link. */
  get isSealed(): boolean {
    if (!this.isClosed) return false;
    return !this.beginsAsFrame || (this.bytes.length === SEALED_BYTES && leastBytes(this.bytes) === BASELINE_BYTES);
  }

  /** A dump ends with the offset behind its last byte, or behind the rows that a star stands in for. @returns whether it does */
  takeEnd(offsets: readonly number[]): boolean {
    if (!this.#hasOffsets) return false;
    return this.isStarred ? this.#fillUpTo(offsets) : offsets.includes(this.offset);
  }

  /** Takes frames out at the front; what is behind them stays. */
  drop(bytes: number): void {
    const { digitCount, lastDigit } = this.#digits;
    this.#digits = { bytes: this.bytes.subarray(bytes), digitCount: digitCount - 2 * bytes, lastDigit };
    this.#dropped += bytes;
  }

  /** Of the row that would be next. */
  get offset(): number {
    return this.#dropped + this.bytes.length;
  }

  #append(digits: Digits, skipped = 0): void {
    this.#digits = joined(this.#digits, digits, skipped);
    this.#last = skipped === 0 ? digits : joined(NO_DIGITS, digits, skipped);
  }

  /** Another frame's, or another packet's first row. */
  #isBeginning({ bytes, digitCount, offsets }: DumpRow): boolean {
    if (digitCount >= START_DIGITS_MIN && surelyBegins(bytes)) return true;
    return offsets.includes(0) && looksLikePacket(bytes) && looksLikePacket(this.bytes);
  }

  /** Both name an ONU, and not the same. */
  #isOthers(row: DumpRow): boolean {
    if (row.prefix === this.#prefix) return false;
    this.#isNamed ??= namesOnu(this.#first);
    return this.#isNamed && namesOnu(row) && rowName(row) !== this.name;
  }

  #goesOn(row: DumpRow): boolean {
    const { isHalf } = this;
    if (row.digitCount > ROW_DIGITS_MAX && !isHalf && row.offsets.length > 0) return false;
    if (this.bytes.length + row.digitCount / 2 > DUMP_BYTES_MAX) return false;
    if (row.isHalfAtFront && !isHalf) return false;
    if (this.isStarred && this.#fillUpTo(row.offsets)) return true;
    const at = this.offset;
    if (at > 0 && row.offsets.includes(at)) {
      this.#base ??= row.offsets.length === 1 ? OCTAL : row.offsets.indexOf(at);
      return true;
    }
    if (this.#isBeginning(row)) return false;
    // A number in front that is no offset belongs to the prefix; an offset that leaves out rows ends a dump.
    if (row.offsets.length > 0 && this.#hasOffsets && !this.#isRestart(row.offsets)) return false;
    const isAlike =
      isBlankPrefix(row.prefix) ||
      isOffsetPrefix(row.prefix) ||
      isOfShape(row.prefix, this.#prefix) ||
      isPartOfShape(row.prefix, this.#prefix);
    if (!isAlike || this.linesBetween > LINES_BETWEEN_MAX) return false;
    if (isHalf && row.digitCount % 2 === 1 && row.offsets.length === 0) return true;
    if (surelyBegins(this.bytes) || frameStart(this.bytes) !== undefined) {
      // Behind a frame that ended within a row the next one ends within a row as well.
      if (!this.isWhole || (this.#dropped > 0 && this.linesBetween === 0)) return true;
      return this.#isTrailer(row);
    }
    // Fewer bytes than a header: rows of two or four.
    return this.bytes.length < 6 && this.linesBetween === 0 && row.offsets.length === 0;
  }

  /** Some consoles begin to count again at each part of a frame. */
  #isRestart(offsets: readonly number[]): boolean {
    return offsets.some((offset) => offset < this.bytes.length);
  }

  /** What may stand behind a whole message, in a row of its own. */
  #isTrailer(row: DumpRow): boolean {
    if (this.linesBetween > 0 || !surelyBegins(this.bytes)) return false;
    const { bytes } = row;
    const at = this.bytes.length;
    const least = leastBytes(this.bytes)!;
    const behind = at - least;
    if (least === BASELINE_BYTES && behind === 0) return bytes.length <= 8 && hasSduLength(bytes, 0);
    if (least === BASELINE_BYTES && behind < 8) return bytes.length === 8 - behind;
    return behind + bytes.length === 4;
  }

  /** @returns whether the offset is behind rows that a star stands in for */
  #fillUpTo(offsets: readonly number[]): boolean {
    const last = this.#last;
    if (last.digitCount % 2 === 1) return false;
    const row = last.digitCount / 2;
    const ends = offsets.filter((offset) => {
      const bytes = offset - this.offset;
      return bytes > 0 && bytes <= DUMP_BYTES_MAX && bytes % row === 0;
    });
    const known = this.#base === undefined || offsets.length === 1 ? undefined : offsets[this.#base];
    const end = ends.find((offset) => offset === known) ?? ends.find((offset) => this.#canEndAt(offset)) ?? ends[0];
    if (end === undefined) return false;
    const filled = Buffer.alloc(end - this.offset, last.bytes);
    this.#append({ bytes: filled, digitCount: 2 * filled.length, lastDigit: 0 });
    return true;
  }

  /** Whether a frame that has its length at the front, in whichever order, has so many bytes. */
  #canEndAt(offset: number): boolean {
    return [this.bytes, swapped(this.bytes, this.width)].some((read) => {
      if (read === undefined || !surelyBegins(read)) return false;
      const least = leastBytes(read);
      return least !== undefined && offset >= least && offset <= mostBytes(read)!;
    });
  }
}

/** Whether a row can be the first of a frame, or of a packet in a dump. */
export function canStart(row: DumpRow): boolean {
  const { bytes } = row;
  if (row.digitCount >= START_DIGITS_MIN && surelyBegins(bytes)) return true;
  if (looksLikePacket(bytes)) return true;
  if (row.offsets.includes(0) && row.digitCount >= 2 && row.digitCount <= ROW_DIGITS_MAX) return true;
  // Rows of four bytes and less: device identifier and type are all there is.
  const isAlone = isBlankPrefix(row.prefix) || isOffsetPrefix(row.prefix);
  return row.digitCount === 8 && isAlone && (bytes[3] === 0x0a || bytes[3] === 0x0b);
}
