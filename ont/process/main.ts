/**
 * Entry of the ONT process, which launch.ts runs, forked with an IPC channel: takes `start`, reports, ends with `stop`,
 * SIGTERM or the end of the channel. It never outlives the process that started it.
 */
import { setFlagsFromString } from "node:v8";
import { caughtLine, Guard } from "../../base/errors/index.ts";
import { lineOf, OntProcess } from "./process.ts";
import type { FromOnt, ToOnt } from "./protocol.ts";

let ont: OntProcess | undefined;

/**
 * Functions are compiled with optimisation after fifteen times as much work as usual. What repeats for each section is in
 * WebAssembly; the rest runs too seldom within one download to repay the compiler, a tenth of the processor time. Set
 * when all modules are loaded: with other flags than Node was built with, its own would have to be compiled again.
 */
const COMPILE_LATE = "--interrupt-budget=1000000";
/**
 * V8 begins to collect the whole heap, step by step, when some seconds have passed with little to do, as they do for each of
 * 128 ONTs on one machine. That made the heap 2 MB smaller and took longer than all the CRCs of an image.
 */
const NO_STEPWISE_COLLECTION = "--no-incremental-marking";

function report(message: FromOnt): void {
  if (!process.connected) return;
  process.send!(message, undefined, undefined, () => {
    if (message.type === "stopped") process.exit(0);
    if (message.type === "failed") process.exit(1);
  });
}

function stop(): void {
  if (ont === undefined) process.exit(0);
  ont.stop();
}

const guard = new Guard((caught) => process.stderr.write(caughtLine(caught)));

const take = guard.wrap("message of the run", (message: ToOnt) => {
  if (message.type === "stop") return stop();
  if (message.type !== "start") return;
  OntProcess.start(message.config, report).then(
    (started) => {
      ont = started;
      for (const flag of [COMPILE_LATE, NO_STEPWISE_COLLECTION]) setFlagsFromString(flag);
    },
    (error: unknown) => report({ type: "failed", message: lineOf(error) }),
  );
});
process.on("message", take);
// Whoever started this process is gone, and with it everything the ONT is for.
process.on("disconnect", () => process.exit(0));
process.on("SIGTERM", stop);
// Ctrl-C goes to the whole process group; the runner ends its children itself.
process.on("SIGINT", () => undefined);
if (process.send === undefined) {
  process.stderr.write("ont.cjs is started by poncast and does nothing on its own\n");
  process.exit(2);
}
