/** The fibre in virtual time: event queue, downstream line, headend feed, upstream grants. */
export * from "./grants.ts";
export * from "./line.ts";
export * from "./profiles.ts";
export * from "./queue.ts";
export { Downstream, RECEIVE_FRAMES_MAX } from "./downstream.ts";
export { flipBits } from "../corruption.ts";
export { LINE_EVENT } from "./events.ts";
export type { LineOnt } from "./line-ont.ts";
export { Upstream, UPSTREAM_FRAMES_MAX, type UpstreamFrame } from "./upstream.ts";
export { Delivery, Flight } from "./flight.ts";
