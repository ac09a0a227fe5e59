/** The reports that programs read: JSON, JUnit XML and TAP, each from the same list of case reports. */
import { create } from "xmlbuilder2";
import { hexOf } from "../../base/text/index.ts";
import { dissect, type MessageSet } from "../../omci/index.ts";
import type { CaseFault, CaseReport } from "../core/outcome.ts";
import { countsOf, faultLine } from "../core/table.ts";

/** What a run was, for its reports. */
export interface RunFacts {
  /** What was tested: `conform ont` and its like; absent: an ONT. */
  device?: "cpe" | "acs";
  target: string;
  /** Of OMCI. */
  messageSet?: MessageSet;
  /** Cases that were to run; more than there are reports when the run was interrupted. */
  selected: number;
  /** ISO 8601; absent with --self, so that equal runs give equal reports. */
  startedAt?: string;
  version: string;
}

const NS_PER_SECOND = 1e9;
const printable = (text: string): string => text.replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD]/g, " ");

/** The JSON report: schema `poncast.conformance/1`. */
export function jsonReport(facts: RunFacts, reports: readonly CaseReport[]): object {
  return {
    schema: "poncast.conformance/1",
    ...facts,
    certification: "none: these cases are poncast's own",
    counts: countsOf(reports),
    cases: reports.map(({ fault, durationNs, ...report }) => ({
      ...report,
      durationSeconds: durationNs / NS_PER_SECOND,
      ...(fault === undefined ? {} : { fault: jsonFault(fault, report.capture) }),
    })),
  };
}

const jsonFault = ({ frames, ...fault }: CaseFault, capture: string | undefined): object => ({
  ...fault,
  line: faultLine({ ...fault, frames }, capture),
  frames: frames.map(({ number, timeNs, direction, bytes, step }) => ({
    number,
    seconds: timeNs / NS_PER_SECOND,
    direction,
    step,
    hex: hexOf(bytes),
  })),
});

/** JUnit XML, as CI servers read it. */
export function junitReport(facts: RunFacts, reports: readonly CaseReport[]): string {
  const { fail, died, skip, notApplicable } = countsOf(reports);
  const seconds = reports.reduce((sum, { durationNs }) => sum + durationNs, 0) / NS_PER_SECOND;
  const suite = create({ version: "1.0", encoding: "UTF-8" })
    .ele("testsuites")
    .ele("testsuite", {
      name: `poncast conform ${facts.device ?? "ont"} ${facts.target}${facts.messageSet === undefined ? "" : ` (${facts.messageSet})`}`,
      tests: reports.length,
      failures: fail,
      errors: died,
      skipped: skip + notApplicable,
      time: seconds.toFixed(3),
      ...(facts.startedAt === undefined ? {} : { timestamp: facts.startedAt }),
    });
  for (const { id, title, durationNs, verdict, fault, cause, capture } of reports) {
    const test = suite.ele("testcase", {
      classname: `conform.${id.split(".")[0]}`,
      name: `${id}: ${title}`,
      time: (durationNs / NS_PER_SECOND).toFixed(3),
    });
    if (fault !== undefined) {
      const frame = fault.frames.at(-1);
      const detail = fault.excerpt ?? (frame === undefined ? "" : dissect(frame.bytes));
      const message = printable(faultLine(fault, capture));
      test.ele("failure", { type: fault.key, message }).txt(printable(`${message}\n${detail}`));
    } else if (verdict === "died") test.ele("error", { type: "died", message: printable(cause ?? verdict) });
    else if (verdict !== "pass") test.ele("skipped", { message: printable(cause ?? verdict) });
  }
  return `${suite.end({ prettyPrint: true })}\n`;
}

/** Test Anything Protocol, version 14. */
export function tapReport(reports: readonly CaseReport[]): string {
  const lines = ["TAP version 14", `1..${reports.length}`];
  reports.forEach(({ id, title, verdict, fault, cause, capture }, index) => {
    const ok = verdict === "fail" || verdict === "died" ? "not ok" : "ok";
    const directive = verdict === "skip" || verdict === "notApplicable" ? ` # SKIP ${oneLine(cause ?? "")}` : "";
    lines.push(`${ok} ${index + 1} - ${escaped(`${id}: ${title}`)}${directive}`);
    if (fault === undefined) return;
    lines.push("  ---", `  message: ${JSON.stringify(oneLine(faultLine(fault, capture)))}`, "  severity: fail");
    lines.push(
      `  key: ${fault.key}`,
      `  clause: ${JSON.stringify(fault.clause)}`,
      `  ${fault.standard === undefined ? "frame" : "exchange"}: ${fault.frame}`,
      "  ...",
    );
  });
  return `${lines.join("\n")}\n`;
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, " ");
const escaped = (text: string): string => oneLine(text).replaceAll(/[\\#]/g, "\\$&");
