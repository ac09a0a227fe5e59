/**
 * Entry of the depot's process, forked with an IPC channel: takes `start`, listens on the loopback, ends with `stop`, SIGTERM or
 * the end of the channel. It never outlives the process that started it.
 */
import { caughtLine, Guard } from "../../../base/errors/index.ts";
import { readDepotFiles } from "../files.ts";
import { type DepotServer, serveDepot } from "../server.ts";
import type { DepotProcessConfig, FromDepot, ToDepot } from "./protocol.ts";

const LOOPBACK = "127.0.0.1";
/** What was sent is told so often. */
const TELL_MS = 200;

let depot: DepotServer | undefined;

function report(message: FromDepot): void {
  if (!process.connected) return;
  process.send!(message, undefined, undefined, () => {
    if (message.type === "stopped") process.exit(0);
    if (message.type === "failed") process.exit(1);
  });
}

async function start(config: DepotProcessConfig): Promise<void> {
  const { port, paths, stateFolder, gatewayToken, rates, certificatePem, privateKeyPem, staple } = config;
  depot = await serveDepot({
    host: LOOPBACK,
    port,
    files: readDepotFiles(paths),
    stateFolder,
    gatewayToken,
    config: config.config,
    rates,
    tls: { identity: { certificatePem, privateKeyPem }, staple: () => staple },
    tell: (line) => void process.stderr.write(line),
  });
  let told = 0;
  setInterval(() => {
    const bytes = depot!.sentBytes;
    if (bytes !== told) report({ type: "sent", bytes: (told = bytes) });
  }, TELL_MS);
  report({ type: "listening", url: depot.url, port: depot.port });
}

async function stop(): Promise<void> {
  if (depot === undefined) process.exit(0);
  report({ type: "sent", bytes: depot.sentBytes });
  await depot.close();
  report({ type: "stopped" });
}

const failed = (error: unknown): void =>
  report({ type: "failed", message: (error as Error).message.split("\n", 1)[0]! });
const guard = new Guard((caught) => process.stderr.write(caughtLine(caught)));
process.on(
  "message",
  guard.wrap("message of the run", (message: ToDepot) => {
    void (message.type === "stop" ? stop() : start(message.config)).catch(failed);
  }),
);
process.on("disconnect", () => process.exit(0));
process.on("SIGTERM", () => void stop());
// Ctrl-C goes to the whole process group; the runner ends its children itself.
process.on("SIGINT", () => undefined);
if (process.send === undefined) {
  process.stderr.write("depot.js is started by poncast and does nothing on its own\n");
  process.exit(2);
}
