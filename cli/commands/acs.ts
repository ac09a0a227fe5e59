/** `poncast acs`: the ACS, for devices that speak TR-069: what they are brought to, when, and how fast. */
import { type Command, Option } from "commander";
import type { AcsEvent, AcsRequest, ConnectionTargets } from "../../headend/acs/index.ts";
import { UsageError } from "../errors.ts";
import { print, tell } from "../print.ts";
import { ALLOW_DOWNGRADE } from "../run-options.ts";
import { parseAddress, parseDuration } from "../units.ts";
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

interface AcsFlags extends HeadendFlags {
  listen: string;
  passwordFor?: string;
  credentials?: string;
  auth: boolean;
  connect: ConnectionTargets;
  task?: string[];
  giveUp: string;
  allowDowngrade?: boolean;
}

/** They take a while to load, and other commands need neither. */
const headend = () => import("../../headend/acs/index.ts");
const depot = () => import("../../headend/depot/index.ts");
type Headend = Awaited<ReturnType<typeof headend>>;

const USERNAME = /^[\u0021-\u0039\u003B-\u007E]{1,256}$/;

export function acsCommand(program: Command): void {
  const command = program
    .command("acs")
    .description("bring devices that speak TR-069 (CWMP 1.0 to 1.4) to the images that they need")
    .argument("[files...]", "bundles and other files, or folders with them")
    .option("--listen <host:port>", "where; another machine is let in only if this says so", "127.0.0.1:7548")
    .option("--state <folder>", "what is known of devices, and the token", "acs-state");
  httpsOptions(command)
    .option(
      "--token-file <file>",
      "token for status, metrics and tasks, of which passwords are made; by default one is made at the first start and printed once",
    )
    .option("--password-for <name>", "print the password of one device, and serve nothing")
    .option("--credentials <file>", "name:password in each line: for devices, besides those passwords")
    .option("--no-auth", "let devices in without a name and a password")
    .addOption(
      new Option(
        "--connect <whom>",
        "which devices are asked for a session: those that listen where they came from, all, none",
      )
        .choices(["same", "any", "never"])
        .default("same"),
    )
    .option(
      "--task <json>",
      'what each device is asked when it comes for the first time, such as \'{"method": "GetRPCMethods"}\'; several times: in order',
      (json: string, before: string[] | undefined) => [...(before ?? []), json],
    );
  rateOptions(command)
    .option(
      "--window <window>",
      'when devices may install, such as "02:00-05:00 Europe/Berlin" or "sat,sun 02:00-05:00"',
    )
    .option("--give-up <time>", "a download of which nothing is heard for so long has failed", "24h")
    .option(ALLOW_DOWNGRADE.flags, "give devices older images than they run, too")
    .action((files: string[], flags: AcsFlags) => serve(files, flags));
}

async function serve(paths: readonly string[], flags: AcsFlags): Promise<void> {
  const [acs, { gatewayToken, readDepotFiles, tokenOfFile }] = await Promise.all([headend(), depot()]);
  const given = flags.tokenFile === undefined ? undefined : tokenOfFile(flags.tokenFile);
  if (flags.passwordFor !== undefined) {
    if (!USERNAME.test(flags.passwordFor))
      throw new UsageError(
        `--password-for: ${flags.passwordFor} is not allowed; ASCII without spaces and :, at most 256`,
      );
    print(`${acs.cpePassword(given ?? gatewayToken(flags.state).token, flags.passwordFor)}\n`);
    return;
  }
  const { task: tasks = [] } = flags;
  if (paths.length === 0 && tasks.length === 0)
    throw new UsageError("name the files, or the folder, to hand out, or a --task");
  const { host, port } = parseAddress("--listen", flags.listen);
  const firstTasks = tasks.map((json) => taskOf(acs, json));
  const window = await windowOf(flags);
  const rates = ratesOf(flags);
  const transferSeconds = parseDuration("--give-up", flags.giveUp);
  if (!(transferSeconds >= 1)) throw new UsageError(`--give-up: ${flags.giveUp} is not allowed; 1 s and more`);
  const credentials = flags.credentials === undefined ? undefined : acs.readCredentials(flags.credentials);
  const tls = await tlsOf(flags, host, "acs");
  const files = paths.length === 0 ? [] : readDepotFiles(paths);
  const made = given === undefined ? gatewayToken(flags.state) : undefined;
  const server = await acs.serveAcs({
    host,
    port,
    files,
    stateFolder: flags.state,
    token: given ?? made?.token ?? "",
    ...(credentials && { credentials }),
    letsAnybodyIn: !flags.auth,
    connects: flags.connect,
    config: {
      ...(window && { window }),
      allowDowngrade: flags.allowDowngrade === true,
      transferSeconds,
      setsConnectionRequest: flags.connect !== "never",
      firstTasks,
    },
    rates,
    ...(tls && { tls: withoutClients(tls) }),
    tell,
    onEvent: (event) => print(lineOf(event)),
  });
  if (made?.isNew) print(`token, printed this once (it is in ${made.path}): ${made.token}\n`);
  warnOfOthers(host, tls !== undefined, "passwords of files");
  if (!flags.auth) tell("--no-auth: whoever reaches this server may speak for any device\n");
  for (const { artifact } of files)
    print(`${artifact.filename}: ${artifact.kind} ${artifact.version}, ${artifact.sizeBytes} bytes\n`);
  print(`listening on ${server.url}, for devices ${server.acsUrl}\n`);
  await interrupted();
  await server.close();
}

/** Devices show a password: a certificate is not asked for, which some of them take badly. */
function withoutClients<Tls extends { clientCa?: string }>({
  clientCa: _clientCa,
  ...tls
}: Tls): Omit<Tls, "clientCa"> {
  return tls;
}

function taskOf(acs: Headend, json: string): AcsRequest {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    throw new UsageError(`--task: ${json} is not JSON`);
  }
  const request = acs.readAcsRequest(parsed);
  if (typeof request === "string") throw new UsageError(`--task: ${request}`);
  return request;
}

/** What became of a device, for who watches. */
function lineOf(event: AcsEvent): string {
  switch (event.type) {
    case "device":
      return `${event.device}: comes for the first time\n`;
    case "facts":
      return `${event.device}: runs ${event.facts.version}\n`;
    case "refuses":
      return `${event.device}: has no ${event.what === "hash" ? "hash of its image to say" : "ScheduleDownload"}\n`;
    case "provisioned":
      return event.isDone ? `${event.device}: was told what connection requests show\n` : "";
    case "task":
      return `${event.device}: task ${event.id}, ${event.order.kind === "update" ? `to ${event.order.version}` : event.order.request.method}\n`;
    case "asked":
      return `task ${event.id}: asked${event.by && `, ${event.by}`}${event.isDelta ? ", a delta" : ""}\n`;
    case "notAsked":
      return `task ${event.id}: the device has not heard of it\n`;
    case "taken":
      return `task ${event.id}: the device has said that it will\n`;
    case "transferred":
      return `task ${event.id}: the device has the file\n`;
    case "canceling":
      return `task ${event.id}: is called off\n`;
    case "ended":
      return `task ${event.id}: ${event.device}, ${event.as}${event.detail && `, ${event.detail}`}\n`;
    case "released":
      return `${event.device}: is ${event.isReleased ? "released" : "held"}\n`;
    case "leftOut":
      return `${event.device ?? "every device"}: left out by an operator\n`;
    case "paused":
      return event.isPaused ? "paused\n" : "resumed\n";
  }
}
