/** `poncast serve`: the depot, for devices that poll: what it hands out, to whom, when, and how fast. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { DDI_SLEEP_SECONDS_MAX, DDI_TENANT, isDdiName } from "../../base/ddi/index.ts";
import type { DepotEvent } from "../../headend/depot/index.ts";
import { ALLOW_DOWNGRADE } from "../run-options.ts";
import { UsageError } from "../errors.ts";
import { requireFile } from "../files.ts";
import { print, tell } from "../print.ts";
import { parseAddress, parseDuration, parseRate } from "../units.ts";

interface ServeFlags {
  listen: string;
  state: string;
  key?: string;
  cert?: string;
  staple?: string;
  pki?: string;
  clientCa?: string;
  rate?: string;
  ratePerImage?: string;
  ratePerDownload?: string;
  tokenFile?: string;
  tokenFor?: string;
  window?: string;
  poll: string;
  allowDowngrade?: boolean;
}

/** They take a while to load, and other commands need neither. */
const headend = () => import("../../headend/depot/index.ts");
type Depot = Awaited<ReturnType<typeof headend>>;
const tls = () => import("../../base/tls/index.ts");
type Tls = Awaited<ReturnType<typeof tls>>;
const maintenance = () => import("../../base/maintenance/index.ts");
type Maintenance = Awaited<ReturnType<typeof maintenance>>;
const MS_PER_SECOND = 1_000;
const CERTIFICATE_DAYS = 90;
const STAPLE_HOURS = 2;
/** A revocation is told of within this time. */
const STAPLE_SECONDS_MAX = 300;
const LOOPBACK = /^(?:127\.\d+\.\d+\.\d+|::1|localhost)$/;

export function serveCommand(program: Command): void {
  program
    .command("serve")
    .description("hand out images and deltas to devices that poll over HTTPS, in the words of hawkBit's DDI")
    .argument("[files...]", "bundles and other files, or folders with them")
    .option("--listen <host:port>", "where; another machine is let in only if this says so", "127.0.0.1:8443")
    .option("--state <folder>", "what is known of devices, and the token", "depot-state")
    .option("--cert <file>", "certificate for HTTPS with those above it (PEM); without it, plain HTTP")
    .option("--key <file>", "its private key (PEM)")
    .option("--staple <file>", "its OCSP staple (DER or PEM), read anew for each connection")
    .option(
      "--pki <folder>",
      "HTTPS by an authority of `poncast pki init`: a certificate of this host, and fresh staples",
    )
    .option("--client-ca <file>", "devices may show a certificate of this authority (PEM) instead of a token")
    .option("--token-file <file>", "token for all devices; by default one is made at the first start and printed once")
    .option("--token-for <device>", "print the token of one device, and serve nothing")
    .option("--rate <rate>", "limit on all downloads, such as 200Mbit/s")
    .option("--rate-per-image <rate>", "limit on all downloads of one image, its deltas too")
    .option("--rate-per-download <rate>", "limit on each download")
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
  const settings = settingsOf(await maintenance(), await tls(), flags);
  const own = flags.pki === undefined ? undefined : await pkiTls(flags.pki, host);
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
    ...settings,
    ...(own && { tls: own }),
    tell,
    onEvent: (event) => print(lineOf(event)),
  });
  if (made?.isNew) print(`token for all devices, printed this once (it is in ${made.path}): ${made.token}\n`);
  if (!LOOPBACK.test(host))
    tell(
      `--listen: other machines can reach this server${settings.tls || own ? "" : ", and tokens go in the clear: give --cert and --key"}\n`,
    );
  for (const { artifact } of files)
    print(`${artifact.filename}: ${artifact.kind} ${artifact.version}, ${artifact.sizeBytes} bytes\n`);
  print(`listening on ${server.url}, tenant ${DDI_TENANT}\n`);
  await interrupted();
  await server.close();
}

function settingsOf({ readWindow }: Maintenance, { readIdentity, stapleFile }: Tls, flags: ServeFlags) {
  const { window: rule, rate, ratePerImage, ratePerDownload, cert, key, staple, clientCa } = flags;
  const window = rule === undefined ? undefined : readWindow(rule);
  if (rule !== undefined && window === undefined)
    throw new UsageError(
      `--window: ${rule} is not allowed; HH:MM-HH:MM and a zone, days before them where not all are meant: "02:00-05:00 Europe/Berlin", "sat,sun 02:00-05:00"`,
    );
  const pollSeconds = parseDuration("--poll", flags.poll);
  if (pollSeconds < 1 || pollSeconds > DDI_SLEEP_SECONDS_MAX)
    throw new UsageError(`--poll: ${flags.poll} is not allowed; 1 s to one second less than a day`);
  if ((cert === undefined) !== (key === undefined)) throw new UsageError("--cert and --key belong together");
  if (flags.pki !== undefined && (cert ?? staple ?? clientCa) !== undefined)
    throw new UsageError("--pki: brings certificate, staple and authority; leave out --cert, --staple and --client-ca");
  if (cert === undefined && (staple ?? clientCa) !== undefined)
    throw new UsageError("--staple and --client-ca are for HTTPS: give --cert and --key");
  for (const file of [staple, clientCa]) if (file !== undefined) requireFile(file);
  const limit = (option: string, value: string | undefined): number => {
    const bytesPerSecond = value === undefined ? Infinity : parseRate(option, value);
    if (!(bytesPerSecond > 0)) throw new UsageError(`${option}: ${value} is not allowed; more than 0`);
    return bytesPerSecond;
  };
  const secured = cert !== undefined &&
    key !== undefined && {
      identity: readIdentity(cert, key),
      ...(staple !== undefined && { staple: stapleFile(staple) }),
      ...(clientCa !== undefined && { clientCa: readFileSync(clientCa, "latin1") }),
    };
  return {
    config: {
      tenant: DDI_TENANT,
      pollSeconds,
      ...(window && { window }),
      allowDowngrade: flags.allowDowngrade === true,
    },
    rates: {
      total: limit("--rate", rate),
      campaign: limit("--rate-per-image", ratePerImage),
      download: limit("--rate-per-download", ratePerDownload),
    },
    ...(secured && { tls: secured }),
  };
}

/** Its certificate of this host is issued where there is none, and the staple is made anew every few minutes. */
async function pkiTls(folder: string, host: string) {
  const { addressBytes, PkiFolder } = await import("../../base/pki/authority/index.ts");
  const { readIdentity } = await tls();
  const nowSeconds = (): number => Math.floor(Date.now() / MS_PER_SECOND);
  const pki = PkiFolder.open(folder);
  const isAddress = addressBytes(host) !== undefined;
  const [dnsNames, addresses] = isAddress ? [["localhost"], [host]] : [[host], ["127.0.0.1"]];
  const name = `depot-${host.replaceAll(/[^\w.-]/g, "-")}`;
  const [certificateFile, keyFile] = ["cert", "key"].map((part) => join(folder, `${name}.${part}.pem`));
  if (!existsSync(certificateFile)) {
    const request = { kind: "server", name, dnsNames, addresses, mustStaple: true, days: CERTIFICATE_DAYS } as const;
    await pki.issue({ ...request, nowSeconds: nowSeconds() });
  }
  let [der, madeSeconds]: [Uint8Array | undefined, number] = [undefined, 0];
  return {
    identity: readIdentity(certificateFile, keyFile),
    staple: async () => {
      if (der === undefined || nowSeconds() - madeSeconds > STAPLE_SECONDS_MAX) {
        madeSeconds = nowSeconds();
        ({ der } = await pki.staple(certificateFile, STAPLE_HOURS, madeSeconds));
      }
      return der;
    },
    clientCa: readFileSync(join(folder, "root.cert.pem"), "latin1"),
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
      return `action ${event.id}: ${event.isDelta ? "delta" : "whole"}, ${event.isAllowed ? "may install" : "waits for its window"}\n`;
    case "feedback":
      return `action ${event.id}: ${event.execution}${event.detail && `, ${event.detail}`}\n`;
    case "canceling":
      return `action ${event.id}: is called off\n`;
    case "ended":
      return `action ${event.id}: ${event.as}${event.detail && `, ${event.detail}`}\n`;
    case "released":
      return `${event.device}: ${event.isReleased ? "released" : "held"}\n`;
    case "paused":
      return event.isPaused ? "paused\n" : "resumed\n";
  }
}

/** Ctrl-C, or as services are stopped. */
const interrupted = (): Promise<void> =>
  new Promise((done) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => done());
  });
