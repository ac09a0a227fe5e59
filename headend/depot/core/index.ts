/** The depot's core: what each device is answered, and how fast files go. No socket, clock or file. */
export { offerFor } from "./choice.ts";
export { moduleOf } from "./deployment.ts";
export { Depot, type Reply } from "./depot.ts";
export { type HoldEvent, Holds, type HoldSnapshot } from "./holds.ts";
export { Pace, PIECE_BYTES_MAX, pieceBytes, reserve } from "./pace.ts";
export { type FilePart, type PartRequest, partOf } from "./ranges.ts";
export type * from "./types.ts";
