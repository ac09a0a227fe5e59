/** Finds OMCI frames in logs and hexdumps of any program. */
import {
  BASELINE_FRAME_BYTES,
  BASELINE_MESSAGE_BYTES,
  BASELINE_PDU_BYTES,
  DEVICE_BASELINE,
  DEVICE_EXTENDED,
  EXTENDED_HEADER_BYTES,
  TRAILER_BYTES,
} from "../omci/index.ts";
import { directionOf } from "../pon/capture/index.ts";
import type { InputFrame } from "./types.ts";

/** Fewest bytes that are taken for a frame: an extended header. */
const FRAME_BYTES_MIN = 10;
/** Numbers in front of a frame that look like its bytes: a length, an ONU. */
const STRAY_BYTES_MAX = 8;
/** A line that is longer holds no frame. */
const LINE_LETTERS_MAX = 64 * 1024;

/** Bytes that run on, or stand apart by one blank, colon, comma or dash. */
const HEX_RUN = /(?<![0-9A-Za-z.])(?:0x)?[0-9a-f]{2}(?:[ :,-]?(?:0x)?[0-9a-f]{2})+(?![0-9A-Za-z])/gi;
/** A hexdump's line: offset, then bytes or words, then perhaps the same as letters. */
const DUMP_LINE =
  /^\s*(?:0x)?([0-9a-f]{4,8})(?::\s*|\s{2,}|\t)((?:[0-9a-f]{2}){1,2}(?: {1,2}(?:[0-9a-f]{2}){1,2})*)(?=\s|$)/i;

const DATE_TIME = /(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?/;
const TIME_OF_DAY = /(?<![\d:])(\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(?![\d:])/;
const SECONDS = /(?<=^|[\s[(])(\d{1,10})\.(\d{1,9})(?=[\s\]):])/;

type Context = Pick<InputFrame, "timeNs" | "onuId">;

/**
 * Frames out of lines of text: bare digits, the logs of OMCI daemons (a time, some words, the bytes), hexdumps over several
 * lines. Lenient: of each line it takes what looks most like an OMCI frame.
 */
export class TextReader {
  /** Lines that hold no frame. */
  otherLines = 0;
  readonly #onFrame: (frame: InputFrame) => void;
  #rest = "";
  /** A hexdump that may go on, and what the line before it said. */
  #dump: Buffer[] = [];
  #dumpBytes = 0;
  #context: Context = {};

  constructor(onFrame: (frame: InputFrame) => void) {
    this.#onFrame = onFrame;
  }

  add(chunk: Uint8Array): void {
    const lines = (this.#rest + Buffer.from(chunk).toString("latin1")).split(/\r?\n/);
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#line(line);
    if (this.#rest.length <= LINE_LETTERS_MAX) return;
    this.#line("(too long)");
    this.#rest = "";
  }

  end(): void {
    if (this.#rest !== "") this.#line(this.#rest);
    this.#endDump();
  }

  #line(line: string): void {
    if (this.#goesOn(line)) return;
    this.#endDump();
    if (line.trim() === "") return;
    const time = timeOf(line);
    // A time's digits are no bytes.
    const words = time === undefined ? line : line.replace(time.text, " ".repeat(time.text.length));
    const context: Context = { ...(time && { timeNs: time.timeNs }), ...onuOf(words) };
    const frame = frameIn(words);
    if (frame !== undefined) this.#onFrame({ frame, direction: directionOf(frame), ...context });
    else this.otherLines++;
    this.#context = frame === undefined ? context : {};
  }

  /** Whether the line belongs to a hexdump. */
  #goesOn(line: string): boolean {
    const match = DUMP_LINE.exec(line);
    if (match === null) return false;
    const offset = Number.parseInt(match[1], 16);
    if (offset !== 0 && offset !== this.#dumpBytes) return false;
    if (offset === 0) this.#endDump();
    const bytes = Buffer.from(match[2].replaceAll(" ", ""), "hex");
    this.#dump.push(bytes);
    this.#dumpBytes += bytes.length;
    return true;
  }

  #endDump(): void {
    if (this.#dumpBytes === 0) return;
    const frame = Uint8Array.from(Buffer.concat(this.#dump));
    this.#dump = [];
    this.#dumpBytes = 0;
    if (frame.length >= FRAME_BYTES_MIN) this.#onFrame({ frame, direction: directionOf(frame), ...this.#context });
    else this.otherLines++;
    this.#context = {};
  }
}

/** The longest run of bytes, or a shorter one that is an OMCI frame by its looks. */
function frameIn(words: string): Uint8Array | undefined {
  let longest: Buffer | undefined;
  for (const [run] of words.matchAll(HEX_RUN)) {
    const bytes = Buffer.from(run.replaceAll(/0x|[ :,-]/gi, ""), "hex");
    if (bytes.length < FRAME_BYTES_MIN) continue;
    for (let stray = 0; stray <= STRAY_BYTES_MAX; stray++) {
      const frame = bytes.subarray(stray);
      if (looksLikeOmci(frame)) return Uint8Array.from(frame);
    }
    if (longest === undefined || bytes.length > longest.length) longest = bytes;
  }
  return longest && Uint8Array.from(longest);
}

/** Device identifier and length fit (G.988 11.2). */
function looksLikeOmci(frame: Uint8Array): boolean {
  if (frame[3] === DEVICE_BASELINE)
    return [BASELINE_MESSAGE_BYTES, BASELINE_PDU_BYTES, BASELINE_FRAME_BYTES].includes(frame.length);
  if (frame[3] !== DEVICE_EXTENDED) return false;
  const end = EXTENDED_HEADER_BYTES + ((frame[8] << 8) | frame[9]);
  return frame.length === end || frame.length === end + TRAILER_BYTES;
}

interface FoundTime {
  timeNs: number;
  text: string;
}

function timeOf(line: string): FoundTime | undefined {
  const date = DATE_TIME.exec(line);
  if (date !== null) {
    const [year, month, day, hour, minute, second] = date.slice(1, 7).map(Number);
    const seconds = Date.UTC(year, month - 1, day, hour, minute, second) / 1000;
    return { text: date[0], timeNs: seconds * 1e9 + fractionNs(date[7]) };
  }
  const clock = TIME_OF_DAY.exec(line);
  if (clock !== null) {
    const [hour, minute, second] = clock.slice(1, 4).map(Number);
    return { text: clock[0], timeNs: (hour * 3600 + minute * 60 + second) * 1e9 + fractionNs(clock[4]) };
  }
  const seconds = SECONDS.exec(line);
  if (seconds === null) return undefined;
  return { text: seconds[0], timeNs: Number(seconds[1]) * 1e9 + fractionNs(seconds[2]) };
}

const fractionNs = (digits = ""): number => Number(digits.padEnd(9, "0"));

function onuOf(line: string): { onuId?: number } {
  const match = /\bon[ut][-_ ]?(?:id)?[=: #]*(\d{1,4})\b/i.exec(line);
  return match ? { onuId: Number(match[1]) } : {};
}
