/** What becomes of bytes that are read as a message. */
import type { Message, MessageHeader } from "./messages.ts";

/** A frame that is not as G.988 has it, but can be read all the same. */
export type Deviation =
  | "nonzero-padding"
  | "sdu-length-not-40"
  | "tci-zero-on-non-notification"
  | "no-instance-count"
  | "reserved-bit"
  | "ar-unexpected"
  | "trailing-bytes";

/** Why a frame cannot be read. */
export type DropCause =
  | "too-short"
  | "unknown-device"
  | "bad-length"
  | "contents-length-mismatch"
  | "contents-truncated"
  | "too-many-instances";

/** A message of a type that G.988 does not have. */
export interface OtherMessage extends MessageHeader {
  type: "other";
  messageType: number;
  ar: boolean;
  ak: boolean;
  contents: Uint8Array;
}

export interface DecodedMessage {
  ok: true;
  message: Message | OtherMessage;
  deviations: readonly Deviation[];
}

export type Decoded = DecodedMessage | { ok: false; cause: DropCause; detail: string };
