/**
 * Finds OMCI frames in logs and hexdumps of any program: lines, marks taken off (lines.ts, marks.ts), runs of digits (runs.ts),
 * rows joined until a frame is whole (joiner.ts), and in those the frame (found.ts), as in a capture.
 */
import { LinkReader, type LinkFrame, mostBytes } from "../../pon/capture/index.ts";
import type { InputFrame } from "../types.ts";
import { odRow, otherForms } from "./forms.ts";
import { framesIn, swapped } from "./found.ts";
import { canStart, Joined } from "./joiner.ts";
import { type Encoding, LineSplitter } from "./lines.ts";
import { FrameMaker, MarkContext, type Marks, marksOf, overlaid } from "./marks.ts";
import { RecordJoiner } from "./records.ts";
import { isOpenTail, type DumpRow, rowOf } from "./rows.ts";
import { type HexRun, hexRuns } from "./runs.ts";

/** Fewest digits that may be a frame: an extended header. */
const FRAME_DIGITS_MIN = 20;
/** From so many bytes on a piece of a frame is shown as one that is not whole. */
const PIECE_BYTES_MIN = 10;
const ESCAPE_LETTER = "\u001B";
// Colours of a terminal.
const TERMINAL_SIGNS = new RegExp(String.raw`${ESCAPE_LETTER}\[[\d;?]*[A-Za-z]`, "g");
/** Where a dissector begins with the next packet: what it shows twice is one frame. */
const PACKET_BEGINS = /^\s*(?:Frame \d+: |<packet\b)/;
const RECORD_ENDS = /<\/(?:entry|message|packet|record|frame|omci[\w-]*|tr)>/i;
/** What od and hexdump write for rows that are the same as the one before. */
const STAR = /^\s*\*\s*$/;
const WORD_DIGITS = 4;

/** A frame found in a line, and where. */
interface Found {
  frames: LinkFrame[];
  start: number;
  end: number;
  /** Undefined where they are written in another form than as hexadecimal digits. */
  run?: HexRun;
  /** Bytes of the run in front that are none of the frame. */
  stray: number;
}

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
  #joined: Joined<Marks> | undefined;
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
    this.#lines = new LineSplitter((line) => this.#records.line(line));
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
  #object(text: string, lines: readonly string[]): void {
    const found = this.#foundIn(text, hexRuns(text));
    const frames = new Set(found.flatMap((one) => one.frames.map(({ frame }) => Buffer.from(frame).toString("hex"))));
    if (frames.size <= 1) return this.#line(text);
    for (const line of lines) this.#line(line);
  }

  #line(raw: string): void {
    const line = raw.includes(ESCAPE_LETTER) ? raw.replaceAll(TERMINAL_SIGNS, "") : raw;
    if (line.trim() === "") return;
    if (this.#joined !== undefined && STAR.test(line)) return void (this.#joined.isStarred = true);
    if (line.includes("<")) this.#tagged(line);
    if (PACKET_BEGINS.test(line)) this.#beginPacket();
    const runs = hexRuns(line);
    if (this.#joined !== undefined && this.#goesOn(line, runs)) return;
    const found = this.#foundIn(line, runs);
    if (found.length > 0) return this.#take(line, found);
    const row = odAsRow(line) ?? rowOf(line, runs);
    if (row !== undefined && canStart(row)) return this.#start(row, line);
    this.#other(line);
  }

  #goesOn(line: string, runs: readonly HexRun[]): boolean {
    const joined = this.#joined!;
    const row = odAsRow(line) ?? rowOf(line, runs);
    if (row !== undefined && joined.take(row)) {
      if (joined.isFull) this.#endJoined();
      return true;
    }
    const isEnd = runs.length === 1 && row !== undefined && row.digits.length === line.trim().length;
    if (isEnd && joined.endsWith(endOffsets(row.digits))) {
      this.#endJoined();
      return true;
    }
    const isOver = joined.isWhole || ++joined.linesBetween > 3 || (row !== undefined && canStart(row));
    if (isOver) this.#endJoined();
    return false;
  }

  #foundIn(line: string, runs: readonly HexRun[]): Found[] {
    const found: Found[] = [];
    for (const run of runs) {
      if (run.digitCount < FRAME_DIGITS_MIN) continue;
      const { frames, stray } = framesIn(run.bytes, this.#links);
      if (frames.length === 0) continue;
      const word = (2 * stray) / run.width;
      const start = run.words[Number.isInteger(word) ? word : 0] ?? run.start;
      found.push({ frames, start, end: run.end, run, stray });
    }
    if (found.length > 0 || line.length < FRAME_DIGITS_MIN) return found;
    for (const bytes of otherForms(line)) {
      const { frames } = framesIn(bytes, this.#links);
      // Where these forms stand in the line does not matter: digits in them name nobody.
      if (frames.length > 0) return [{ frames, start: line.length, end: line.length, stray: 0 }];
    }
    return found;
  }

  #take(line: string, found: readonly Found[]): void {
    this.#endJoined();
    const first = found[0];
    const last = found.at(-1)!;
    const marks = this.#marksWith(`${line.slice(0, first.start)} ${line.slice(last.end)}`);
    const { run } = first;
    if (run !== undefined && mayGoOn(found) && isOpenTail(line.slice(last.end))) {
      const { width, isHalfAtEnd } = run;
      const digits = run.digits.slice(2 * first.stray);
      const bytes = run.bytes.subarray(first.stray);
      const prefix = line.slice(0, first.start);
      const row = { digits, bytes, offsets: [], prefix, tail: "", width, isHalfAtFront: false, isHalfAtEnd };
      const joined = new Joined(row, marks);
      if (!joined.isFull) {
        this.#joined = joined;
        return;
      }
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

  #start(row: DumpRow, line: string): void {
    this.#endJoined();
    const marks = this.#marksWith(`${row.prefix} ${row.tail}`);
    this.#joined = new Joined(row, marks);
    if (this.#joined.isFull) this.#endJoined();
    if (line.length > 0) this.#context.clear();
  }

  /** The rows are all there are: what they hold. */
  #endJoined(): void {
    const joined = this.#joined;
    if (joined === undefined) return;
    this.#joined = undefined;
    const { bytes, marks, width, rows } = joined;
    let { frames } = framesIn(bytes, this.#links, joined.isDump);
    if (frames.length === 0 && width === WORD_DIGITS) ({ frames } = framesIn(swapped(bytes), this.#links));
    if (frames.length > 0 && joined.digits.length % 2 === 1) this.cutFrames++;
    for (const frame of frames) this.#emit(frame, marks);
    if (frames.length > 0) return;
    // A frame that is not all there is shown as such.
    const isPiece = joined.beginsAsFrame && bytes.length >= PIECE_BYTES_MIN && this.#packetFrames === undefined;
    if (isPiece) this.#emit({ frame: bytes }, marks);
    else this.otherLines += rows;
  }

  #emit(frame: LinkFrame, marks: Marks): void {
    this.#context.clear();
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
    return isComplete ? own : overlaid(this.#context.marks, own);
  }
}

/** One frame that has not all that may stand behind it. */
function mayGoOn([first, ...more]: readonly Found[]): boolean {
  if (more.length > 0 || first.frames.length > 1) return false;
  const { frame } = first.frames[0];
  return frame.length < (mostBytes(frame) ?? 0);
}

function odAsRow(line: string): DumpRow | undefined {
  const od = odRow(line);
  if (od === undefined) return undefined;
  const none = { prefix: "", tail: "", width: 2, isHalfAtFront: false, isHalfAtEnd: false };
  return { ...none, digits: od.digits, bytes: Buffer.from(od.digits, "hex"), offsets: [od.offset] };
}

/** What an offset on a line of its own may be. */
function endOffsets(digits: string): number[] {
  const offsets = [Number.parseInt(digits, 16)];
  if (/^\d+$/.test(digits)) offsets.push(Number.parseInt(digits, 10));
  if (/^[0-7]+$/.test(digits)) offsets.push(Number.parseInt(digits, 8));
  return offsets;
}
