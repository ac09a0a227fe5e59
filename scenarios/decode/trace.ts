import { decodeMessage, pduLength, resultName, summarize, trailerStatus } from "../../omci/index.ts";
import type { DecodeInput, InputFrame } from "./input.ts";
import { type FoundImage, TransferWatch } from "./transfer.ts";

/** One frame, decoded and linked. */
export interface TracedFrame {
  number: number;
  timeNs?: number;
  direction: "down" | "up";
  onuId?: number;
  text: string;
  result?: string;
  /** Of an answer: the frame it answers, and how long that took. */
  answers?: number;
  answerNs?: number;
  warnings: string[];
  comment?: string;
}

/** What could be made of an input. */
export interface Trace {
  frames: TracedFrame[];
  images: readonly FoundImage[];
  /** Requests that nobody answered, by number. */
  unanswered: number[];
}

/** Decodes frames in their order. Pure: what is shown of it is the command's. */
export function traceOf({ frames }: Pick<DecodeInput, "frames">): Trace {
  const traced: TracedFrame[] = [];
  const open = new Map<string, TracedFrame>();
  const watch = new TransferWatch((number, text) => traced[number - 1]?.warnings.push(text));
  frames.forEach((input, index) => {
    const one = begin(input, index + 1);
    traced.push(one);
    const decoded = decodeMessage(input.frame.subarray(0, pduLength(input.frame)));
    if (!decoded.ok) {
      one.text = `not OMCI: ${decoded.detail}`;
      return;
    }
    const { message, deviations } = decoded;
    one.text = summarize(message);
    one.warnings.push(...deviations.map((deviation) => `deviates: ${deviation}`));
    if (trailerStatus(input.frame) === "unknown") one.warnings.push("trailer is no CRC-32 of this frame");
    if ("result" in message) one.result = resultName(message.result);
    link(one, message.tci, isRequest(input.frame), open);
    if (message.type !== "other") watch.message(one.number, input.onuId ?? 0, input.direction, message);
  });
  return { frames: traced, images: watch.images, unanswered: [...open.values()].map(({ number }) => number) };
}

const begin = ({ timeNs, direction, onuId, comment }: InputFrame, number: number): TracedFrame => ({
  number,
  ...(timeNs !== undefined && { timeNs }),
  direction,
  ...(onuId !== undefined && { onuId }),
  text: "",
  warnings: [],
  ...(comment !== undefined && { comment }),
});

const isRequest = (frame: Uint8Array): boolean => (frame[2] & 0x40) !== 0;

/** A repeat of a request stands for the request: its answer belongs to the last one sent. */
function link(one: TracedFrame, tci: number, asks: boolean, open: Map<string, TracedFrame>): void {
  if (tci === 0) return;
  const key = `${one.onuId ?? ""}/${tci}`;
  if (one.direction === "down") {
    // What all are asked, each answers on its own OMCC.
    if (asks && one.onuId !== -1) open.set(key, one);
    return;
  }
  const request = open.get(key);
  if (request === undefined) return;
  open.delete(key);
  one.answers = request.number;
  if (one.timeNs !== undefined && request.timeNs !== undefined) one.answerNs = one.timeNs - request.timeNs;
}
