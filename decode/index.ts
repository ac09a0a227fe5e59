/** Reads captures and logs of OMCI: frames, requests with their answers, windows and images. */
export { isGzip } from "./container.ts";
export { factsOf, plainOf } from "./facts.ts";
export { ImageFile, type ImageStore } from "./image-store.ts";
export { InputReader, readInput } from "./input.ts";
export { exactNsOf } from "./trace-clock.ts";
export { traceOf, Tracer, type TraceTotals } from "./tracer.ts";
export type * from "./types.ts";
