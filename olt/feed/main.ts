/** The process that serves the feed of a run: started by a `start` message, ended by `stop` or by the end of its parent. */
import { startClock } from "../../base/clock/index.ts";
import { type FeedServerConfig, type RunningFeed, serveFeed } from "./server.ts";
import type { FromFeed, ToFeed } from "./protocol.ts";

function send(message: FromFeed): void {
  // A parent that is gone ends this process by "disconnect".
  if (process.connected) process.send!(message, undefined, undefined, () => undefined);
}

let running: RunningFeed | undefined;

async function start(config: FeedServerConfig): Promise<void> {
  try {
    running = await serveFeed(config, startClock(config.epochNs));
    send({ type: "listening", address: running.address });
  } catch (error) {
    send({ type: "failed", message: error instanceof Error ? error.message : String(error) });
  }
}

process.on("message", (message: ToFeed) => {
  if (message.type === "start") void start(message.config);
  else {
    running?.close();
    process.disconnect();
  }
});
process.on("disconnect", () => process.exit());
// Ctrl-C on a terminal reaches every process of the group; it is the parent that ends the run.
process.on("SIGINT", () => undefined);
