/**
 * Entry of the process of update agents, forked with an IPC channel: takes `start`, reports, ends with `stop`, SIGTERM or the
 * end of the channel. It never outlives the process that started it.
 */
import { caughtLine, Guard } from "../../../base/errors/index.ts";
import { AgentProcess } from "./process.ts";
import type { FromAgents, ToAgents } from "./protocol.ts";

let agents: AgentProcess | undefined;

function report(message: FromAgents): void {
  if (!process.connected) return;
  process.send!(message, undefined, undefined, () => {
    if (message.type === "stopped") process.exit(0);
    if (message.type === "failed") process.exit(1);
  });
}

function stop(): void {
  if (agents === undefined) process.exit(0);
  agents.stop();
}

const guard = new Guard((caught) => process.stderr.write(caughtLine(caught)));
process.on(
  "message",
  guard.wrap("message of the run", (message: ToAgents) => {
    if (message.type === "stop") return stop();
    try {
      agents = new AgentProcess(message.config, report);
    } catch (error) {
      report({ type: "failed", message: (error as Error).message.split("\n", 1)[0] });
    }
  }),
);
// Whoever started this process is gone, and with it everything the ONTs are for.
process.on("disconnect", () => process.exit(0));
process.on("SIGTERM", stop);
// Ctrl-C goes to the whole process group; the runner ends its children itself.
process.on("SIGINT", () => undefined);
if (process.send === undefined) {
  process.stderr.write("agent.js is started by poncast and does nothing on its own\n");
  process.exit(2);
}
