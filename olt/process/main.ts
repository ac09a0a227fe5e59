/** The OLT process of a run: started by a `start` message, ended by `stop` or by the end of its parent. */
import { caughtLine, Guard } from "../../base/errors/index.ts";
import type { FromOlt, OltProcessConfig, ToOlt } from "./protocol.ts";
import { type RunningOlt, startOlt } from "./start.ts";

function send(message: FromOlt): void {
  // A parent that is gone ends this process by "disconnect".
  if (process.connected) process.send!(message, undefined, undefined, () => undefined);
}

let running: RunningOlt | undefined;

async function start(config: OltProcessConfig): Promise<void> {
  try {
    running = await startOlt(config, {
      onEvents: (events) => send({ type: "events", events }),
      onStatus: (report) => send({ type: "status", report }),
      onFinished: (report) => send({ type: "finished", report }),
      onFeed: (state, bytesPerSecond) => send({ type: "feed", state, bytesPerSecond }),
    });
    send({ type: "listening", address: running.address, metricsPort: running.metricsPort });
  } catch (error) {
    send({ type: "failed", message: error instanceof Error ? error.message : String(error) });
  }
}

function command({ request, command: asked }: Extract<ToOlt, { type: "command" }>): void {
  const outcome = running?.handleCommand(asked) ?? { accepted: false, reason: "the OLT has not started yet" };
  send({ type: "commandDone", request, outcome });
}

let isStopping = false;

/** The last message is written only once all before it are: then the channel may close. Asked again, it is on its way. */
function stop(): void {
  if (isStopping) return;
  isStopping = true;
  running?.stop();
  process.send!({ type: "stopped" } satisfies FromOlt, undefined, undefined, () => process.disconnect());
}

const guard = new Guard((caught) => process.stderr.write(caughtLine(caught)));

const take = guard.wrap("message of the run", (message: ToOlt) => {
  if (message.type === "start") void start(message.config);
  else if (message.type === "fleet") running?.handleFleet(message.onts);
  else if (message.type === "command") command(message);
  else if (message.type === "admit") running?.admit(message.serials);
  else if (message.type === "release") running?.release(message.serials);
  else if (message.type === "stop") stop();
});
process.on("message", take);
process.on("disconnect", () => process.exit());
// Ctrl-C on a terminal reaches every process of the group; it is the parent that ends the run.
process.on("SIGINT", () => undefined);
