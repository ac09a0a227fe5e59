/**
 * The life of a process of ONTs with their roads, forked with an IPC channel: takes `start`, reports, ends with `stop`, SIGTERM or the
 * end of the channel. It never outlives the process that started it.
 */
import { caughtLine, Guard } from "../../../base/errors/index.ts";
import type { FromRoads, ToRoads } from "./protocol.ts";

/**
 * @param bundle its name, for who starts it by hand
 * @param start powers all on; throws in one line
 */
export function runRoads<Config, Event, Snapshot>(
  bundle: string,
  start: (
    config: Config,
    report: (message: FromRoads<Event, Snapshot>) => void,
  ) => { stop(): void } | Promise<{ stop(): void }>,
): void {
  let roads: { stop(): void } | undefined;
  const report = (message: FromRoads<Event, Snapshot>): void => {
    if (!process.connected) return;
    process.send!(message, undefined, undefined, () => {
      if (message.type === "stopped") process.exit(0);
      if (message.type === "failed") process.exit(1);
    });
  };
  const stop = (): void => {
    if (roads === undefined) process.exit(0);
    roads.stop();
  };
  const begin = async (config: Config): Promise<void> => {
    try {
      roads = await start(config, report);
    } catch (error) {
      report({ type: "failed", message: (error as Error).message.split("\n", 1)[0] });
    }
  };
  const guard = new Guard((caught) => process.stderr.write(caughtLine(caught)));
  process.on(
    "message",
    guard.wrap("message of the run", (message: ToRoads<Config>) => {
      if (message.type === "stop") stop();
      else void begin(message.config);
    }),
  );
  // Whoever started this process is gone, and with it everything the ONTs are for.
  process.on("disconnect", () => process.exit(0));
  process.on("SIGTERM", stop);
  // Ctrl-C goes to the whole process group; the runner ends its children itself.
  process.on("SIGINT", () => undefined);
  if (process.send === undefined) {
    process.stderr.write(`${bundle} is started by poncast and does nothing on its own\n`);
    process.exit(2);
  }
}
