/** What a road to the image store asks and hears, whichever road: HTTPS, TR-069, a file. */
import type { FileKind } from "../core/local-types.ts";

export type { FileKind };

/** An image in a slot, as a road to it knows it. */
export interface DeviceImage {
  version: string;
  /** Of the whole bundle, hexadecimal. */
  sha256: string;
}

/** What the image store says after a boot. */
export interface DeviceState {
  runs: DeviceImage | null;
  /** Where it is; absent: nobody knows. */
  runsSlot?: number;
  /** The image that runs is the one that the next boot takes. */
  isCommitted: boolean;
  /** The image in the other slot, where it is valid. */
  other: DeviceImage | null;
  /** Why the image that was activated does not run; empty: nothing fell back. */
  rolledBack: string;
  /** Highest security version that was committed to. */
  securityVersion: number;
}

/** To the image store; each is answered by a `StoreFinding` with its id, in order. */
export type StoreCommand =
  /** @property identity hexadecimal, of the file: what is held of it already is not asked for again */
  | { kind: "begin"; id: number; image: FileKind; imageBytes: number; identity: string }
  /** `bytes` is only valid until the next call into the core. @property isStable answered once it outlives a power cut */
  | { kind: "write"; id: number; offsetBytes: number; bytes: Uint8Array; isStable: boolean }
  /** Check all of it, and store it. @property sha256 of the file, hexadecimal */
  | { kind: "finish"; id: number; sha256: string }
  /** Restart into it. */
  | { kind: "activate"; id: number }
  | { kind: "commit"; id: number }
  /** Restart into the committed image. */
  | { kind: "rollBack"; id: number }
  | { kind: "drop"; id: number };

export type StoreFinding =
  /** @property heldBytes of begin: from the beginning of the file. @property image of finish: what the slot holds */
  | { id: number; ok: true; heldBytes?: number; image?: DeviceImage }
  /** @property passes whether it may go another time, by itself */
  | { id: number; ok: false; cause: string; passes: boolean };
