/** The OLT: public entry of the folder. */
export { createOlt } from "./core/olt.ts";
export * from "./core/types.ts";
export { DOUBLINGS_MAX } from "./core/answer-clock.ts";
export { REPEAT_FLOOR_SHARE, TRIES_PER_SIZE } from "./core/unicast-download.ts";
export { GROUP_MIN } from "./core/group.ts";
export { POOR_SHARE, POOR_TIMES } from "./core/group-member.ts";
export { triesMax } from "./core/patience.ts";
