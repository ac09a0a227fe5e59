/** Frames of one ONT out of the capture of its run, in words: read when somebody asks, as far as that is not too much. */
import { createReadStream, existsSync } from "node:fs";
import { factsOf, type InputFrame, InputReader } from "../../../decode/index.ts";
import { decodeMessage, dissect, summarize } from "../../../omci/index.ts";
import { capturePathOf } from "../../../run/processes/index.ts";
import type { OntFrame, OntFrames } from "../types.ts";

/** The last of them. */
const FRAMES_MAX = 60;
const READ_BYTES_MAX = 64 * 1024 * 1024;
const PIECE_BYTES = 256 * 1024;
const NS_PER_MS = 1e6;
const BROADCAST = -1;

/** As it is called on its port. */
interface OnuName {
  pon: number;
  /** -1: it was never ranged. */
  onuId: number;
}

interface Kept {
  number: number;
  input: InputFrame;
  /** Sections to all that came before it. */
  toAll: number;
}

/** While a run goes on, and where it was killed, each of its ports has a capture of its own beside the whole. */
export function captureOfPort(path: string | undefined, ports: number, pon: number): string | undefined {
  const own = path && capturePathOf(path, ports, pon);
  return own !== undefined && existsSync(own) ? own : path;
}

/** @param path of the capture; undefined: there is none */
export async function capturedFrames(path: string | undefined, onu: OnuName): Promise<OntFrames> {
  if (path === undefined) return { isCaptured: false, frames: [], framesMore: 0, note: "" };
  const kept: Kept[] = [];
  let [number, toAll, framesMore, readBytes] = [0, 0, 0, 0];
  const reader = new InputReader((input) => {
    number++;
    if (input.pon !== undefined && input.pon !== onu.pon) return;
    if (input.onuId === BROADCAST) toAll++;
    if (input.onuId !== onu.onuId || onu.onuId === BROADCAST) return;
    kept.push({ number, input: { ...input, frame: input.frame.slice() }, toAll });
    toAll = 0;
    if (kept.length <= FRAMES_MAX) return;
    kept.shift();
    framesMore++;
  });
  let note = "";
  try {
    for await (const piece of createReadStream(path, { highWaterMark: PIECE_BYTES, end: READ_BYTES_MAX - 1 })) {
      readBytes += (piece as Buffer).length;
      reader.add(piece as Buffer);
    }
    reader.end();
    if (readBytes >= READ_BYTES_MAX)
      note = "only the first 64 MiB of the capture were read; `poncast decode` reads all";
  } catch (error) {
    note = (error as Error).message;
  }
  return { isCaptured: true, frames: kept.flatMap(wordsOf), framesMore, note };
}

function wordsOf({ number, input, toAll }: Kept): OntFrame[] {
  const { frame, direction, timeNs = 0 } = input;
  const timeMs = timeNs / NS_PER_MS;
  const decoded = decodeMessage(frame);
  const text = decoded.ok
    ? [summarize(decoded.message), factsOf(decoded.message)].filter(Boolean).join(" · ")
    : `no OMCI frame: ${decoded.cause}`;
  const own: OntFrame = { frame: number, timeMs, direction, text, fields: dissect(frame) };
  if (toAll === 0) return [own];
  const sections = `${toAll} ${toAll === 1 ? "frame" : "frames"} to all ONTs of the port`;
  return [{ frame: 0, timeMs, direction: "down", text: sections, fields: "" }, own];
}
