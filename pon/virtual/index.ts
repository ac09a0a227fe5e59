/** The fibre in virtual time: event queue, downstream line, headend feed, upstream grants. */
export * from "./grants.ts";
export * from "./line.ts";
export * from "./profiles.ts";
export * from "./queue.ts";
