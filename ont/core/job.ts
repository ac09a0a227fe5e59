/** A download as far as it has come. */
import type { DeltaFacts } from "../../image/index.ts";
import type { Stretches } from "../../base/stretches/index.ts";
import type { CheckedImage, FlashArea, ImageVerifier, Slot, StoredImage } from "./types.ts";
import { WindowBuffer } from "./window.ts";

/** Sections of an image kept for profiles that read the version from it. */
const HEAD_BYTES_MAX = 14;

/** The last window taken in, for its repeats: an answer may be lost, and the OLT then sends the window again. */
export interface AcceptedWindow {
  /** TCI of its section 0. */
  base: number;
  /** TCI of its last section. */
  lastTci: number;
  sections: number;
  lostSections: number;
}

/** After a good End: the image is brought to stable storage, then the boot record calls it valid. */
export interface StoringStep {
  step: "syncing" | "migrating" | "recording";
  image: CheckedImage;
}

/** After a good End of a delta: the image that it makes is built in the slot, block by block, and read back. */
export interface RebuildStep {
  step: "rebuilding";
  delta: DeltaFacts;
  from: Slot;
  /** What the flash does now. */
  does: "checkBase" | "openDelta" | "erase" | "keep" | "rebuild" | "readBack";
  blocks: number;
  /** The next one; before the slot is looked at, so many as the boot record says are there. */
  block: number;
  /** Of the image that is made. */
  verifier: ImageVerifier;
  verifiedBytes: number;
}

/** Bytes read back at a time. */
export const READ_BYTES_MAX = 1024 * 1024;

/** Windows came in out of order: before the check their bytes are read back. */
export interface ReadingStep {
  step: "reading";
}

/**
 * The boot record names a part that has come together: a sixteenth of the image at once, so that a fast download is not
 * held up by its records; less where the last record is a second old, so that a power cut costs a slow one little.
 */
const RECORDS_FAST = 16;
const RECORD_BYTES_FAST_MIN = 64 * 1024;
const RECORD_BYTES_MIN = 32 * 1024;
const RECORD_EACH_NS = 1e9;

/** One download, from Start until it is stored, aborted or refused (states S2 and S2'). */
export class DownloadJob {
  readonly slot: Slot;
  /** Where it lies until it is whole: the slot, or for a delta the staging area. */
  readonly area: FlashArea;
  readonly imageBytes: number;
  /** Window granted, 1…256 sections. */
  readonly windowSections: number;
  readonly verifier: ImageVerifier;
  readonly window: WindowBuffer;
  /** The image that the Start withdrew, for profiles that bring it back. */
  readonly replaced: StoredImage | null;
  /** Identity of the image, hexadecimal; empty = the OLT did not tell. */
  readonly identity: string;
  /** Image bytes taken in so far: those of all accepted windows. */
  readonly held: Stretches;
  /** Where the window that is collected begins in the image. */
  offsetBytes = 0;
  /** Bytes that the verifier has had; the rest it gets read back. */
  verifiedBytes = 0;
  #unrecordedBytes = 0;
  /** Of the last record, or of what was taken in first; -1 = nothing yet. */
  #recordedNs = -1;
  /** It came by a road beside OMCI (local.ts). */
  isLocal = false;
  windowsAccepted = 0;
  /** TCI base the next broadcast window must have to be this download's (chain rule, extension); 0 = none. */
  chainBase: number;
  accepted: AcceptedWindow | null = null;
  storing: StoringStep | ReadingStep | RebuildStep | null = null;
  /** First bytes of the image. */
  readonly head = new Uint8Array(HEAD_BYTES_MAX);
  /** For ONTs that count sections or want them in order (deviations.ts): the next number, and whether one was wrong. */
  nextSection = 0;
  spoiled = false;

  constructor(start: {
    slot: Slot;
    area: FlashArea;
    imageBytes: number;
    windowSections: number;
    verifier: ImageVerifier;
    replaced: StoredImage | null;
    chainBase: number;
    identity: string;
    held: Stretches;
    keepsViews: boolean;
  }) {
    this.identity = start.identity;
    this.held = start.held;
    this.slot = start.slot;
    this.area = start.area;
    this.imageBytes = start.imageBytes;
    this.windowSections = start.windowSections;
    this.verifier = start.verifier;
    this.replaced = start.replaced;
    this.chainBase = start.chainBase;
    this.window = new WindowBuffer(start.windowSections, start.keepsViews);
  }

  /** Bytes of the image that are not held. */
  get remainingBytes(): number {
    return this.imageBytes - this.held.total;
  }

  /** Bytes from where the window begins to the end of the image. */
  get roomBytes(): number {
    return this.imageBytes - this.offsetBytes;
  }

  /** The window begins at a byte of the image, and its section 0 has this TCI (chain rule; 0 = none). */
  place(baseTci: number, offsetBytes: number): void {
    // The repeat of what is so already: sections may have come in.
    if (baseTci === this.chainBase && offsetBytes === this.offsetBytes) return;
    this.chainBase = baseTci;
    this.offsetBytes = offsetBytes;
    // The window taken in last stays known, as copies of it may still come; but for one that has its TCIs.
    if (this.accepted?.base === baseTci) this.accepted = null;
    this.window.reset();
  }

  /** A window was written. @returns whether so much came together that the boot record should know of it */
  hold(nowNs: number, fromBytes: number, lengthBytes: number): boolean {
    this.held.add(fromBytes, fromBytes + lengthBytes);
    if (this.identity === "") return false;
    this.#unrecordedBytes += lengthBytes;
    if (this.#recordedNs < 0) this.#recordedNs = nowNs;
    const isMuch = this.#unrecordedBytes >= Math.max(RECORD_BYTES_FAST_MIN, this.imageBytes / RECORDS_FAST);
    const isOld = this.#unrecordedBytes >= RECORD_BYTES_MIN && nowNs >= this.#recordedNs + RECORD_EACH_NS;
    if (!isMuch && !isOld) return false;
    this.#unrecordedBytes = 0;
    this.#recordedNs = nowNs;
    return true;
  }

  keepHead(bytes: Uint8Array): void {
    const room = HEAD_BYTES_MAX - this.offsetBytes;
    if (room > 0) this.head.set(bytes.subarray(0, room), this.offsetBytes);
  }
}
