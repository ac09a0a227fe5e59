/** `poncast conform cpe` and `conform acs`: target, progress, reports and the exit code. The cases are in conform/cwmp. */
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { type CaseReport, caseRow, selectCases, summaryLine, unmatchedGlobs } from "../../conform/core/index.ts";
import {
  AcsHost,
  type AcsHostOptions,
  acsCatalogue,
  type CaseHost,
  type CaseTester,
  CpeHost,
  cpeCatalogue,
  type CpeHostOptions,
  type CwmpCase,
  type CwmpImage,
  type CwmpTarget,
  runCwmpCases,
  type TesterCredentials,
} from "../../conform/cwmp/core/index.ts";
import {
  ACS_FLAWS,
  CPE_FLAWS,
  selfAcsHost,
  selfAcsTarget,
  selfCpeHost,
  selfCpeTarget,
  selfCwmpImages,
} from "../../conform/cwmp/self/index.ts";
import { acsClientTarget, cpeServerTarget } from "../../conform/cwmp/targets/index.ts";
import { CaseArchiveFolder } from "../../conform/reports/index.ts";
import { runCommand } from "../../conform/targets/index.ts";
import { painter } from "../../base/terminal/index.ts";
import { alignedText } from "../../base/text/index.ts";
import { UsageError } from "../errors.ts";
import { print, tell } from "../print.ts";
import { parseAddress, parseNumber } from "../units.ts";
import { VERSION } from "../version.ts";
import { lookOf } from "../view/index.ts";
import { captureFolderOf, tellFault } from "./conform-captures.ts";
import type { ConformAcsFlags, ConformCpeFlags, CwmpFlags } from "./conform-cwmp.ts";
import { endWith, VERDICT_STYLES } from "./conform-verdicts.ts";
import { checkReportFiles, writeReports } from "./conform-reports.ts";

const PASSWORD_BYTES = 12;
const SCALE_MIN = 0.001;
const SCALE_MAX = 1000;

export async function conformCpe(address: string | undefined, flags: ConformCpeFlags): Promise<void> {
  const cases = casesOf(cpeCatalogue, flags);
  if (flags.list === true) return list(cases);
  checkReportFiles(flags);
  if (flags.self === true) {
    checkSelf(address, flags);
    const [flaw, images] = [flawOf(CPE_FLAWS, flags.quirk), selfCwmpImages()];
    return runAll("cpe", cases, selfCpeHost(flaw, images), selfCpeTarget(images, flaw), flags);
  }
  const options = await cpeOptions(address, flags);
  await runAll("cpe", cases, new CpeHost(options), options.target, flags);
}

function checkSelf(address: string | undefined, flags: ConformCpeFlags): void {
  if (address !== undefined) throw new UsageError(`${address}: either an address or --self`);
  for (const option of ["image", "untrustedImage", "restartCommand", "revokedPki"] as const)
    if (flags[option] !== undefined)
      throw new UsageError(`--${option.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}: not with --self`);
}

async function cpeOptions(address: string | undefined, flags: ConformCpeFlags): Promise<CpeHostOptions> {
  if (flags.quirk !== undefined) throw new UsageError("--quirk goes with --self only");
  const { host, port } = parseAddress("--listen", flags.listen);
  const { restartCommand, origin, revokedPki } = flags;
  if (address !== undefined && !URL.canParse(address))
    throw new UsageError(`${address}: a ConnectionRequestURL is needed, such as http://192.0.2.7:7547/path`);
  if (origin !== undefined && (!URL.canParse(origin) || new URL(origin).pathname !== "/"))
    throw new UsageError(`--origin: ${origin} is not allowed; scheme, host and port, such as http://192.0.2.1:7549`);
  const revoked = revokedPki === undefined ? undefined : await revokedServer(revokedPki, host);
  const connection = pairOf("connection-username", flags.connectionUsername, flags.connectionPassword);
  const password = pairOf("username", flags.username, flags.password);
  const image = imageOf(flags);
  return {
    target: cpeServerTarget({
      host,
      port,
      ...(origin !== undefined && { origin: origin.replace(/\/$/, "") }),
      timeScale: scaleOf(flags),
      ...(restartCommand !== undefined && { powerCycle: () => runCommand(restartCommand, "restart") }),
      ...(revoked !== undefined && { revoked }),
      onListening: (url) => tell(`the CPE is to come to ${url}; Ctrl-C ends\n`),
    }),
    image,
    offered: { username: "poncast", password: randomBytes(PASSWORD_BYTES).toString("base64url") },
    ...(connection !== undefined && { connection }),
    ...(password !== undefined && { password }),
    ...(address !== undefined && { address }),
  };
}

function pairOf(
  option: string,
  username: string | undefined,
  password: string | undefined,
): TesterCredentials | undefined {
  if ((username === undefined) !== (password === undefined))
    throw new UsageError(`--${option} and --${option.replace("username", "password")} belong together`);
  return username === undefined || password === undefined ? undefined : { username, password };
}

function imageOf({ image, imageVersion, untrustedImage }: ConformCpeFlags): CwmpImage | undefined {
  if (image === undefined) {
    for (const [option, value] of [
      ["--image-version", imageVersion] as const,
      ["--untrusted-image", untrustedImage] as const,
    ])
      if (value !== undefined) throw new UsageError(`${option} goes with --image`);
    return undefined;
  }
  return {
    bytes: fileOf("--image", image),
    ...(imageVersion !== undefined && { version: imageVersion }),
    ...(untrustedImage !== undefined && { untrusted: fileOf("--untrusted-image", untrustedImage) }),
  };
}

function fileOf(option: string, path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(`${option}: ${path}: ${code === "ENOENT" ? "no such file" : "cannot be read"}`);
  }
}

/** A certificate that is issued and revoked at once. */
async function revokedServer(folder: string, host: string) {
  const [{ addressBytes, PkiFolder }, { readIdentity }] = await Promise.all([
    import("../../base/pki/authority/index.ts"),
    import("../../base/tls/index.ts"),
  ]);
  const nowSeconds = (): number => Math.floor(Date.now() / 1000);
  const pki = PkiFolder.open(folder);
  const isAddress = addressBytes(host) !== undefined;
  const [dnsNames, addresses] = isAddress ? [["localhost"], [host]] : [[host], ["127.0.0.1"]];
  const request = { kind: "server", name: "conform-revoked", dnsNames, addresses, mustStaple: true, days: 7 } as const;
  const { certificateFile, keyFile, serial } = await pki.issue({ ...request, nowSeconds: nowSeconds() }, true);
  pki.revoke(serial, nowSeconds());
  return {
    identity: readIdentity(certificateFile, keyFile),
    staple: async () => (await pki.staple(certificateFile, 2, nowSeconds())).der,
  };
}

export async function conformAcs(url: string | undefined, flags: ConformAcsFlags): Promise<void> {
  const cases = casesOf(acsCatalogue, flags);
  if (flags.list === true) return list(cases);
  checkReportFiles(flags);
  if (flags.self === true) {
    if (url !== undefined) throw new UsageError(`${url}: either a URL or --self`);
    const flaw = flawOf(ACS_FLAWS, flags.quirk);
    await runAll("acs", cases, selfAcsHost(flaw), selfAcsTarget(flaw), flags);
    return;
  }
  const host = acsOptions(url, flags);
  await runAll("acs", cases, new AcsHost(host), host.target, flags);
}

function acsOptions(url: string | undefined, flags: ConformAcsFlags): AcsHostOptions {
  if (flags.quirk !== undefined) throw new UsageError("--quirk goes with --self only");
  if (url === undefined)
    throw new UsageError("where devices go is needed, such as https://acs.example:7548/acs, or --self");
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new UsageError(`${url}: a URL of HTTP is needed`);
  const { ca, oui, productClass, serial: serialNumber } = flags;
  if (!/^[0-9A-F]{6}$/.test(oui))
    throw new UsageError(`--oui: ${oui} is not allowed; six hexadecimal digits in capitals`);
  const pem = ca === undefined ? undefined : Buffer.from(fileOf("--ca", ca)).toString("latin1");
  const timeScale = scaleOf(flags);
  return {
    target: acsClientTarget(url, () => Promise.resolve({ url, timeScale, ...(pem !== undefined && { ca: pem }) })),
    credentials: pairOf("username", flags.username, flags.password),
    oui,
    productClass,
    serialNumber,
    isNewEachCase: false,
  };
}

function flawOf<Flaw extends { name: string }>(flaws: readonly Flaw[], name = "reference"): Flaw {
  const flaw = flaws.find((each) => each.name === name);
  if (flaw !== undefined) return flaw;
  throw new UsageError(`--quirk: ${name} is not allowed; ${flaws.map((each) => each.name).join(", ")}`);
}

function list(cases: readonly { id: string; title: string }[]): void {
  print(`${alignedText(cases.map(({ id, title }) => [id, title]))}\n`);
}

function scaleOf({ timeoutScale }: CwmpFlags): number {
  const scale = parseNumber("--timeout-scale", timeoutScale);
  if (scale >= SCALE_MIN && scale <= SCALE_MAX) return scale;
  throw new UsageError(`--timeout-scale: ${timeoutScale} is not allowed; ${SCALE_MIN} to ${SCALE_MAX}`);
}

/** @throws UsageError for a glob that matches nothing */
function casesOf<Case extends { id: string }>(catalogue: readonly Case[], { only, skip }: CwmpFlags): Case[] {
  const [unmatched] = unmatchedGlobs([...only, ...skip], catalogue);
  if (unmatched !== undefined) throw new UsageError(`${unmatched}: no case has such an id; --list shows them`);
  const cases = selectCases(catalogue, { only, skip });
  if (cases.length === 0) throw new UsageError("no case is left to run; --list shows them");
  return cases;
}

async function runAll<Tester extends CaseTester, Way>(
  device: "cpe" | "acs",
  cases: readonly CwmpCase<Tester>[],
  host: CaseHost<Tester>,
  target: CwmpTarget<Way>,
  flags: CwmpFlags,
): Promise<void> {
  const folder = flags.har === undefined ? undefined : captureFolderOf(flags.har, "--har");
  const stream = flags.json === "-" ? process.stderr : process.stdout;
  const paint = painter(lookOf(stream, process.env).colour);
  const interrupt = new AbortController();
  const onInterrupt = (): void => interrupt.abort();
  process.once("SIGINT", onInterrupt);
  process.once("SIGTERM", onInterrupt);
  const idColumns = Math.max(...cases.map(({ id }) => id.length));
  const startedAt = target.isFreshEachCase ? {} : { startedAt: new Date().toISOString() };
  let before: CaseReport | undefined;
  const reports = await runCwmpCases(cases, host, {
    signal: interrupt.signal,
    ...(folder !== undefined && { archive: new CaseArchiveFolder(folder.path, VERSION, tellFault) }),
    onCase: (report) => {
      stream.write(`${caseRow(report, idColumns, (text, verdict) => paint(text, VERDICT_STYLES[verdict]), before)}\n`);
      before = report;
    },
  }).finally(() => folder?.removeIfEmpty());
  stream.write(`${summaryLine(reports)}\n`);
  writeReports({ device, target: target.name, selected: cases.length, ...startedAt }, reports, flags);
  endWith(reports, stream, interrupt.signal.aborted);
}
