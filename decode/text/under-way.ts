/**
 * Rows under way: those of one frame, or of frames of several ONUs side by side, which what is in front of each row tells apart.
 */
import type { LinkReader } from "../../pon/capture/index.ts";
import { framesIn, leadingFrames, looksLikePacket, swapped } from "./found.ts";
import { canStart, Joined } from "./joiner.ts";
import type { Line } from "./lines.ts";
import type { Marks } from "./marks.ts";
import type { DumpMold } from "./mold.ts";
import { endOffsets, type DumpRow } from "./rows.ts";
import { rowName } from "./row-names.ts";
import type { HexRuns } from "./runs.ts";
import type { RecordShape } from "./shape.ts";
import type { FrameTeller } from "./teller.ts";

/** From so many bytes on a piece of a frame is shown as one that is not whole. */
const PIECE_BYTES_MIN = 10;
/** A line with fewer digits is no row that is left over. */
const ROW_DIGITS_MIN = 8;
/** Frames that wait for their rows, and lines that they wait. */
const ASIDE_MAX = 16;
const ASIDE_LINES_MAX = 64;

interface Aside {
  joined: Joined<Marks>;
  lines: number;
}

export class RowsUnderWay {
  /** Rows that hold no frame. */
  otherLines = 0;
  /** Frames whose last digit is not there. */
  cutFrames = 0;
  readonly #links: LinkReader;
  readonly #runs: HexRuns;
  readonly #teller: FrameTeller;
  #joined: Joined<Marks> | undefined;
  /** Those of other names, not whole yet. */
  #aside: Aside[] = [];
  /** The form of the rows that frames were found in last, and that of those under way where it may be another. */
  #mold: DumpMold | undefined;
  #newMold: DumpMold | undefined;
  /** The frame under way began in the middle of another one. */
  #isBroken = false;
  /** The same of the one before it. */
  #wasBroken = false;

  constructor(links: LinkReader, runs: HexRuns, teller: FrameTeller) {
    this.#links = links;
    this.#runs = runs;
    this.#teller = teller;
  }

  get isOpen(): boolean {
    return this.#joined !== undefined || this.#aside.length > 0;
  }

  /** The form of the rows that frames were found in last. */
  get mold(): DumpMold | undefined {
    return this.#mold;
  }

  /** Whether nothing is under way but what such a record ends, by its header. */
  isReadyFor({ mold, first, isTimed }: RecordShape): boolean {
    if (!this.#teller.isDeafWith(isTimed)) return false;
    if (this.#aside.length > 0 || this.#isBroken || this.#wasBroken) return false;
    if (this.#newMold !== undefined || this.#mold !== mold) return false;
    const joined = this.#joined;
    return joined === undefined || ((joined.marks.time !== undefined) === isTimed && joined.isLike(first));
  }

  /** All rows of a record, and its header in front of them. */
  takeShaped({ first, marks, rows, lastBytes, base, read }: RecordShape): void {
    this.endOne();
    const joined = new Joined(first, marks);
    joined.takeAll(read.slice(), rows, lastBytes, base);
    this.#joined = joined;
    this.#takeFull(joined);
  }

  #takeFull(joined: Joined<Marks>): void {
    if (joined.isFull || joined.isLong) this.#takeOut(joined);
    if (joined.isFull) this.endOne();
  }

  /** A star stands where rows were. */
  noteStar(): void {
    if (this.#joined !== undefined) this.#joined.isStarred = true;
  }

  /** @returns whether the line was a row, or the end, of a dump of the form that is known; a row that begins one, for its marks */
  molded(line: Line): boolean | DumpRow {
    const mold = this.#mold;
    if (mold === undefined || this.#aside.length > 0) return false;
    const joined = this.#joined;
    const count = mold.read(line);
    if (count === 0) {
      if (joined === undefined || !joined.isSealed || !mold.isEndAt(line, joined.offset)) return false;
      this.endOne();
      return true;
    }
    const base = joined !== undefined && joined.offset > 0 ? mold.baseAt(joined.offset) : -1;
    if (joined !== undefined && base >= 0) {
      if (!joined.takeBytes(mold.bytes(count), base)) return false;
      if (joined.isLong) this.#takeOut(joined);
      return true;
    }
    if (!mold.isAt(0) || count < mold.rowBytes || (joined !== undefined && !joined.isClosed)) return false;
    const row = mold.row(line);
    return framesIn(row.bytes, this.#links).frames.length > 0 ? false : row;
  }

  /** @returns whether the line belongs to what is under way */
  goesOn(line: Line, row: DumpRow | undefined): boolean {
    if (this.#aside.length > 0) this.#turnTo(row);
    const joined = this.#joined;
    if (joined === undefined) return false;
    // The offset at the end looks like bytes of a frame that is not whole yet, or like its trailer.
    if (this.#isEnd(line, row)) return true;
    if (row !== undefined && joined.take(row)) {
      this.#takeFull(joined);
      return true;
    }
    const isBegun = row !== undefined && canStart(row);
    if (joined.isWhole || ++joined.linesBetween > 3) this.endOne();
    else if (isBegun) this.#breakOff(joined, row);
    return false;
  }

  /** Another frame begins before this one is whole: it waits for its rows where they can be told from those of the other. */
  #breakOff(joined: Joined<Marks>, row: DumpRow): void {
    const name = rowName(row);
    if (joined.name === "" || name === "" || joined.name === name) {
      const isPiece = !this.endOne() && (joined.beginsAsFrame || looksLikePacket(joined.bytes));
      this.#isBroken = isPiece;
      return;
    }
    this.#joined = undefined;
    this.#aside.push({ joined, lines: 0 });
    if (this.#aside.length > ASIDE_MAX) this.#giveUp(this.#aside.shift()!);
  }

  /** To the frame whose rows have the name of this one. */
  #turnTo(row: DumpRow | undefined): void {
    for (const one of this.#aside) one.lines++;
    while (this.#aside.length > 0 && this.#aside[0].lines > ASIDE_LINES_MAX) this.#giveUp(this.#aside.shift()!);
    if (row === undefined) return;
    const name = rowName(row);
    const joined = this.#joined;
    if (name === "" || joined?.name === name) return;
    const index = this.#aside.findIndex((one) => one.joined.name === name);
    if (index < 0) return;
    const [other] = this.#aside.splice(index, 1);
    if (joined !== undefined) this.#aside.push({ joined, lines: 0 });
    this.#joined = other.joined;
  }

  #giveUp({ joined }: Aside): void {
    const current = this.#joined;
    this.#joined = joined;
    this.endOne();
    this.#joined = current;
  }

  /** @returns whether the line was the offset at a dump's end, and nothing else */
  #isEnd(line: Line, row: DumpRow | undefined): boolean {
    if (this.#runs.count !== 1 || row === undefined || row.digitCount !== line.text.trim().length) return false;
    if (!this.#joined!.takeEnd(endOffsets(row))) return false;
    this.endOne();
    return true;
  }

  /** Rows that go on behind a frame: another one begins in the middle of a row. */
  #takeOut(joined: Joined<Marks>): void {
    const { frames, bytes } = leadingFrames(joined.bytes);
    if (bytes === 0) return;
    for (const frame of frames) this.#teller.emit(frame, joined.marks);
    joined.drop(bytes);
  }

  /** @param mold of its form, where rows may go by it */
  start(row: DumpRow, marks: Marks, mold?: DumpMold): void {
    this.endOne();
    this.#newMold = mold;
    this.begin(new Joined(row, marks));
  }

  /** @param joined what the first row began. @returns false when it is whole already */
  begin(joined: Joined<Marks>): void {
    this.#joined = joined;
    if (joined.isFull) this.endOne();
  }

  /** A line that goes on with nothing. @param row what of it may be one */
  passOver(row: DumpRow | undefined): void {
    if (!this.#wasBroken || row === undefined || row.digitCount < ROW_DIGITS_MIN) return;
    if (row.tail.trim() !== "" && !row.offsets.some((offset) => offset > 0)) return;
    // A row too many behind a frame that began in the middle of another one: both stood there row by row.
    this.#wasBroken = false;
    this.#teller.areRowsMixed = true;
  }

  end(): void {
    this.endOne();
    while (this.#aside.length > 0) this.#giveUp(this.#aside.shift()!);
  }

  /** The rows are all there are. @returns whether a frame is in them */
  endOne(): boolean {
    const joined = this.#joined;
    if (joined === undefined) return false;
    this.#joined = undefined;
    this.#wasBroken = this.#isBroken;
    this.#isBroken = false;
    const { bytes, marks, width, rows } = joined;
    let { frames } = framesIn(bytes, this.#links, joined.isDump);
    if (frames.length > 0 && this.#newMold !== undefined) this.#mold = this.#newMold;
    const other = frames.length === 0 ? swapped(bytes, width) : undefined;
    if (other !== undefined) ({ frames } = framesIn(other, this.#links));
    if (frames.length > 0 && joined.isHalf) this.cutFrames++;
    for (const frame of frames) this.#teller.emit(frame, marks);
    if (frames.length > 0) return true;
    // A frame that is not all there is shown as such.
    const isPiece = joined.beginsAsFrame && bytes.length >= PIECE_BYTES_MIN && !this.#teller.isInPacket;
    if (isPiece) this.#teller.emit({ frame: bytes }, marks);
    else this.otherLines += rows;
    return false;
  }
}
