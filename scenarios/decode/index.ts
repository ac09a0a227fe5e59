/** Reads captures and logs of OMCI: frames, requests with their answers, windows and images. */
export { type DecodeInput, type InputFrame, readInput } from "./input.ts";
export { type Trace, traceOf, type TracedFrame } from "./trace.ts";
export { type FoundImage } from "./transfer.ts";
