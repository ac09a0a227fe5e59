/** Captures of any program, pcap, pcapng or snoop, taken apart into OMCI frames; what a frame means is not known here. */
import { directionOf } from "./bare.ts";
import type { ReadFrame } from "./ethernet.ts";
import { type CaptureFormat, type FoundPacket, viewOf } from "./format.ts";
import { LinkReader } from "./link.ts";
import { isSnoop, Pcap, PCAP_HEADER_BYTES, pcapKind, Snoop, SNOOP_HEADER_BYTES } from "./pcap.ts";
import { Pcapng } from "./pcapng-reader.ts";
import { BLOCK } from "./pcapng.ts";

/** A packet or block that claims to be longer is none. */
const RECORD_BYTES_MAX = 16 * 1024 * 1024;

/** Frames that are held back until an answer shows whether addresses tell whose they are. */
const HELD_FRAMES_MAX = 64;

/** Bytes that tell a capture from other files. */
export const CAPTURE_MAGIC_BYTES = 4;

/** @param bytes the first four of a file, at least */
export function looksLikeCapture(bytes: Uint8Array): boolean {
  if (bytes.length < CAPTURE_MAGIC_BYTES) return false;
  const magic = viewOf(bytes).getUint32(0);
  return magic === BLOCK.section || pcapKind(magic) !== undefined || isSnoop(bytes);
}

/**
 * Reads captures of either byte order and any time resolution, as they come in: no more than one packet or block is kept. A
 * file that is cut off gives what is whole in it.
 */
export class CaptureReader {
  /** Packets that hold no OMCI frame. */
  otherPackets = 0;
  /** Packets of which the capture did not keep all. */
  cutPackets = 0;
  /** Why reading ended before the end of the file, else empty. */
  fault = "";
  /** When each packet was captured, whatever is in it; for whoever looks at gaps. */
  onPacketTime: ((timeNs: bigint) => void) | undefined;
  readonly #onFrame: (frame: ReadFrame) => void;
  readonly #links = new LinkReader();
  readonly #sink = (found: FoundPacket): void => this.#packet(found);
  #format: CaptureFormat | undefined;
  #kept: Uint8Array = new Uint8Array(0);
  /** Frames of which it is not certain yet that the addresses tell whose they are. */
  #held: ReadFrame[] = [];
  /** Bytes of the file that have been read. */
  #readBytes = 0;

  /** @param onFrame may keep the frame, but not its bytes */
  constructor(onFrame: (frame: ReadFrame) => void) {
    this.#onFrame = onFrame;
  }

  /** Packets that hold no OMCI frame, by what they are. */
  get passedOver(): ReadonlyMap<string, number> {
    return this.#links.passedOver;
  }

  /** The file goes on. */
  add(chunk: Uint8Array): void {
    if (this.fault !== "") return;
    const bytes = this.#kept.length === 0 ? chunk : Buffer.concat([this.#kept, chunk]);
    const taken = this.#read(bytes);
    this.#readBytes += taken;
    this.#kept = this.fault === "" ? bytes.slice(taken) : new Uint8Array(0);
  }

  /** The file ends here. */
  end(): void {
    this.#release();
    if (this.fault !== "" || (this.#kept.length === 0 && this.#format !== undefined)) return;
    this.fault =
      this.#format === undefined
        ? "neither pcap nor pcapng"
        : `cut off in the middle of a packet, at byte ${this.#readBytes}`;
  }

  /** @returns bytes taken */
  #read(bytes: Uint8Array): number {
    let at = 0;
    while (this.fault === "") {
      const rest = bytes.subarray(at);
      if (this.#format === undefined) {
        const headerBytes = this.#begin(rest);
        if (headerBytes === undefined) break;
        at += headerBytes;
        continue;
      }
      if (rest.length < this.#format.headBytes) break;
      const view = viewOf(rest);
      const recordBytes = this.#format.bytes(view);
      if (recordBytes === undefined || recordBytes > RECORD_BYTES_MAX) {
        this.fault = `no packet can begin at byte ${this.#readBytes + at}`;
        break;
      }
      if (rest.length < recordBytes) break;
      this.#format.take(view, rest.subarray(0, recordBytes));
      at += recordBytes;
    }
    return at;
  }

  /** @returns bytes of the file's header; undefined while more of it is to come, or when it is none */
  #begin(bytes: Uint8Array): number | undefined {
    if (bytes.length < CAPTURE_MAGIC_BYTES) return undefined;
    const magic = viewOf(bytes).getUint32(0);
    if (magic === BLOCK.section) {
      this.#format = new Pcapng(this.#sink);
      return 0;
    }
    if (isSnoop(bytes)) {
      if (bytes.length < SNOOP_HEADER_BYTES) return undefined;
      this.#format = new Snoop(this.#sink, viewOf(bytes));
      return SNOOP_HEADER_BYTES;
    }
    const kind = pcapKind(magic);
    if (kind === undefined) this.fault = "neither pcap nor pcapng";
    if (kind === undefined || bytes.length < PCAP_HEADER_BYTES) return undefined;
    this.#format = new Pcap(this.#sink, kind, viewOf(bytes));
    return PCAP_HEADER_BYTES;
  }

  #packet({ from, packet, timeNs: exactNs, comment, isCut }: FoundPacket): void {
    this.onPacketTime?.(exactNs);
    if (isCut) this.cutPackets++;
    const found = from === undefined ? [] : this.#links.read(packet, from.linkType);
    if (found.length === 0) this.otherPackets++;
    const timeNs = Number(exactNs);
    const isRounded = !Number.isSafeInteger(timeNs);
    for (const one of found) {
      const direction = one.direction ?? directionOf(one.frame);
      this.#pass({
        timeNs,
        ...(isRounded && { exactNs }),
        ...one,
        direction,
        ...(comment !== undefined && { comment }),
      });
    }
  }

  #pass(frame: ReadFrame): void {
    const isUncertain = typeof frame.onuId === "string" && this.#links.areNamesRight === undefined;
    if (!isUncertain && this.#held.length === 0) return this.#onFrame(frame);
    this.#held.push({ ...frame, frame: frame.frame.slice() });
    if (this.#held.length >= HELD_FRAMES_MAX || this.#links.areNamesRight !== undefined) this.#release();
  }

  #release(): void {
    for (const { onuId, ...frame } of this.#held) {
      const isName = typeof onuId === "string" && this.#links.areNamesRight === false;
      this.#onFrame(isName || onuId === undefined ? frame : { ...frame, onuId });
    }
    this.#held = [];
  }
}

/** What of a capture could be read. */
export interface Capture {
  frames: ReadFrame[];
  otherPackets: number;
  fault: string;
}

/** Reads a capture that is in memory. */
export function readCapture(bytes: Uint8Array): Capture {
  const frames: ReadFrame[] = [];
  const reader = new CaptureReader((frame) => frames.push(frame));
  reader.add(bytes);
  reader.end();
  return { frames, otherPackets: reader.otherPackets, fault: reader.fault };
}
