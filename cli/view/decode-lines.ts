/** Decoded frames and windows as lines of text or JSON. */
import { summaryPieces } from "../../omci/index.ts";
import {
  exactNsOf,
  factsOf,
  type FrameRecord,
  type InputFrame,
  type OnuName,
  plainOf,
  type TraceRecord,
  type WindowRecord,
} from "../../decode/index.ts";
import type { TextBytes } from "./text-bytes.ts";

const BROADCAST = -1;
const NS_PER_MS = 1e6;
const NS_PER_MICROSECOND = 1000;
const MICROSECONDS = 1e6;
/** Of seconds with a fraction. */
const TIME_WIDTH = 12;
const ZERO = 0x30;
const MICROSECOND_DIGITS = 6;
const FRAME_WIDTH = 6;
const ONU_WIDTH = 3;
const INDENT = " ".repeat(8);

/** Seconds with microseconds, rounded down. */
function putTime(input: InputFrame, out: TextBytes): void {
  const { timeNs, exactNs } = input;
  if (timeNs === undefined) return;
  const isPlain = exactNs === undefined && timeNs >= 0 && Number.isSafeInteger(timeNs);
  const microseconds = isPlain ? (timeNs - (timeNs % NS_PER_MICROSECOND)) / NS_PER_MICROSECOND : wholeOf(input);
  if (microseconds === undefined || !Number.isSafeInteger(microseconds) || microseconds < 0)
    return out.text(timeText(exactNsOf(input)));
  const seconds = Math.floor(microseconds / MICROSECONDS);
  out.number(seconds, TIME_WIDTH - 1 - MICROSECOND_DIGITS);
  out.text(".");
  out.number(microseconds - seconds * MICROSECONDS, MICROSECOND_DIGITS, ZERO);
  out.text(" ");
}

/** In microseconds, rounded down where that is no fraction below zero. */
function wholeOf(input: InputFrame): number | undefined {
  const ns = exactNsOf(input);
  return ns === undefined || ns < 0n ? undefined : Number(ns / BigInt(NS_PER_MICROSECOND));
}

function timeText(ns: bigint | undefined): string {
  if (ns === undefined) return "";
  const sign = ns < 0n ? "-" : "";
  const digits = ((ns < 0n ? -ns : ns) / BigInt(NS_PER_MICROSECOND)).toString().padStart(MICROSECOND_DIGITS + 1, "0");
  const text = `${sign}${digits.slice(0, -MICROSECOND_DIGITS)}.${digits.slice(-MICROSECOND_DIGITS)}`;
  return `${text.padStart(TIME_WIDTH)} `;
}

function whoseOf(onuId: OnuName, pon: number | string): string {
  const onu = onuId === undefined ? "?" : onuId === BROADCAST ? "all" : String(onuId);
  return pon === 0 ? onu : `${pon}/${onu}`;
}

/** One record of a trace as text: a line, and one more for each warning. */
export function putRecord(record: TraceRecord, out: TextBytes): void {
  switch (record.record) {
    case "frame":
      return putFrame(record, out);
    case "window":
      return out.text(windowText(record));
    case "image": {
      const { onuId, pon, bytes, crc32, isRight } = record;
      const right = isRight === undefined ? "cannot be judged" : isRight ? "right" : "WRONG";
      return out.text(
        `${INDENT}= image for ONU ${whoseOf(onuId, pon)}: ${bytes} bytes, CRC-32 0x${crc32.toString(16).padStart(8, "0")} ${right}`,
      );
    }
    case "warning":
      return out.text(`${INDENT}! frame ${record.frame} ${record.warning.text}`);
  }
}

function putFrame({ frame, input, message, answers, answerNs, warnings }: FrameRecord, out: TextBytes): void {
  const { direction, onuId, pon = 0, comment } = input;
  out.number(frame, FRAME_WIDTH);
  out.text(" ");
  putTime(input, out);
  out.text(direction === "down" ? "▼ " : "▲ ");
  if (pon === 0 && typeof onuId === "number" && onuId >= 0) out.number(onuId, ONU_WIDTH);
  else out.text(whoseOf(onuId, pon).padStart(ONU_WIDTH));
  out.text("  ");
  if (message === undefined) out.text(`${input.frame.length} bytes`);
  else for (const piece of summaryPieces(message)) out.text(piece);
  const facts = message === undefined ? "" : factsOf(message);
  if (facts !== "") {
    out.text(" · ");
    out.text(facts);
  }
  if (answers !== undefined) {
    out.text(" → ");
    out.number(answers);
    if (answerNs !== undefined) putTook(answerNs, out);
  }
  for (const { text } of warnings) out.text(`\n${INDENT}! ${text}`);
  if (comment !== undefined) out.text(`\n${INDENT}# ${comment}`);
}

function putTook(answerNs: number, out: TextBytes): void {
  out.text(" in ");
  if (answerNs % NS_PER_MICROSECOND === 0 && Number.isSafeInteger(answerNs)) {
    const whole = Math.floor(answerNs / NS_PER_MS);
    out.number(whole);
    out.text(".");
    out.number((answerNs - whole * NS_PER_MS) / NS_PER_MICROSECOND, 3, ZERO);
  } else {
    out.text((answerNs / NS_PER_MS).toFixed(3));
  }
  out.text(" ms");
}

function windowText(record: WindowRecord): string {
  const { onuId, pon, window, sections, bytes, offsetBytes, repairedSections, missingSections } = record;
  const repaired = repairedSections > 0 ? `, ${repairedSections} from parity` : "";
  const missing = missingSections > 0 ? `, ${missingSections} MISSING` : "";
  return `${INDENT}= window ${window} for ${whoseOf(onuId, pon)}: ${sections} sections, bytes ${offsetBytes} to ${offsetBytes + bytes}${repaired}${missing}`;
}

/** One record as a JSON object of one line. */
export function jsonOfRecord(record: TraceRecord): string {
  if (record.record === "image") return JSON.stringify({ ...record, isRight: record.isRight ?? null });
  if (record.record !== "frame") return JSON.stringify(record);
  const { frame, input, message, answers, answerNs, warnings } = record;
  const { direction, onuId, pon = 0, comment } = input;
  const plain = message === undefined ? {} : plainOf(message);
  const bytes = Buffer.from(input.frame).toString("hex");
  const rest = JSON.stringify({ direction, pon, onuId, ...plain, bytes, answers, answerNs, warnings, comment });
  // Dates in nanoseconds are beyond what a double holds: written as they are.
  const ns = exactNsOf(input);
  const time = ns === undefined ? "" : `"timeNs":${ns},`;
  return `{"record":"frame","frame":${frame},${time}${rest.slice(1)}`;
}
