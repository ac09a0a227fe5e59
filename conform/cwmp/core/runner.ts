/** Runs cases of CWMP one after the other, against a CPE or an ACS, and comes to a verdict on each. */
import {
  type CaseFailure,
  type CaseFault,
  type CaseReport,
  failedOutcome,
  type CaseOutcome,
} from "../../core/index.ts";
import type { CaseTester, CwmpCase } from "./case.ts";
import { excerptOf } from "./excerpt.ts";
import type { HttpLog } from "./log.ts";

export interface CaseBench<Tester> {
  tester: Tester;
  log: HttpLog;
  nowNs(): number;
  /** Milliseconds since 1970 at `nowNs` 0. */
  epochMs: number;
  /** The device is there. */
  contact(): Promise<void>;
  /** Leaves it as the next case is to find it. */
  finish(): Promise<void>;
}

export interface CaseHost<Tester> {
  open(id: string): Promise<CaseBench<Tester>>;
  close(): Promise<void>;
}

/** What goes into an archive. */
export interface CaseArchive {
  /** @returns the file; undefined where there is none */
  keep(id: string, log: HttpLog, epochMs: number): string | undefined;
}

export interface CwmpRunOptions {
  onCase?: (report: CaseReport) => void;
  archive?: CaseArchive;
  signal?: AbortSignal;
}

/** Never throws for anything that the device does. */
export async function runCwmpCases<Tester extends CaseTester>(
  cases: readonly CwmpCase<Tester>[],
  host: CaseHost<Tester>,
  { onCase, archive, signal }: CwmpRunOptions = {},
): Promise<CaseReport[]> {
  const reports: CaseReport[] = [];
  const aborted = new Promise<undefined>((resolve) => signal?.addEventListener("abort", () => resolve(undefined)));
  try {
    for (const each of cases) {
      if (signal?.aborted === true) break;
      const report = await Promise.race([runCase(each, host, archive), aborted]);
      if (report === undefined) break;
      reports.push(report);
      onCase?.(report);
    }
  } finally {
    await host.close();
  }
  return reports;
}

async function runCase<Tester extends CaseTester>(
  each: CwmpCase<Tester>,
  host: CaseHost<Tester>,
  archive: CaseArchive | undefined,
): Promise<CaseReport> {
  const { id, title, clause, basis } = each;
  const bench = await host.open(id);
  const startNs = bench.nowNs();
  const outcome = await outcomeOf(each, bench);
  const durationNs = bench.nowNs() - startNs;
  bench.log.step = 0;
  await bench.finish();
  const capture = archive?.keep(id, bench.log, bench.epochMs);
  return {
    id,
    title,
    clause,
    basis,
    ...outcome,
    ...(capture !== undefined && { capture }),
    frames: bench.log.last,
    durationNs,
  };
}

async function outcomeOf<Tester extends CaseTester>(
  { steps, preconditions, clause }: CwmpCase<Tester>,
  bench: CaseBench<Tester>,
): Promise<CaseOutcome> {
  const { tester, log } = bench;
  try {
    await bench.contact();
    await tester.prepare(preconditions);
    for (const [index, { run }] of steps.entries()) {
      log.step = index + 1;
      await run(tester);
    }
    return { verdict: "pass" };
  } catch (error) {
    return failedOutcome(error, (failure) => faultOf(failure, log, clause));
  }
}

function faultOf({ key, message: text, frame, clause }: CaseFailure, log: HttpLog, ofCase: string): CaseFault {
  const exchange = log.at(frame);
  return {
    key,
    text,
    clause: clause ?? ofCase,
    standard: "TR-069",
    step: log.step,
    frame,
    frames: [],
    ...(exchange !== undefined && { excerpt: excerptOf(exchange) }),
  };
}
