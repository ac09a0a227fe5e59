/** The report files of `poncast conform ont`, and the check of their signatures for `poncast verify-report`. */
import { placed } from "../../base/errors/index.ts";
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname } from "node:path";
import type { CaseReport } from "../../conform/core/index.ts";
import {
  jsonReport,
  junitReport,
  type RunFacts,
  tapReport,
  isReportSigned,
  signatureFileOf,
  signReport,
} from "../../conform/reports/index.ts";
import { UsageError } from "../errors.ts";
import { writeOutput } from "../files.ts";
import { VERSION } from "../version.ts";
import type { ConformFlags } from "./conform-options.ts";
import { readPem, readPublicKeys } from "./image-input.ts";
import { print } from "../print.ts";

type ReportFlags = Pick<ConformFlags, "json" | "junit" | "tap" | "sign">;

/** What would keep the reports from being written, said before anything is tested. @throws UsageError */
export function checkReportFiles({ json, junit, tap, sign }: ReportFlags): void {
  if (sign !== undefined) {
    if (json === undefined || json === "-") throw new UsageError("--sign: a report file is needed, --json <file>");
    signed(Buffer.from("poncast"), sign);
  }
  for (const file of [json === "-" ? undefined : json, junit, tap]) {
    if (file === undefined) continue;
    const folder = dirname(file);
    if (!existsSync(folder)) throw new UsageError(`${file}: there is no folder ${folder}`);
    if (existsSync(file) && statSync(file).isDirectory()) throw new UsageError(`${file}: is a folder`);
  }
}

/** Writes the reports asked for. @throws InputError for a file that cannot be written */
export function writeReports(
  facts: Omit<RunFacts, "version">,
  reports: readonly CaseReport[],
  { json, junit, tap, sign }: ReportFlags,
): void {
  const run = { ...facts, version: VERSION };
  if (json !== undefined) {
    const text = `${JSON.stringify(jsonReport(run, reports), null, 2)}\n`;
    if (json === "-") print(text);
    else writeOutput(json, text);
    if (json !== "-" && sign !== undefined) writeOutput(signatureFileOf(json), signed(Buffer.from(text), sign));
  }
  if (junit !== undefined) writeOutput(junit, junitReport(run, reports));
  if (tap !== undefined) writeOutput(tap, tapReport(reports));
}

function signed(report: Uint8Array, keyFile: string): string {
  const pem = readPem(keyFile);
  return placed(keyFile, () => signReport(report, pem));
}

export interface VerifyFlags {
  key: string[];
  signature?: string;
}

/** Says whether a report is as it was signed. */
export function verifyReport(file: string, { key, signature = signatureFileOf(file) }: VerifyFlags): void {
  const report = readFile(file);
  if (isReportSigned(report, readFile(signature).toString("latin1"), readPublicKeys(key))) {
    print(`${file}: signature holds${countsIn(report)}\n`);
    return;
  }
  print(`${file}: not as it was signed, or not signed by this key\n`);
  process.exitCode = 1;
}

function countsIn(report: Buffer): string {
  try {
    const { target, counts } = JSON.parse(report.toString()) as { target: string; counts: Record<string, number> };
    const parts = Object.entries(counts).map(([verdict, count]) => `${verdict} ${count}`);
    return `; ${JSON.stringify(target)}: ${parts.join(", ")}`;
  } catch {
    return "";
  }
}

function readFile(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(`${file}: ${code === "ENOENT" ? "no such file" : "cannot be read"}`);
  }
}
