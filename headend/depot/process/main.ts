/**
 * Entry of the depot's process, forked with an IPC channel: takes `start`, listens on the loopback, ends with `stop`, SIGTERM or
 * the end of the channel. It never outlives the process that started it.
 */
import { readDepotFiles } from "../files.ts";
import { type DepotServer, serveDepot } from "../server.ts";
import { type HeadendChild, runChild } from "./child.ts";
import type { DepotProcessConfig, FromDepot, ToDepot } from "./protocol.ts";

const LOOPBACK = "127.0.0.1";

let depot: DepotServer | undefined;

const child: HeadendChild<FromDepot> = runChild<ToDepot, FromDepot>("depot.js", () => depot, handled);

function handled(message: ToDepot): Promise<void> {
  switch (message.type) {
    case "start":
      return start(message.config);
    case "command":
      return child.carryOut(message.request, message.command);
    case "stop":
      return child.stop();
  }
}

async function start(config: DepotProcessConfig): Promise<void> {
  const { paths, certificatePem, privateKeyPem, staple, ...options } = config;
  depot = await serveDepot({
    ...options,
    host: LOOPBACK,
    files: readDepotFiles(paths),
    tls: { identity: { certificatePem, privateKeyPem }, staple: () => staple },
    tell: (line) => void process.stderr.write(line),
  });
  child.tellSent();
  child.report({ type: "listening", url: depot.url, port: depot.port });
}
