/** A download as far as it has come. */
import type { ImageVerifier, Slot, StoredImage } from "./types.ts";
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
  step: "syncing" | "recording";
  image: StoredImage;
}

/** One download, from Start until it is stored, aborted or refused (states S2 and S2'). */
export class DownloadJob {
  readonly slot: Slot;
  readonly imageBytes: number;
  /** Window granted, 1…256 sections. */
  readonly windowSections: number;
  readonly verifier: ImageVerifier;
  readonly window: WindowBuffer;
  /** The image that the Start withdrew, for profiles that bring it back. */
  readonly replaced: StoredImage | null;
  /** Image bytes taken in so far: those of all accepted windows. */
  offsetBytes = 0;
  windowsAccepted = 0;
  /** TCI base the next broadcast window must have to be this download's (chain rule, extension); 0 = none. */
  chainBase: number;
  accepted: AcceptedWindow | null = null;
  storing: StoringStep | null = null;
  /** First bytes of the image. */
  readonly head = new Uint8Array(HEAD_BYTES_MAX);
  /** For ONTs that count sections or want them in order (deviations.ts): the next number, and whether one was wrong. */
  nextSection = 0;
  spoiled = false;

  constructor(start: {
    slot: Slot;
    imageBytes: number;
    windowSections: number;
    verifier: ImageVerifier;
    replaced: StoredImage | null;
    chainBase: number;
  }) {
    this.slot = start.slot;
    this.imageBytes = start.imageBytes;
    this.windowSections = start.windowSections;
    this.verifier = start.verifier;
    this.replaced = start.replaced;
    this.chainBase = start.chainBase;
    this.window = new WindowBuffer(start.windowSections);
  }

  get remainingBytes(): number {
    return this.imageBytes - this.offsetBytes;
  }

  keepHead(bytes: Uint8Array): void {
    const room = HEAD_BYTES_MAX - this.offsetBytes;
    if (room > 0) this.head.set(bytes.subarray(0, room), this.offsetBytes);
  }
}
