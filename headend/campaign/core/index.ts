/** A campaign's core: who is updated when, by which road, how many at once. No socket, clock or file. */
export { Campaign } from "./campaign.ts";
export { matches as isMemberOf } from "./filter.ts";
export { closingAfter, timeText } from "./hours.ts";
export type * from "./types.ts";
export { CAMPAIGN_COMMANDS } from "./types.ts";
