/** `poncast pki`: its commands and options. What they do is in base/pki/authority, which takes long to load. */
import type { Command } from "commander";
import { writeWhole } from "../../base/files/index.ts";
import { orRefused } from "../../base/errors/index.ts";
import { UsageError } from "../errors.ts";
import { print } from "../print.ts";
import { parseCount } from "../units.ts";

const MS_PER_SECOND = 1000;
const SECONDS_PER_HOUR = 3600;
const DAYS_MAX = 36_500;
const HOURS_MAX = 8760;
/** File name, common name and name in DNS in one. */
const NAME = /^[a-z0-9](?:[a-z0-9.-]{0,61}[a-z0-9])?$/i;

interface IssueFlags {
  pki: string;
  dns: string[];
  ip: string[];
  client?: boolean;
  mustStaple?: boolean;
  days: string;
  force?: boolean;
}

const nowSeconds = (): number => Math.floor(Date.now() / MS_PER_SECOND);
const timeOf = (seconds: number): string => new Date(seconds * MS_PER_SECOND).toISOString().replace(".000Z", "Z");
const authority = () => import("../../base/pki/authority/index.ts");

export function pkiCommand(program: Command): void {
  const pki = program.command("pki").description("a test authority: certificates for HTTPS, and OCSP staples");
  pki
    .command("init")
    .description("make an authority: root, intermediate, OCSP responder, with their keys")
    .requiredOption("--out <folder>", "folder for it; an authority that is there is not replaced")
    .option("--name <text>", "begins the names of its certificates", "poncast test")
    .action(init);
  pki
    .command("issue")
    .description("issue a certificate with a key: <name>.cert.pem, with the intermediate behind it, and <name>.key.pem")
    .argument("<name>", "of the server, as clients call it, or of the client")
    .requiredOption("--pki <folder>", "the authority, as made by init")
    .option("--dns <name...>", "other names of the server", [])
    .option("--ip <address...>", "addresses of the server", [])
    .option("--client", "for a client, not for a server")
    .option("--must-staple", "clients refuse the server without a staple (RFC 7633)")
    .option("--days <n>", "how long it is valid", "90")
    .option("--force", "replace certificate and key of that name; the old certificate is not revoked by that")
    .action(issue);
  pki
    .command("revoke")
    .description("revoke a certificate: staples made from then on say so")
    .argument("<serial|file>", "its serial number in hexadecimal, or its file")
    .requiredOption("--pki <folder>", "the authority that issued it")
    .action(revoke);
  pki
    .command("staple")
    .description("make the OCSP staple of a certificate, in DER, with what the authority says of it now")
    .argument("<certificate>", "its file")
    .requiredOption("--pki <folder>", "the authority that issued it")
    .requiredOption("-o, --out <file>", "staple to write; one that is there is replaced in one step")
    .option("--hours <n>", "how long it is good", "24")
    .action(staple);
}

async function init({ out, name }: { out: string; name: string }): Promise<void> {
  if (!/^[^\p{C}]{1,40}$/u.test(name)) throw new UsageError("--name: 1 to 40 printable characters are allowed");
  const { PkiFolder } = await authority();
  await PkiFolder.create(out, name, nowSeconds());
  print(`${out}: root.cert.pem is for clients to trust; keep the *.key.pem secret\n`);
}

async function issue(name: string, flags: IssueFlags): Promise<void> {
  const { client = false, mustStaple = false, ip, dns } = flags;
  for (const each of [name, ...dns])
    if (!NAME.test(each))
      throw new UsageError(`${each} is not allowed as a name; letters, digits, dots and hyphens, at most 63`);
  if (client && (mustStaple || ip.length > 0 || dns.length > 0))
    throw new UsageError("--client: a client has no --must-staple, --ip or --dns");
  const days = countUpTo("--days", flags.days, DAYS_MAX);
  const { addressBytes, PkiFolder } = await authority();
  const wrong = ip.find((address) => addressBytes(address) === undefined);
  if (wrong !== undefined) throw new UsageError(`--ip: ${wrong} is no address, such as 127.0.0.1 or ::1`);
  const names = { dnsNames: [name, ...dns], addresses: ip };
  const request = {
    kind: client ? "client" : "server",
    name,
    ...names,
    mustStaple,
    nowSeconds: nowSeconds(),
    days,
  } as const;
  const { certificateFile, keyFile, serial } = await PkiFolder.open(flags.pki).issue(request, flags.force);
  print(`${certificateFile}  serial number ${serial}\n${keyFile}  private key, keep it secret\n`);
}

async function revoke(which: string, flags: { pki: string }): Promise<void> {
  const { PkiFolder } = await authority();
  const { serial, name, revokedSeconds } = PkiFolder.open(flags.pki).revoke(which, nowSeconds());
  print(
    `${name}, serial number ${serial}: revoked at ${timeOf(revokedSeconds)}; staples made before are good until they expire\n`,
  );
}

async function staple(file: string, flags: { pki: string; out: string; hours: string }): Promise<void> {
  const hours = countUpTo("--hours", flags.hours, HOURS_MAX);
  const { PkiFolder } = await authority();
  const now = nowSeconds();
  const { der, status } = await PkiFolder.open(flags.pki).staple(file, hours, now);
  orRefused(
    ({ code }) => ({ place: flags.out, problem: `cannot be written (${code})` }),
    () => writeWhole(flags.out, der, { sync: true }),
  );
  print(`${flags.out}: ${status.kind}, until ${timeOf(now + hours * SECONDS_PER_HOUR)}\n`);
}

function countUpTo(option: string, value: string, most: number): number {
  const count = parseCount(option, value);
  if (count > most) throw new UsageError(`${option}: ${value} is not allowed; at most ${most}`);
  return count;
}
