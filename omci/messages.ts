/** The messages as TypeScript has them, made from the layouts. */
import type { AnyValues, ValuesOf } from "./field.ts";
import type { LAYOUTS, MessageName } from "./layout.ts";

/** Message set of a frame: device identifier 0x0A (baseline) or 0x0B (extended). G.988 11.2.3. */
export type MessageSet = "baseline" | "extended";

export interface MessageHeader {
  /** Transaction correlation identifier, 0…0xFFFF; 0 only for autonomous ONT messages. */
  tci: number;
  messageSet: MessageSet;
  classId: number;
  instanceId: number;
  /** AR of a frame in which it is not as the message's layout has it; left out elsewhere. */
  deviantAr?: boolean;
}

/** What a message says, of each kind of message; `type` is its name in the table. */
export type MessageBody = { [Name in MessageName]: ValuesOf<{ type: Name }, (typeof LAYOUTS)[Name]> }[MessageName];

export type Message = {
  [Name in MessageName]: ValuesOf<MessageHeader & { type: Name }, (typeof LAYOUTS)[Name]>;
}[MessageName];

/** Message that the fields of its own layout were put into, one by one (decoder, generator of tests). */
export const asMessage = (values: MessageHeader & { type: MessageName } & AnyValues): Message => values as Message;
