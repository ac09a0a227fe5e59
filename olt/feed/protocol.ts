/** What the process of the feed and its parent tell each other. */
import type { FeedServerConfig } from "./server.ts";

export type ToFeed = { type: "start"; config: FeedServerConfig } | { type: "stop" };

export type FromFeed =
  | { type: "listening"; address: { address: string; port: number } }
  | { type: "failed"; message: string };
