/** A request that was sent, where it goes, and the answer that was read. */
import type { Message, MessageBody, MessageSet } from "../../omci/index.ts";
import type { EvidenceFrame } from "./evidence.ts";

type BodyType = MessageBody["type"];
export type RequestType = Extract<BodyType, `${string}Request`>;
type AnswerType<Type extends string> = Type extends `${infer Stem}Request`
  ? Extract<BodyType, `${Stem}Response`>
  : never;
export type Request<Type extends RequestType = RequestType> = Extract<MessageBody, { type: Type }> & { type: Type };
export type AnswerMessage<Type extends string> = Extract<Message, { type: AnswerType<Type> }> & { result: number };

/** An answer that was read, and the frame it came in. */
export interface Answer<Type extends string = RequestType> {
  message: AnswerMessage<Type>;
  deviations: readonly string[];
  frame: EvidenceFrame;
  /** From the request until the answer. */
  elapsedNs: number;
}

/** A result, and the frame it came in. */
export interface FramedResult {
  result: number;
  frame: number;
}

type Framed = { message: { result: number }; frame: EvidenceFrame };
export const framedResultOf = ({ message, frame }: Framed): FramedResult => ({
  result: message.result,
  frame: frame.number,
});

/** Where a request goes; the rest is chosen. */
export interface Address {
  classId?: number;
  instanceId?: number;
  tci?: number;
  messageSet?: MessageSet;
}
