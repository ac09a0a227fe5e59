/**
 * Finds OMCI frames in logs and hexdumps of any program: lines, marks taken off (lines.ts, marks.ts), runs of digits (runs.ts),
 * rows joined until a frame is whole (under-way.ts, joiner.ts), and in those the frame (found.ts), as in a capture. Records of
 * a shape that was read before are taken at once (shaped-records.ts).
 */
import { LinkReader, surelyBegins } from "../../pon/capture/index.ts";
import type { InputFrame } from "../types.ts";
import { Columns } from "./columns.ts";
import { type FrameInLine, mayGoOn } from "./found.ts";
import { canStart, Joined } from "./joiner.ts";
import { type Encoding, Line, LineSplitter } from "./lines.ts";
import { MarkContext, type Marks, marksOf, overlaid } from "./marks.ts";
import { DumpMold } from "./mold.ts";
import { RecordJoiner, unwrap } from "./records.ts";
import { type DumpRow, isOpenTail, octalRow, rowOf } from "./rows.ts";
import { SEEN } from "./letters.ts";
import { FrameSearch } from "./search.ts";
import { mayBeginPacket, PACKET_BEGINS, RECORD_ENDS, STAR, TERMINAL_SIGNS } from "./signs.ts";
import type { RecordShape } from "./shape.ts";
import { ShapedRecords } from "./shaped-records.ts";
import { FrameTeller } from "./teller.ts";
import { RowsUnderWay } from "./under-way.ts";
import { isClosed, isOpenEnd, WrappedLines } from "./wrapped.ts";

export class TextReader {
  readonly #links = new LinkReader();
  readonly #search = new FrameSearch(this.#links);
  readonly #context = new MarkContext();
  readonly #lines: LineSplitter;
  readonly #records: RecordJoiner;
  readonly #teller: FrameTeller;
  readonly #rows: RowsUnderWay;
  readonly #wrapped = new WrappedLines();
  readonly #columns = new Columns();
  readonly #shaped: ShapedRecords | undefined;
  #otherLines = 0;
  #cutFrames = 0;

  /** @param isQuick records of a shape that is known may be taken at once: that changes nothing but how long it takes */
  constructor(onFrame: (frame: InputFrame) => void, isQuick = true) {
    this.#teller = new FrameTeller(onFrame);
    this.#rows = new RowsUnderWay(this.#links, this.#search.runs, this.#teller);
    this.#records = new RecordJoiner(
      (line) => this.#line(line),
      (text, lines) => this.#object(text, lines),
    );
    this.#shaped = isQuick ? new ShapedRecords(this.#rows, (shape) => this.#takeShaped(shape)) : undefined;
    this.#lines = new LineSplitter(
      (line) => {
        if (!this.#molded(line)) this.#records.line(line);
      },
      (text, from, to) => this.#takeLines(text, from, to),
    );
  }

  get encoding(): Encoding | undefined {
    return this.#lines.encoding;
  }

  /** Lines that hold no frame. */
  get otherLines(): number {
    return this.#otherLines + this.#rows.otherLines;
  }

  /** Frames whose last digit is not there. */
  get cutFrames(): number {
    return this.#cutFrames + this.#rows.cutFrames;
  }

  add(chunk: Uint8Array): void {
    this.#lines.add(chunk);
  }

  end(): void {
    this.#lines.end();
    this.#records.end();
    if (!this.#takeHeld(true)) this.#unheld();
    this.#rows.end();
    this.#teller.endLate();
  }

  /** One record with one frame is read at once, so that what stands behind the frame is known too. */
  #object(record: Line, lines: readonly Line[], level = 0): void {
    this.#search.runs.scan(record);
    const found = this.#search.foundIn(record);
    const frames = new Set(found.flatMap((one) => one.frames.map(({ frame }) => Buffer.from(frame).toString("hex"))));
    if (frames.size <= 1) return this.#line(record);
    unwrap(
      lines,
      level,
      (line) => this.#line(line),
      (text, parts, inner) => this.#object(text, parts, inner),
    );
  }

  /** @returns how far records of known shapes were taken */
  #takeLines(text: Buffer, from: number, to: number): number {
    if (this.#shaped?.isKnown !== true || this.#records.isOpen || this.#wrapped.isHeld) return from;
    if (!this.#context.isEmpty || !this.#columns.isSilent) return from;
    return this.#shaped.take(text, from, to);
  }

  #takeShaped(shape: RecordShape): void {
    this.#otherLines++;
    this.#rows.takeShaped(shape);
  }

  #molded(line: Line): boolean {
    if (this.#records.isOpen || this.#wrapped.isHeld) return false;
    const row = this.#rows.molded(line);
    if (row === true) this.#shaped?.row(line);
    if (typeof row === "boolean") return row;
    this.#start(line, row);
    return true;
  }

  #line(raw: Line): void {
    if (!this.#wrapped.isHeld) return this.#ownLine(raw, true);
    const isMore = !this.#begins(raw) && this.#wrapped.add(raw);
    const isEnd = !isMore || this.#wrapped.isEnded;
    if (!this.#takeHeld(isEnd) && isEnd) this.#unheld();
    if (!isMore) this.#ownLine(raw, true);
  }

  /** A line with a frame of its own, or the first row of one. */
  #begins(line: Line): boolean {
    this.#search.runs.scan(line);
    if (this.#search.foundIn(line).length > 0) return true;
    const row = this.#rowOf(line);
    return row !== undefined && surelyBegins(row.bytes);
  }

  /** What lines that were broken are together. @param isEnd no more of them come. @returns whether that is a frame */
  #takeHeld(isEnd: boolean): boolean {
    for (const text of this.#wrapped.textsNow(isEnd)) {
      const line = Line.of(text);
      this.#search.runs.scan(line);
      const found = this.#search.foundIn(line);
      const bytes = found[0]?.frames[0].frame.length ?? 0;
      if (bytes <= this.#wrapped.ownBytes || (!isEnd && !isClosed(text))) continue;
      this.#wrapped.release();
      this.#take(line, found);
      return true;
    }
    return false;
  }

  /** They are lines of their own. */
  #unheld(): void {
    const [first, ...others] = this.#wrapped.release();
    if (first !== undefined) this.#ownLine(first, false);
    for (const line of others) this.#line(line);
  }

  /** @param isFirst it may be the first of several that are one */
  #ownLine(raw: Line, isFirst: boolean): void {
    const { runs } = this.#search;
    runs.scan(raw);
    let line = raw;
    if ((runs.seen & SEEN.escape) !== 0) {
      line = Line.of(raw.text.replaceAll(TERMINAL_SIGNS, ""));
      runs.scan(line);
    }
    if ((runs.seen & SEEN.something) === 0) return;
    const isTagged = (runs.seen & SEEN.tag) !== 0;
    if (this.#rows.isOpen && runs.count === 0 && STAR.test(line.text)) return this.#rows.noteStar();
    if (isTagged) this.#tagged(line.text);
    if ((isTagged || mayBeginPacket(line)) && PACKET_BEGINS.test(line.text)) this.#beginPacket();
    const row = this.#rows.isOpen ? this.#rowOf(line) : undefined;
    if (this.#rows.isOpen && this.#rows.goesOn(line, row)) return this.#shaped?.row(line);
    const found = this.#search.foundIn(line);
    if (isFirst && isOpenEnd(line) && this.#wrapped.hold(line, found, runs.seen)) return;
    if (found.length > 0) return this.#take(line, found);
    const first = row ?? this.#rowOf(line);
    if (first === undefined || !canStart(first)) {
      if (isFirst) this.#shaped?.header(line);
      return this.#other(line.text, first);
    }
    this.#start(line, first, DumpMold.of(line, first, runs));
  }

  #rowOf(line: Line): DumpRow | undefined {
    return octalRow(line) ?? rowOf(line, this.#search.runs);
  }

  #take(line: Line, found: readonly FrameInLine[]): void {
    this.#shaped?.other();
    this.#rows.endOne();
    const first = found[0];
    const last = found.at(-1)!;
    const prefix = line.before(first.start);
    const tail = line.behind(last.end);
    const marks = this.#marksWith(`${prefix} ${tail}`, this.#columns.isKnown ? line.text : "");
    this.#context.clear();
    const { run } = first;
    if (run !== undefined && mayGoOn(found) && isOpenTail(tail)) {
      const { width, isHalfAtEnd, lastDigit } = run;
      const bytes = first.stray === 0 ? run.bytes : run.bytes.subarray(first.stray);
      const digitCount = run.digitCount - 2 * first.stray;
      const none = { offsets: [], tail: "", isHalfAtFront: false };
      const row = { ...none, bytes, digitCount, lastDigit, prefix, width, isHalfAtEnd };
      const joined = new Joined(row, marks);
      if (!joined.isFull) return this.#rows.begin(joined);
    }
    if (found.length === 1 && first.frames.length === 1) {
      if (run !== undefined && run.digitCount % 2 === 1) this.#cutFrames++;
      return this.#teller.emit(first.frames[0], marks);
    }
    const seen = new Set<string>();
    for (const { frames, run: one } of found) {
      if (one !== undefined && one.digitCount % 2 === 1) this.#cutFrames++;
      for (const frame of frames) {
        const digits = found.length > 1 ? Buffer.from(frame.frame).toString("hex") : "";
        if (digits !== "" && seen.has(digits)) continue;
        seen.add(digits);
        this.#teller.emit(frame, marks);
      }
    }
  }

  #start(line: Line, row: DumpRow, mold?: DumpMold): void {
    this.#rows.endOne();
    const isTold = this.#context.isOneLine && this.#columns.isSilent;
    const marks = this.#marksWith(`${row.prefix} ${row.tail}`);
    this.#rows.start(row, marks, mold);
    if (isTold && mold === undefined) this.#shaped?.first(line, row, marks);
    this.#context.clear();
  }

  #tagged(line: string): void {
    if (line.trimStart().startsWith("<")) this.#teller.isReport = true;
    if (!RECORD_ENDS.test(line)) return;
    this.#rows.endOne();
    this.#teller.endLate();
    this.#context.clear();
  }

  #beginPacket(): void {
    this.#rows.endOne();
    this.#teller.beginPacket();
    this.#context.clear();
    this.#context.keepsFirstTime = true;
  }

  #other(line: string, row: DumpRow | undefined): void {
    this.#otherLines++;
    this.#rows.passOver(row);
    this.#columns.note(line);
    if (!this.#teller.tellLate(line)) this.#context.note(line);
  }

  /** What stands round a frame tells, and what it lacks the lines before it. @param cells the line, where columns are known */
  #marksWith(words: string, cells = ""): Marks {
    let own = marksOf(words);
    const inCells = cells === "" ? undefined : this.#columns.marksOf(cells);
    if (inCells !== undefined) own = overlaid(own, inCells);
    const isComplete = own.time !== undefined && (own.onuId !== undefined || own.device !== undefined);
    const told = isComplete || this.#context.isEmpty ? own : overlaid(this.#context.marks, own);
    return this.#columns.withAll(own, told);
  }
}
