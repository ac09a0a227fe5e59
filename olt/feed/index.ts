/** The headend's feed, which the OLTs of several ports share in real time, and the way to ports on other hosts. */
export { type FeedAddress, FeedClient } from "./client.ts";
export { type DialHandlers, dialOwner, type OwnerAddress } from "./dial.ts";
export { HostLink } from "./link.ts";
export type { FromFeed, ToFeed } from "./protocol.ts";
export { type DoorConfig, type FeedServerConfig, type RunningFeed, serveFeed } from "./server.ts";
export { FEED_ASK_MS, FEED_LOST_NS, FEED_SILENT_NS, type FeedAsk, FeedShare, FeedShares } from "./shares.ts";
