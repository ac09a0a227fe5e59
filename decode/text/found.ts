/** Which of the bytes that a text holds are OMCI frames, bare or in a packet: strict, as most bytes in a log are none. */
import {
  bareFrameBytes,
  hasSduLength,
  type LinkFrame,
  type LinkReader,
  mostBytes,
  relayedFrame,
  surelyBegins,
} from "../../pon/capture/index.ts";
import type { HexRun } from "./runs.ts";

/** Numbers in front of a frame that look like its bytes: a length, an ONU. */
export const STRAY_BYTES_MAX = 8;
/** What may stand behind a frame: its length once more, a check sum. */
const TRAILING_BYTES_MAX = 16;
/** Of a relay's header. */
const RELAY_BYTES = 32;
const ETHERNET_TYPE_AT = 12;
const LINK_TYPES: ReadonlySet<number> = new Set([0x88b5, 0x8100, 0x88a8, 0x0800, 0x86dd]);
const ETHERNET_HEADER_BYTES = 14;

/** Whether bytes begin as a packet in which there may be a frame. */
export function looksLikePacket(bytes: Uint8Array): boolean {
  if (bytes.length < ETHERNET_HEADER_BYTES) return false;
  const type = (bytes[ETHERNET_TYPE_AT] << 8) | bytes[ETHERNET_TYPE_AT + 1];
  return LINK_TYPES.has(type) || bytes[0] === 0x45;
}

/** OB-BAA's relay in a log: a name, the ONU-ID, then a message. */
export const looksLikeRelay = (bytes: Uint8Array): boolean =>
  bytes.length >= RELAY_BYTES + 10 && bytes[0] > 0x20 && bytes[0] < 0x7f && surelyBegins(bytes, RELAY_BYTES);

export interface FoundFrames {
  frames: LinkFrame[];
  /** Bytes in front that are none of theirs. */
  stray: number;
}

/** A frame found in a line, and where. */
export interface FrameInLine {
  frames: LinkFrame[];
  start: number;
  end: number;
  /** Undefined where they are written in another form than as hexadecimal digits. */
  run?: HexRun;
  /** Bytes of the run in front that are none of the frame. */
  stray: number;
}

const NONE: FoundFrames = { frames: [], stray: 0 };

/** @param isDump of a packet, as offsets in front of it show. @returns the frames in bytes; none when they are something else */
export function framesIn(bytes: Uint8Array, links: LinkReader, isDump = false): FoundFrames {
  for (let stray = 0; stray <= STRAY_BYTES_MAX && stray + 10 <= bytes.length; stray++) {
    if (!surelyBegins(bytes, stray)) continue;
    const frames = bareFrames(stray === 0 ? bytes : bytes.subarray(stray));
    if (frames.length > 0) return { frames, stray };
  }
  if (looksLikeRelay(bytes)) {
    const relayed = relayedFrame(bytes);
    if (relayed !== undefined) return { frames: [relayed], stray: 0 };
  }
  if (!looksLikePacket(bytes) && !isDump) return NONE;
  const read = links.read(bytes, undefined);
  return { frames: read.filter(({ frame }) => surelyBegins(frame) && bareFrameBytes(frame) !== undefined), stray: 0 };
}

/** One frame, or several one behind the other. */
function bareFrames(bytes: Uint8Array): LinkFrame[] {
  const frames: LinkFrame[] = [];
  for (let at = 0; at < bytes.length;) {
    const rest = at === 0 ? bytes : bytes.subarray(at);
    const length = surelyBegins(rest) ? bareFrameBytes(rest) : undefined;
    if (length === undefined) return isHarmless(rest) ? frames : [];
    const shorter = lengthBeforeNext(rest, length);
    frames.push({ frame: shorter === rest.length ? rest : rest.subarray(0, shorter) });
    at += shorter;
  }
  return frames;
}

/** Frames at the front of bytes that go on, up to the last one that another follows. */
export function leadingFrames(bytes: Uint8Array): { frames: LinkFrame[]; bytes: number } {
  const frames: LinkFrame[] = [];
  let at = 0;
  for (let rest = bytes; surelyBegins(rest); rest = bytes.subarray(at)) {
    const length = bareFrameBytes(rest);
    if (length === undefined) break;
    const shorter = lengthBeforeNext(rest, length);
    if (!surelyBegins(rest, shorter)) break;
    frames.push({ frame: rest.subarray(0, shorter) });
    at += shorter;
  }
  return { frames, bytes: at };
}

/** Frames without trailers one behind the other: where the next begins the one before it ends. */
function lengthBeforeNext(bytes: Uint8Array, length: number): number {
  if (bytes.length <= length || surelyBegins(bytes, length)) return length;
  for (const shorter of [length - 4, length - 8])
    if (shorter >= (hasSduLength(bytes) ? 44 : 40) && surelyBegins(bytes, shorter)) return shorter;
  return length;
}

const isHarmless = (rest: Uint8Array): boolean => rest.length <= TRAILING_BYTES_MAX || rest.every((byte) => byte === 0);

/**
 * Bytes of words of 16 or 32 bits in the other order, as hexdump, od -x, xxd -e and kernels have them on most machines.
 *
 * @param digits of a word. @returns undefined for other words
 */
export function swapped(bytes: Uint8Array, digits: number): Uint8Array | undefined {
  if (digits === 4) return Buffer.from(bytes.subarray(0, bytes.length & ~1)).swap16();
  return digits === 8 ? Buffer.from(bytes.subarray(0, bytes.length & ~3)).swap32() : undefined;
}

/** One frame that has not all that may stand behind it. */
export function mayGoOn([first, ...more]: readonly FrameInLine[]): boolean {
  if (more.length > 0 || first.frames.length > 1) return false;
  const { frame } = first.frames[0];
  return frame.length < (mostBytes(frame) ?? 0);
}
