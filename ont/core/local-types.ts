/** What comes to the ONT by a road beside OMCI, and what it answers (local.ts). */
import type { MessageHeader } from "../../omci/index.ts";

/** A whole bundle, or a delta that makes one. */
export type FileKind = "image" | "delta";

/** What comes to the ONT by a road beside OMCI, and is answered by a `LocalAnswer` with its id. One image at a time. */
export type LocalCommand =
  /** @property identity `imageIdentity`, hexadecimal; empty: nothing is kept over a power cut */
  | { kind: "begin"; id: number; image: FileKind; imageBytes: number; identity: string }
  /** `bytes` is only valid until the next call into the core. @property isStable answered once it outlives a power cut */
  | { kind: "write"; id: number; offsetBytes: number; bytes: Uint8Array; isStable: boolean }
  /** @property sha256 of the file, hexadecimal; empty: nobody told */
  | { kind: "finish"; id: number; sha256: string }
  | { kind: "activate" | "commit" | "rollBack" | "drop"; id: number }
  | RecoveryCommand;

/** A slot; the types of the core build on these ones. */
type AnySlot = 0 | 1;

/** What a boot loader in diagnostic mode does beside `write`, `finish` and `drop` (diagnostic.ts). */
export type RecoveryCommand =
  /** A download into this slot. @property identity as of `begin` */
  | { kind: "beginSlot"; id: number; slot: AnySlot; imageBytes: number; identity: string }
  /** Of a valid image; answered with the bytes. */
  | { kind: "readBack"; id: number; slot: AnySlot; offsetBytes: number; lengthBytes: number }
  /** Which image the next boot takes. */
  | { kind: "setActive"; id: number; slot: AnySlot }
  /** Boots what the record names. */
  | { kind: "leave"; id: number }
  /** Restarts into diagnostic mode, which outlives power cuts until somebody leaves it; an ONT that is up does so as well. */
  | { kind: "diagnose"; id: number };

export interface LocalAnswer {
  id: number;
  ok: boolean;
  /** Of a refusal. */
  cause: string;
  /** It may go another time, by itself. */
  passes: boolean;
  /** Of the image that was begun, from its beginning. */
  heldBytes: number;
  /** What the slot holds that does not run. */
  image: { version: string; sha256: string } | null;
  /** What was read back. */
  bytes?: Uint8Array;
}

/** A request whose answer goes to a road beside OMCI. */
export interface LocalRequest extends Omit<MessageHeader, "instanceId"> {
  localId: number;
  /** The file has to have it. */
  sha256?: string;
}
