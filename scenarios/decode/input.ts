import { type CapturedFrame, looksLikeCapture, readCapture } from "../../pon/capture/index.ts";

/** Frames out of a file of any kind, and what was passed over. */
export interface DecodeInput {
  frames: InputFrame[];
  /** A line each. */
  notes: string[];
}

/** A log does not always say when, which way and whose. */
export type InputFrame = Pick<CapturedFrame, "frame" | "comment"> & {
  timeNs?: number;
  direction: "down" | "up";
  onuId?: number;
};

/** Fewest bytes that are taken for a frame: header and contents of baseline without the trailer. */
const FRAME_BYTES_MIN = 10;
/** AK: the answer to a request. */
const ANSWER_BIT = 0x20;
/** Message types that an ONT sends by itself: attribute value change, test result, alarm. */
const NOTIFICATIONS: ReadonlySet<number> = new Set([0x10, 0x11, 0x1b]);

export function readInput(bytes: Uint8Array): DecodeInput {
  if (!looksLikeCapture(bytes)) return readText(Buffer.from(bytes).toString("latin1"));
  const { frames, otherPackets, fault } = readCapture(bytes);
  const notes = [
    ...(otherPackets > 0 ? [`${otherPackets} packets hold no OMCI frame`] : []),
    ...(fault === "" ? [] : [fault]),
  ];
  return { frames, notes };
}

/** One frame in each line: bare digits, or behind a time and words as in the logs of OMCI daemons. */
function readText(text: string): DecodeInput {
  const frames: InputFrame[] = [];
  let passed = 0;
  for (const line of text.split(/\r?\n/)) {
    if (line.trim() === "") continue;
    const frame = longestHex(line);
    if (frame === undefined) passed++;
    else frames.push({ frame, direction: directionOf(frame), ...timeOf(line), ...onuOf(line) });
  }
  return { frames, notes: passed > 0 ? [`${passed} lines hold no frame`] : [] };
}

function longestHex(line: string): Uint8Array | undefined {
  // Bytes run on, or stand apart by a blank or a colon.
  const runs = line.match(/(?<![0-9A-Za-z])(?:0x)?[0-9a-fA-F]{2}(?:[ :]?[0-9a-fA-F]{2})+(?![0-9A-Za-z])/g) ?? [];
  const digits = runs.map((run) => run.replace(/^0x/, "").replaceAll(/[ :]/g, ""));
  const longest = digits.reduce((best, run) => (run.length > best.length ? run : best), "");
  if (longest.length < 2 * FRAME_BYTES_MIN) return undefined;
  return Uint8Array.from(Buffer.from(longest, "hex"));
}

const directionOf = (frame: Uint8Array): "down" | "up" =>
  (frame[2] & ANSWER_BIT) !== 0 || NOTIFICATIONS.has(frame[2] & 0x1f) ? "up" : "down";

/** Seconds in front of the frame, where there are any. */
function timeOf(line: string): { timeNs?: number } {
  const match = /(?:^|[\s[(])(\d{1,10}\.\d{1,9})(?=[\s\])])/.exec(line);
  return match ? { timeNs: Math.round(Number(match[1]) * 1e9) } : {};
}

function onuOf(line: string): { onuId?: number } {
  const match = /\bonu[-_ ]?(?:id)?[=: ]+(\d{1,4})\b/i.exec(line);
  return match ? { onuId: Number(match[1]) } : {};
}
