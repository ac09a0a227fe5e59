/** `poncast serve`: the depot, for devices that poll: what it hands out, to whom, when, and how fast. */
import type { Command } from "commander";
import { DDI_SLEEP_SECONDS_MAX, DDI_TENANT, isDdiName } from "../../base/ddi/index.ts";
import type { DepotConfig, DepotEvent } from "../../headend/depot/index.ts";
import { UsageError } from "../errors.ts";
import {
  type HeadendFlags,
  httpsOptions,
  interrupted,
  rateOptions,
  ratesOf,
  tlsOf,
  warnOfOthers,
  windowOf,
} from "./headend-options.ts";
import { print, tell } from "../print.ts";
import { ALLOW_DOWNGRADE } from "../run-options.ts";
import { parseAddress, parseDuration } from "../units.ts";

interface ServeFlags extends HeadendFlags {
  listen: string;
  tokenFor?: string;
  poll: string;
  allowDowngrade?: boolean;
}

/** It takes a while to load, and other commands do not need it. */
const headend = () => import("../../headend/depot/index.ts");
type Depot = Awaited<ReturnType<typeof headend>>;

export function serveCommand(program: Command): void {
  const command = program
    .command("serve")
    .description("hand out images and deltas to devices that poll over HTTPS, in the words of hawkBit's DDI")
    .argument("[files...]", "bundles and other files, or folders with them")
    .option("--listen <host:port>", "where; another machine is let in only if this says so", "127.0.0.1:8443")
    .option("--state <folder>", "what is known of devices, and the token", "depot-state");
  httpsOptions(command)
    .option("--client-ca <file>", "devices may show a certificate of this authority (PEM) instead of a token")
    .option("--token-file <file>", "token for all devices; by default one is made at the first start and printed once")
    .option("--token-for <device>", "print the token of one device, and serve nothing");
  rateOptions(command)
    .option(
      "--window <window>",
      'when devices may install, such as "02:00-05:00 Europe/Berlin" or "sat,sun 02:00-05:00"; they may download before',
    )
    .option("--poll <time>", "how long devices sleep between polls", "300s")
    .option(ALLOW_DOWNGRADE.flags, "give devices older images than they run, too")
    .action((files: string[], flags: ServeFlags) => serve(files, flags));
}

async function serve(paths: readonly string[], flags: ServeFlags): Promise<void> {
  const depot = await headend();
  if (flags.tokenFor !== undefined) return tokenFor(depot, flags.tokenFor, flags);
  if (paths.length === 0) throw new UsageError("name the files, or the folder, to hand out");
  const { host, port } = parseAddress("--listen", flags.listen);
  const config = await configOf(flags);
  const rates = ratesOf(flags);
  const tls = await tlsOf(flags, host, "depot");
  const files = depot.readDepotFiles(paths);
  const given = flags.tokenFile === undefined ? undefined : depot.tokenOfFile(flags.tokenFile);
  const made = given === undefined ? depot.gatewayToken(flags.state) : undefined;
  const gatewayToken = given ?? made?.token ?? "";
  const server = await depot.serveDepot({
    host,
    port,
    files,
    stateFolder: flags.state,
    gatewayToken,
    config,
    rates,
    ...(tls && { tls }),
    tell,
    onEvent: (event) => print(lineOf(event)),
  });
  if (made?.isNew) print(`token for all devices, printed this once (it is in ${made.path}): ${made.token}\n`);
  warnOfOthers(host, tls !== undefined, "tokens");
  for (const { artifact } of files)
    print(`${artifact.filename}: ${artifact.kind} ${artifact.version}, ${artifact.sizeBytes} bytes\n`);
  print(`listening on ${server.url}, tenant ${DDI_TENANT}\n`);
  await interrupted();
  await server.close();
}

async function configOf(flags: ServeFlags): Promise<DepotConfig> {
  const window = await windowOf(flags);
  const pollSeconds = parseDuration("--poll", flags.poll);
  if (pollSeconds < 1 || pollSeconds > DDI_SLEEP_SECONDS_MAX)
    throw new UsageError(`--poll: ${flags.poll} is not allowed; 1 s to one second less than a day`);
  return {
    tenant: DDI_TENANT,
    pollSeconds,
    ...(window && { window }),
    allowDowngrade: flags.allowDowngrade === true,
  };
}

function tokenFor(depot: Depot, device: string, { tokenFile, state }: ServeFlags): void {
  if (!isDdiName(device))
    throw new UsageError(`--token-for: ${device} is not allowed; letters, digits and . : @ + - _, at most 128`);
  const gateway = tokenFile === undefined ? depot.gatewayToken(state).token : depot.tokenOfFile(tokenFile);
  print(`${depot.targetToken(gateway, device)}\n`);
}

/** What became of a device, for who watches. */
function lineOf(event: DepotEvent): string {
  switch (event.type) {
    case "device":
      return `${event.device}: polls for the first time\n`;
    case "attributes":
      return "";
    case "action":
      return `${event.device}: action ${event.id}, to ${event.target.slice(0, 12)}\n`;
    case "offered":
      return `action ${event.id}: ${event.isDelta ? "delta" : "whole"}, ${event.isAllowed ? "may install" : "may install later"}\n`;
    case "feedback":
      return `action ${event.id}: ${event.execution}${event.detail && `, ${event.detail}`}\n`;
    case "canceling":
      return `action ${event.id}: is called off\n`;
    case "ended":
      return `action ${event.id}: ${event.as}${event.detail && `, ${event.detail}`}\n`;
    case "released":
      return `${event.device}: ${event.isReleased ? "released" : "held"}\n`;
    case "leftOut":
      return `${event.device ?? "all"}: left out\n`;
    case "paused":
      return event.isPaused ? "paused\n" : "resumed\n";
  }
}
