/**
 * Finds OMCI frames in logs and hexdumps of any program: lines, marks taken off (lines.ts, marks.ts), runs of digits (runs.ts),
 * rows joined until a frame is whole (joiner.ts), and in those the frame (found.ts), as in a capture.
 */
import { LinkReader, type LinkFrame } from "../../pon/capture/index.ts";
import type { InputFrame } from "../types.ts";
import { otherForms } from "./forms.ts";
import { type FrameInLine, framesIn, leadingFrames, mayGoOn, swapped } from "./found.ts";
import { canStart, Joined } from "./joiner.ts";
import { type Encoding, Line, LineSplitter } from "./lines.ts";
import { FrameMaker, MarkContext, type Marks, marksOf, overlaid } from "./marks.ts";
import { DumpMold } from "./mold.ts";
import { RecordJoiner, unwrap } from "./records.ts";
import { endOffsets, isOpenTail, type DumpRow, octalRow, rowOf } from "./rows.ts";
import { HexRuns, SEEN } from "./runs.ts";
import { mayBeginPacket, PACKET_BEGINS, RECORD_ENDS, STAR, TERMINAL_SIGNS } from "./signs.ts";

/** Fewest digits that may be a frame: an extended header. */
const FRAME_DIGITS_MIN = 20;
/** From so many bytes on a piece of a frame is shown as one that is not whole. */
const PIECE_BYTES_MIN = 10;
const NOTHING: readonly FrameInLine[] = [];

export class TextReader {
  /** Lines that hold no frame. */
  otherLines = 0;
  /** Frames whose last digit is not there. */
  cutFrames = 0;
  readonly #onFrame: (frame: InputFrame) => void;
  readonly #links = new LinkReader();
  readonly #maker = new FrameMaker();
  readonly #context = new MarkContext();
  readonly #lines: LineSplitter;
  readonly #records: RecordJoiner;
  readonly #runs = new HexRuns();
  #joined: Joined<Marks> | undefined;
  /** The form of the rows that frames were found in last, and that of those under way where it may be another. */
  #mold: DumpMold | undefined;
  #newMold: DumpMold | undefined;
  /** Frames of the packet that a dissector shows. */
  #packetFrames: Set<string> | undefined;
  /** A report's record may tell the time behind the frame. */
  #late: { frame: LinkFrame; marks: Marks } | undefined;

  constructor(onFrame: (frame: InputFrame) => void) {
    this.#onFrame = onFrame;
    this.#records = new RecordJoiner(
      (line) => this.#line(line),
      (text, lines) => this.#object(text, lines),
    );
    this.#lines = new LineSplitter((line) => {
      if (!this.#molded(line)) this.#records.line(line);
    });
  }

  get encoding(): Encoding | undefined {
    return this.#lines.encoding;
  }

  add(chunk: Uint8Array): void {
    this.#lines.add(chunk);
  }

  end(): void {
    this.#lines.end();
    this.#records.end();
    this.#endJoined();
    this.#endLate();
  }

  /** One record with one frame is read at once, so that what stands behind the frame is known too. */
  #object(record: Line, lines: readonly Line[], level = 0): void {
    this.#runs.scan(record);
    const found = this.#foundIn(record);
    const frames = new Set(found.flatMap((one) => one.frames.map(({ frame }) => Buffer.from(frame).toString("hex"))));
    if (frames.size <= 1) return this.#line(record);
    unwrap(
      lines,
      level,
      (line) => this.#line(line),
      (text, parts, inner) => this.#object(text, parts, inner),
    );
  }

  /** @returns whether the line was a row, or the end, of a dump of the form that is known */
  #molded(line: Line): boolean {
    const mold = this.#mold;
    if (mold === undefined || this.#records.isOpen) return false;
    const joined = this.#joined;
    const count = mold.read(line);
    if (count === 0) {
      if (joined === undefined || !joined.isSealed || !mold.isEndAt(line, joined.offset)) return false;
      this.#endJoined();
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
    if (framesIn(row.bytes, this.#links).frames.length > 0) return false;
    this.#start(row);
    return true;
  }

  #line(raw: Line): void {
    const runs = this.#runs;
    runs.scan(raw);
    let line = raw;
    if ((runs.seen & SEEN.escape) !== 0) {
      line = Line.of(raw.text.replaceAll(TERMINAL_SIGNS, ""));
      runs.scan(line);
    }
    if ((runs.seen & SEEN.something) === 0) return;
    const isTagged = (runs.seen & SEEN.tag) !== 0;
    if (this.#joined !== undefined && runs.count === 0 && STAR.test(line.text))
      return void (this.#joined.isStarred = true);
    if (isTagged) this.#tagged(line.text);
    if ((isTagged || mayBeginPacket(line)) && PACKET_BEGINS.test(line.text)) this.#beginPacket();
    const row = this.#joined === undefined ? undefined : this.#rowOf(line);
    if (this.#joined !== undefined && this.#goesOn(line, row)) return;
    const found = this.#foundIn(line);
    if (found.length > 0) return this.#take(line, found);
    const first = row ?? this.#rowOf(line);
    if (first === undefined || !canStart(first)) return this.#other(line.text);
    this.#start(first, DumpMold.of(line, first, runs));
  }

  #rowOf(line: Line): DumpRow | undefined {
    return octalRow(line) ?? rowOf(line, this.#runs);
  }

  #goesOn(line: Line, row: DumpRow | undefined): boolean {
    const joined = this.#joined!;
    // The offset at the end looks like bytes of a frame that is not whole yet, or like its trailer.
    if (this.#isEnd(line, row)) return true;
    if (row !== undefined && joined.take(row)) {
      if (joined.isFull || joined.isLong) this.#takeOut(joined);
      if (joined.isFull) this.#endJoined();
      return true;
    }
    const isOver = joined.isWhole || ++joined.linesBetween > 3 || (row !== undefined && canStart(row));
    if (isOver) this.#endJoined();
    return false;
  }

  /** @returns whether the line was the offset at a dump's end, and nothing else */
  #isEnd(line: Line, row: DumpRow | undefined): boolean {
    if (this.#runs.count !== 1 || row === undefined || row.digitCount !== line.text.trim().length) return false;
    if (!this.#joined!.takeEnd(endOffsets(row))) return false;
    this.#endJoined();
    return true;
  }

  /** Rows that go on behind a frame: another one begins in the middle of a row. */
  #takeOut(joined: Joined<Marks>): void {
    const { frames, bytes } = leadingFrames(joined.bytes);
    if (bytes === 0) return;
    for (const frame of frames) this.#emit(frame, joined.marks);
    joined.drop(bytes);
  }

  #foundIn(line: Line): readonly FrameInLine[] {
    const runs = this.#runs;
    let found = NOTHING;
    for (let index = 0; index < runs.count; index++) {
      const run = runs.run(index);
      if (run.digitCount < FRAME_DIGITS_MIN) continue;
      const { frames, stray } = framesIn(run.bytes, this.#links);
      if (frames.length === 0) continue;
      const word = (2 * stray) / run.width;
      const start = Number.isInteger(word) && word < run.count ? run.word(word) : run.word(0);
      const one = { frames, start, end: run.end, run, stray };
      found = found.length === 0 ? [one] : [...found, one];
    }
    if (found.length > 0 || line.length < FRAME_DIGITS_MIN) return found;
    for (const bytes of otherForms(line, (runs.seen & SEEN.backslash) !== 0)) {
      const { frames } = framesIn(bytes, this.#links);
      // Where these forms stand in the line does not matter: digits in them name nobody.
      if (frames.length > 0) return [{ frames, start: line.to, end: line.to, stray: 0 }];
    }
    return found;
  }

  #take(line: Line, found: readonly FrameInLine[]): void {
    this.#endJoined();
    const first = found[0];
    const last = found.at(-1)!;
    const prefix = line.before(first.start);
    const tail = line.behind(last.end);
    const marks = this.#marksWith(`${prefix} ${tail}`);
    this.#context.clear();
    const { run } = first;
    if (run !== undefined && mayGoOn(found) && isOpenTail(tail)) {
      const { width, isHalfAtEnd, lastDigit } = run;
      const bytes = first.stray === 0 ? run.bytes : run.bytes.subarray(first.stray);
      const digitCount = run.digitCount - 2 * first.stray;
      const none = { offsets: [], tail: "", isHalfAtFront: false };
      const row = { ...none, bytes, digitCount, lastDigit, prefix, width, isHalfAtEnd };
      const joined = new Joined(row, marks);
      if (!joined.isFull) {
        this.#joined = joined;
        return;
      }
    }
    if (found.length === 1 && first.frames.length === 1) {
      if (run !== undefined && run.digitCount % 2 === 1) this.cutFrames++;
      return this.#emit(first.frames[0], marks);
    }
    const seen = new Set<string>();
    for (const { frames, run: one } of found) {
      if (one !== undefined && one.digitCount % 2 === 1) this.cutFrames++;
      for (const frame of frames) {
        const digits = found.length > 1 ? Buffer.from(frame.frame).toString("hex") : "";
        if (digits !== "" && seen.has(digits)) continue;
        seen.add(digits);
        this.#emit(frame, marks);
      }
    }
  }

  #start(row: DumpRow, mold?: DumpMold): void {
    this.#endJoined();
    this.#newMold = mold;
    const marks = this.#marksWith(`${row.prefix} ${row.tail}`);
    this.#joined = new Joined(row, marks);
    if (this.#joined.isFull) this.#endJoined();
    this.#context.clear();
  }

  /** The rows are all there are: what they hold. */
  #endJoined(): void {
    const joined = this.#joined;
    if (joined === undefined) return;
    this.#joined = undefined;
    const { bytes, marks, width, rows } = joined;
    let { frames } = framesIn(bytes, this.#links, joined.isDump);
    if (frames.length > 0 && this.#newMold !== undefined) this.#mold = this.#newMold;
    const other = frames.length === 0 ? swapped(bytes, width) : undefined;
    if (other !== undefined) ({ frames } = framesIn(other, this.#links));
    if (frames.length > 0 && joined.isHalf) this.cutFrames++;
    for (const frame of frames) this.#emit(frame, marks);
    if (frames.length > 0) return;
    // A frame that is not all there is shown as such.
    const isPiece = joined.beginsAsFrame && bytes.length >= PIECE_BYTES_MIN && this.#packetFrames === undefined;
    if (isPiece) this.#emit({ frame: bytes }, marks);
    else this.otherLines += rows;
  }

  #emit(frame: LinkFrame, marks: Marks): void {
    if (this.#packetFrames !== undefined) {
      const digits = Buffer.from(frame.frame).toString("hex");
      if (this.#packetFrames.has(digits)) return;
      this.#packetFrames.add(digits);
    }
    this.#endLate();
    if (this.#isReport && marks.time === undefined) this.#late = { frame, marks };
    else this.#onFrame(this.#maker.make(frame, marks));
  }

  #isReport = false;

  #endLate(): void {
    const late = this.#late;
    if (late === undefined) return;
    this.#late = undefined;
    this.#onFrame(this.#maker.make(late.frame, late.marks));
  }

  #tagged(line: string): void {
    if (line.trimStart().startsWith("<")) this.#isReport = true;
    if (!RECORD_ENDS.test(line)) return;
    this.#endJoined();
    this.#endLate();
    this.#context.clear();
  }

  #beginPacket(): void {
    this.#endJoined();
    this.#packetFrames = new Set();
    this.#context.clear();
    this.#context.keepsFirstTime = true;
  }

  #other(line: string): void {
    this.otherLines++;
    if (this.#late !== undefined) this.#late.marks = overlaid(marksOf(line), this.#late.marks);
    else this.#context.note(line);
  }

  /** What stands round a frame tells, and what it lacks the lines before it. */
  #marksWith(words: string): Marks {
    const own = marksOf(words);
    const isComplete = own.time !== undefined && (own.onuId !== undefined || own.device !== undefined);
    return isComplete || this.#context.isEmpty ? own : overlaid(this.#context.marks, own);
  }
}
