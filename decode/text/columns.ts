/** Tables whose first line says what is in each column, and what a line in front of all frames tells of all of them. */
import { type Marks, marksOf, overlaid } from "./marks.ts";

const SEPARATORS = [",", ";", "\t", "|"] as const;
const CELLS_MIN = 2;
const CELLS_MAX = 64;
const LETTERS_MAX = 512;
/** A header has hardly any. */
const DIGITS = /(?:\d\D*){6}/;
const QUOTES = /^[\s"'`*]+|[\s"'`*]+$/g;
const ONU = /^(?:[gex]\w{0,6}[-_ ]?)?on[ut](?:[-_ ]?(?:id|no|num|number|idx|index|name))?$/i;
const PORT = /^(?:pon|intf|port|[gex]\w{0,2}pon)(?:[-_ ]?(?:id|no|num|number|port|if|ni|idx|index))?$/i;
const DEVICE = /^(?:device|serial|sn)[-_ ]?(?:id|number|num|no)?$/i;
const TIME =
  /^(?:rel(?:ative)?[-_ ]?)?(?:time|timestamp|time[-_]stamp|ts|epoch|uptime|seconds|secs?)[-_ ]?[([]?(ns|us|ms|s|sec|seconds)?[)\]]?$/i;
const BYTES = /data|hex|omci|payload|frame|packet|pkt|message|msg|pdu|bytes|raw/i;
/** What there is room for in a number of a port: without more it is none of a time. */
const NUMBER = /^-?\d{1,10}(?:\.\d{1,9})?$/;

type Kind = "onu" | "pon" | "device" | "time";

interface Column {
  at: number;
  /** As it would be told in words. */
  word: string;
  kind: Kind;
}

export class Columns {
  #separator = "";
  #cells = 0;
  #columns: readonly Column[] = [];
  /** What lines in front of the first frame told of all, while no other tells anything. */
  #all: Marks | undefined;
  #isFirst = true;

  get isKnown(): boolean {
    return this.#columns.length > 0;
  }

  /** Nothing is known that a frame is told by. */
  get isSilent(): boolean {
    return !this.isKnown && !this.#isFirst && this.#all === undefined;
  }

  /** A line without a frame. */
  note(line: string): void {
    if (line.length > LETTERS_MAX || DIGITS.test(line) || !BYTES.test(line)) return;
    for (const separator of SEPARATORS) {
      if (!line.includes(separator)) continue;
      const cells = cellsOf(line, separator);
      if (cells.length < CELLS_MIN || cells.length > CELLS_MAX) continue;
      const columns = cells.flatMap((cell, at) => columnOf(cell, at));
      if (columns.length === 0 || !cells.some((cell) => BYTES.test(cell))) continue;
      this.#separator = separator;
      this.#cells = cells.length;
      this.#columns = columns;
      return;
    }
  }

  /** @returns what the columns of a line with a frame tell */
  marksOf(line: string): Marks | undefined {
    const cells = cellsOf(line, this.#separator);
    if (cells.length !== this.#cells) return undefined;
    const words = this.#columns.map(({ at, word, kind }) => (isValue(cells[at], kind) ? `${word}${cells[at]}` : ""));
    return marksOf(words.join(" ; "));
  }

  /**
   * What the lines before the first frame told holds for those behind it, until something else is told.
   *
   * @param own what stands round the frame. @param told with what the lines before it tell
   */
  withAll(own: Marks, told: Marks): Marks {
    if (!this.#isFirst && this.#all === undefined) return told;
    const isNamed = nameOf(told) !== undefined;
    if (this.#isFirst) {
      this.#isFirst = false;
      if (isNamed && nameOf(own) === undefined) this.#all = { ...told, time: undefined };
      return told;
    }
    if (isNamed) this.#all = undefined;
    return this.#all === undefined ? told : overlaid(this.#all, told);
  }
}

const nameOf = ({ onuId, device, pon, macs }: Marks): unknown => onuId ?? device ?? macs?.[0] ?? pon;

const cellsOf = (line: string, separator: string): string[] =>
  line.split(separator).map((cell) => cell.replaceAll(QUOTES, ""));

function columnOf(cell: string, at: number): Column[] {
  if (ONU.test(cell)) return [{ at, word: "onu=", kind: "onu" }];
  if (PORT.test(cell)) return [{ at, word: "pon=", kind: "pon" }];
  if (DEVICE.test(cell)) return [{ at, word: /^device/i.test(cell) ? "device-id=" : "serial=", kind: "device" }];
  const time = TIME.exec(cell);
  if (time === null) return [];
  const unit = time[1]?.toLowerCase().replace(/^s.*/, "s");
  return [{ at, word: `time${unit === undefined ? "" : `_${unit}`}=`, kind: "time" }];
}

/** A time in words is read where it stands. */
const isValue = (cell: string, kind: Kind): boolean => cell !== "" && (kind !== "time" || NUMBER.test(cell));
