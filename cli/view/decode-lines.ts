/** Decoded frames and windows as lines of text or JSON. */
import { summarize } from "../../omci/index.ts";
import {
  exactNsOf,
  factsOf,
  type FrameRecord,
  type OnuName,
  plainOf,
  type TraceRecord,
  type WindowRecord,
} from "../../decode/index.ts";

const BROADCAST = -1;
const NS_PER_MS = 1e6;
const NS_PER_MICROSECOND = 1000n;
const MICROSECOND_DIGITS = 6;
const INDENT = " ".repeat(8);

/** Seconds with microseconds, rounded down. */
function timeText(ns: bigint | undefined): string {
  if (ns === undefined) return "";
  const sign = ns < 0n ? "-" : "";
  const digits = ((ns < 0n ? -ns : ns) / NS_PER_MICROSECOND).toString().padStart(MICROSECOND_DIGITS + 1, "0");
  const text = `${sign}${digits.slice(0, -MICROSECOND_DIGITS)}.${digits.slice(-MICROSECOND_DIGITS)}`;
  return `${text.padStart(12)} `;
}

function whoseOf(onuId: OnuName, pon: number | string): string {
  const onu = onuId === undefined ? "?" : onuId === BROADCAST ? "all" : String(onuId);
  return pon === 0 ? onu : `${pon}/${onu}`;
}

/** One record of a trace as text: a line, and one more for each warning. */
export function textOfRecord(record: TraceRecord): string {
  switch (record.record) {
    case "frame":
      return frameText(record);
    case "window":
      return windowText(record);
    case "image": {
      const { onuId, pon, bytes, crc32, isRight } = record;
      const right = isRight === undefined ? "cannot be judged" : isRight ? "right" : "WRONG";
      return `${INDENT}= image for ONU ${whoseOf(onuId, pon)}: ${bytes} bytes, CRC-32 0x${crc32.toString(16).padStart(8, "0")} ${right}`;
    }
    case "warning":
      return `${INDENT}! frame ${record.frame} ${record.warning.text}`;
  }
}

function frameText({ frame, input, message, answers, answerNs, warnings }: FrameRecord): string {
  const { direction, onuId, pon = 0, comment } = input;
  const time = timeText(exactNsOf(input));
  const facts = message === undefined ? "" : factsOf(message);
  const text = message === undefined ? `${input.frame.length} bytes` : summarize(message);
  const took = answerNs === undefined ? "" : ` in ${(answerNs / NS_PER_MS).toFixed(3)} ms`;
  const linked = answers === undefined ? "" : ` → ${answers}${took}`;
  const arrow = direction === "down" ? "▼" : "▲";
  const line = `${String(frame).padStart(6)} ${time}${arrow} ${whoseOf(onuId, pon).padStart(3)}  ${text}${facts && ` · ${facts}`}${linked}`;
  const notes = [...warnings.map((warning) => `! ${warning.text}`), ...(comment === undefined ? [] : [`# ${comment}`])];
  return [line, ...notes.map((note) => INDENT + note)].join("\n");
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
