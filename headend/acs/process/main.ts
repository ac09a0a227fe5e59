/**
 * Entry of the ACS's process, forked with an IPC channel: takes `start`, listens on the loopback, ends with `stop`, SIGTERM or the
 * end of the channel. It never outlives the process that started it.
 */
import { type HeadendChild, runChild } from "../../depot/process/child.ts";
import { readDepotFiles } from "../../depot/files.ts";
import { type AcsServer, serveAcs } from "../server.ts";
import type { AcsEvent } from "../core/index.ts";
import type { AcsProcessConfig, FromAcs, ToAcs } from "./protocol.ts";

const LOOPBACK = "127.0.0.1";

let acs: AcsServer | undefined;
let events: AcsEvent[] = [];

const child: HeadendChild<FromAcs> = runChild<ToAcs, FromAcs>(
  "acs.js",
  () => acs,
  (message) => {
    switch (message.type) {
      case "start":
        return start(message.config);
      case "connect":
        return connect(message.device);
      case "command":
        return child.carryOut(message.request, message.command);
      case "stop":
        return child.stop();
    }
  },
);

async function start(config: AcsProcessConfig): Promise<void> {
  const { paths, certificatePem, privateKeyPem, staple, ...options } = config;
  acs = await serveAcs({
    ...options,
    host: LOOPBACK,
    files: readDepotFiles(paths),
    tls: { identity: { certificatePem, privateKeyPem }, staple: () => staple },
    tell: (line) => void process.stderr.write(line),
    onEvent: tellSoon,
  });
  const { url, acsUrl, port } = acs;
  child.report({ type: "listening", url, acsUrl, port, devices: acs.statuses() });
  child.tellSent();
}

/** Those that were kept together go together. */
function tellSoon(event: AcsEvent): void {
  events.push(event);
  if (events.length > 1) return;
  queueMicrotask(() => {
    child.report({ type: "events", events });
    events = [];
  });
}

async function connect(device: string): Promise<void> {
  const result = await acs?.connect(device);
  child.report({ type: "connected", device, why: result === undefined || result.ok ? "" : result.why });
}
