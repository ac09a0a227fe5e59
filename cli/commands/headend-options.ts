/** What `poncast serve` and `poncast acs` have in common: HTTPS, limits, windows, who may give orders, until when. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import type { MaintenanceWindow } from "../../base/maintenance/index.ts";
import type { DepotRates, DepotTls } from "../../headend/depot/index.ts";
import { UsageError } from "../errors.ts";
import { requireFile } from "../files.ts";
import { tell } from "../print.ts";
import { parseRate } from "../units.ts";

export interface HeadendFlags {
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
  window?: string;
}

/** It takes a while to load, and other commands do not need it. */
const tls = () => import("../../base/tls/index.ts");
const MS_PER_SECOND = 1_000;
const CERTIFICATE_DAYS = 90;
const STAPLE_HOURS = 2;
/** A revocation is told of within this time. */
const STAPLE_SECONDS_MAX = 300;
const LOOPBACK = /^(?:127\.\d+\.\d+\.\d+|::1|localhost)$/;

export const httpsOptions = (command: Command): Command =>
  command
    .option("--cert <file>", "certificate for HTTPS with those above it (PEM); without it, plain HTTP")
    .option("--key <file>", "its private key (PEM)")
    .option("--staple <file>", "its OCSP staple (DER or PEM), read anew for each connection")
    .option(
      "--pki <folder>",
      "HTTPS by an authority of `poncast pki init`: a certificate of this host, and fresh staples",
    );

export const rateOptions = (command: Command): Command =>
  command
    .option("--rate <rate>", "limit on all downloads, such as 200Mbit/s")
    .option("--rate-per-image <rate>", "limit on all downloads of one image, its deltas too")
    .option("--rate-per-download <rate>", "limit on each download");

export async function windowOf({ window: rule }: HeadendFlags): Promise<MaintenanceWindow | undefined> {
  if (rule === undefined) return undefined;
  // Who has none does without the calendar.
  const { readWindow } = await import("../../base/maintenance/index.ts");
  const window = readWindow(rule);
  if (window === undefined)
    throw new UsageError(
      `--window: ${rule} is not allowed; HH:MM-HH:MM and a zone, days before them where not all are meant: "02:00-05:00 Europe/Berlin", "sat,sun 02:00-05:00"`,
    );
  return window;
}

export function ratesOf({ rate, ratePerImage, ratePerDownload }: HeadendFlags): DepotRates {
  const limit = (option: string, value: string | undefined): number => {
    const bytesPerSecond = value === undefined ? Infinity : parseRate(option, value);
    if (!(bytesPerSecond > 0)) throw new UsageError(`${option}: ${value} is not allowed; more than 0`);
    return bytesPerSecond;
  };
  return {
    total: limit("--rate", rate),
    campaign: limit("--rate-per-image", ratePerImage),
    download: limit("--rate-per-download", ratePerDownload),
  };
}

/**
 * @param host it listens there
 * @param name of the certificate that an authority issues for it
 */
export async function tlsOf(flags: HeadendFlags, host: string, name: string): Promise<DepotTls | undefined> {
  const { cert, key, staple, clientCa, pki } = flags;
  if ((cert === undefined) !== (key === undefined)) throw new UsageError("--cert and --key belong together");
  if (pki !== undefined && (cert ?? staple ?? clientCa) !== undefined)
    throw new UsageError("--pki: brings certificate, staple and authority; leave out --cert, --staple and --client-ca");
  if (cert === undefined && (staple ?? clientCa) !== undefined)
    throw new UsageError("--staple and --client-ca are for HTTPS: give --cert and --key");
  for (const file of [staple, clientCa]) if (file !== undefined) requireFile(file);
  if (pki !== undefined) return pkiTls(pki, host, name);
  if (cert === undefined || key === undefined) return undefined;
  const { readIdentity, stapleFile } = await tls();
  return {
    identity: readIdentity(cert, key),
    ...(staple !== undefined && { staple: stapleFile(staple) }),
    ...(clientCa !== undefined && { clientCa: readFileSync(clientCa, "latin1") }),
  };
}

/** Its certificate of this host is issued where there is none, and the staple is made anew every few minutes. */
async function pkiTls(folder: string, host: string, kind: string): Promise<DepotTls> {
  const { addressBytes, PkiFolder } = await import("../../base/pki/authority/index.ts");
  const { readIdentity } = await tls();
  const nowSeconds = (): number => Math.floor(Date.now() / MS_PER_SECOND);
  const pki = PkiFolder.open(folder);
  const isAddress = addressBytes(host) !== undefined;
  const [dnsNames, addresses] = isAddress ? [["localhost"], [host]] : [[host], ["127.0.0.1"]];
  const name = `${kind}-${host.replaceAll(/[^\w.-]/g, "-")}`;
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

/** @param secrets what others could read */
export function warnOfOthers(host: string, isSecure: boolean, secrets: string): void {
  if (LOOPBACK.test(host)) return;
  const clear = isSecure ? "" : `, and ${secrets} go in the clear: give --cert and --key`;
  tell(`--listen: other machines can reach this server${clear}\n`);
}

/** Ctrl-C, or as services are stopped. */
export const interrupted = (): Promise<void> =>
  new Promise((done) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => done());
  });
