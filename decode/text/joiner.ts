/** Joins rows until a frame is whole, by its device identifier and length; offsets tell where a dump goes on. */
import { hasSduLength, leastBytes, mostBytes, surelyBegins } from "../../pon/capture/index.ts";
import { looksLikePacket } from "./found.ts";
import { isBlankPrefix, isOffsetPrefix, type DumpRow, shapeOf } from "./rows.ts";

/** Other lines that may stand between two rows of a frame. */
const LINES_BETWEEN_MAX = 3;
/** A row that is longer is none. */
const ROW_DIGITS_MAX = 256;
/** Bytes of a dump, at most. */
const DUMP_BYTES_MAX = 16 * 1024;
/** Device identifier and class have to be there before a row is taken for the first of a frame. */
const START_DIGITS_MIN = 12;
const BASELINE_BYTES = 40;
const ETHERNET_BYTES = 14;
const VLAN_BYTES = 4;

const bytesOf = (digits: string): Uint8Array => Buffer.from(digits, "hex");

function joined(front: Uint8Array, behind: Uint8Array): Uint8Array {
  const all = new Uint8Array(front.length + behind.length);
  all.set(front);
  all.set(behind, front.length);
  return all;
}

/** Where an OMCI frame begins in bytes of a link, as far as that shows. */
function frameStart(bytes: Uint8Array): number | undefined {
  if (surelyBegins(bytes)) return 0;
  for (const at of [ETHERNET_BYTES, ETHERNET_BYTES + VLAN_BYTES])
    if (bytes[at - 2] === 0x88 && bytes[at - 1] === 0xb5 && bytes.length > at) return at;
  return undefined;
}

/** Rows that belong together. */
export class Joined<Marks> {
  digits: string;
  /** Width of the rows' words, in digits. */
  readonly width: number;
  /** What the first row, and the lines before it, tell. */
  readonly marks: Marks;
  rows = 1;
  /** Lines of other kinds since the last row. */
  linesBetween = 0;
  /** A star stood in for rows that are the same as the one before. */
  isStarred = false;
  #bytes: Uint8Array;
  readonly #shape: string;
  readonly #hasOffsets: boolean;
  #lastDigits: string;

  constructor(row: DumpRow, marks: Marks) {
    this.digits = row.digits;
    this.width = row.width;
    this.marks = marks;
    this.#bytes = row.bytes;
    this.#shape = shapeOf(row.prefix);
    this.#hasOffsets = row.offsets.includes(0);
    this.#lastDigits = row.digits;
  }

  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** Offsets show that the rows are all of something. */
  get isDump(): boolean {
    return this.#hasOffsets && this.rows > 1;
  }

  get beginsAsFrame(): boolean {
    return surelyBegins(this.#bytes);
  }

  /** All that a frame can have is there. */
  get isFull(): boolean {
    const start = frameStart(this.#bytes);
    if (start === undefined) return false;
    const most = mostBytes(this.#bytes, start);
    // In a packet something of the link may stand behind it.
    return most !== undefined && start === 0 && this.#bytes.length >= most;
  }

  /** The message is there, with or without what may stand behind it. */
  get isWhole(): boolean {
    const start = frameStart(this.#bytes);
    const least = start === undefined ? undefined : leastBytes(this.#bytes, start);
    return least !== undefined && this.#bytes.length >= start! + least;
  }

  /** @returns whether the row was taken as the next one of these */
  take(row: DumpRow): boolean {
    if (!this.#goesOn(row)) return false;
    if (row.isHalfAtFront && this.digits.length % 2 === 1 && row.digits.startsWith("0"))
      this.#append(row.digits.slice(1));
    else this.#append(row.digits, row.bytes);
    this.rows++;
    this.linesBetween = 0;
    this.isStarred = false;
    return true;
  }

  /** A dump ends with the offset behind its last byte. */
  endsWith(offsets: readonly number[]): boolean {
    return this.#hasOffsets && offsets.includes(this.#bytes.length);
  }

  /** @param bytes of these digits, where they are known */
  #append(digits: string, bytes?: Uint8Array): void {
    const isAligned = this.digits.length % 2 === 0;
    this.digits += digits;
    this.#lastDigits = digits;
    if (bytes === undefined || !isAligned) this.#bytes = bytesOf(this.digits);
    else this.#bytes = joined(this.#bytes, bytes);
  }

  #goesOn(row: DumpRow): boolean {
    if (row.digits.length > ROW_DIGITS_MAX && this.digits.length % 2 === 0 && row.offsets.length > 0) return false;
    if (this.#bytes.length + row.digits.length / 2 > DUMP_BYTES_MAX) return false;
    const isHalf = this.digits.length % 2 === 1;
    if (row.isHalfAtFront && !isHalf) return false;
    if (this.isStarred && this.#fillUpTo(row.offsets)) return true;
    const at = this.#bytes.length;
    const isAtOffset = row.offsets.length > 0 && at > 0 && row.offsets.includes(at);
    if (isAtOffset) return true;
    const begins = row.digits.length >= START_DIGITS_MIN && surelyBegins(row.bytes.subarray(0, START_DIGITS_MIN / 2));
    if (begins) return false;
    // A number in front that is no offset belongs to the prefix; an offset that leaves out rows ends a dump.
    if (row.offsets.length > 0 && this.#hasOffsets && !this.#isRestart(row.offsets)) return false;
    const isAlike = isBlankPrefix(row.prefix) || isOffsetPrefix(row.prefix) || this.#isOfShape(row.prefix);
    if (!isAlike || this.linesBetween > LINES_BETWEEN_MAX) return false;
    if (isHalf && row.digits.length % 2 === 1 && row.offsets.length === 0) return true;
    if (surelyBegins(this.#bytes) || frameStart(this.#bytes) !== undefined) {
      if (!this.isWhole) return true;
      return this.#isTrailer(row);
    }
    // Fewer bytes than a header: rows of two or four.
    return this.#bytes.length < 6 && this.linesBetween === 0 && row.offsets.length === 0;
  }

  /** Some consoles begin to count again at each part of a frame. */
  #isRestart(offsets: readonly number[]): boolean {
    return offsets.some((offset) => offset < this.#bytes.length);
  }

  #isOfShape(prefix: string): boolean {
    const shape = shapeOf(prefix);
    return shape === this.#shape || (shape.length > 2 && this.#shape.startsWith(shape));
  }

  /** What may stand behind a whole message, in a row of its own. */
  #isTrailer(row: DumpRow): boolean {
    if (this.linesBetween > 0 || !surelyBegins(this.#bytes)) return false;
    const { bytes } = row;
    const at = this.#bytes.length;
    const least = leastBytes(this.#bytes)!;
    const behind = at - least;
    if (least === BASELINE_BYTES && behind === 0) return bytes.length <= 8 && hasSduLength(bytes, 0);
    if (least === BASELINE_BYTES && behind < 8) return bytes.length === 8 - behind;
    return behind + bytes.length === 4;
  }

  /** @returns whether the row's offset is behind rows that a star stands in for */
  #fillUpTo(offsets: readonly number[]): boolean {
    const row = this.#lastDigits.length / 2;
    if (!Number.isInteger(row)) return false;
    const offset = offsets.find(
      (one) => one > this.#bytes.length && one <= DUMP_BYTES_MAX && (one - this.#bytes.length) % row === 0,
    );
    if (offset === undefined) return false;
    this.#append(this.#lastDigits.repeat((offset - this.#bytes.length) / row));
    return true;
  }
}

/** Whether a row can be the first of a frame, or of a packet in a dump. */
export function canStart(row: DumpRow): boolean {
  const { bytes } = row;
  if (row.digits.length >= START_DIGITS_MIN && surelyBegins(bytes)) return true;
  if (looksLikePacket(bytes)) return true;
  if (row.offsets.includes(0) && row.digits.length >= 2 && row.digits.length <= ROW_DIGITS_MAX) return true;
  // Rows of four bytes and less: device identifier and type are all there is.
  const isAlone = isBlankPrefix(row.prefix) || isOffsetPrefix(row.prefix);
  return row.digits.length === 8 && isAlone && (bytes[3] === 0x0a || bytes[3] === 0x0b);
}
