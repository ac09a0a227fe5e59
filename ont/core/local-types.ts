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
  | { kind: "activate" | "commit" | "rollBack" | "drop"; id: number };

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
}

/** A request whose answer goes to a road beside OMCI. */
export interface LocalRequest extends Omit<MessageHeader, "instanceId"> {
  localId: number;
  /** The file has to have it. */
  sha256?: string;
}
