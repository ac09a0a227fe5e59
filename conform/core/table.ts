/** How cases read as lines of text: the same words on the terminal and in reports. */
import type { CaseFault, CaseReport, Verdict } from "./outcome.ts";

/** A verdict, for people. */
export const verdictWords: Readonly<Record<Verdict, string>> = {
  pass: "pass",
  fail: "FAIL",
  skip: "skip",
  notApplicable: "n/a",
  died: "DIED",
};

/** How often each verdict was reached. */
export function countsOf(reports: readonly CaseReport[]): Record<Verdict, number> {
  const counts = { pass: 0, fail: 0, died: 0, skip: 0, notApplicable: 0 };
  for (const { verdict } of reports) counts[verdict] += 1;
  return counts;
}

/**
 * A failure in one line: the frame (of CWMP the exchange), what was wrong, the clause.
 *
 * @param capture file that has the frame under its number
 */
export function faultLine({ step, frame, text, clause, standard }: CaseFault, capture?: string): string {
  const unit = standard === undefined ? "frame" : "exchange";
  const file = capture === undefined ? "" : ` of ${capture}`;
  const place = [step > 0 ? `step ${step}` : "", frame > 0 ? `${unit} ${frame}${file}` : ""].filter(Boolean).join(", ");
  return `${place === "" ? "" : `${place}: `}${text} [${standard ?? "G.988"} ${clause}]`;
}

/**
 * A row for the terminal; `paint` colours the verdict.
 *
 * @param before the report above: a cause that it has as well is not told again
 */
export function caseRow(
  report: CaseReport,
  idColumns: number,
  paint: (text: string, verdict: Verdict) => string,
  before?: CaseReport,
): string {
  const { id, title, verdict, basis, fault, cause } = report;
  const field = basis === "field" ? " (field practice)" : "";
  const row = `${paint(verdictWords[verdict].padEnd(4), verdict)}  ${id.padEnd(idColumns)}  ${title}${field}`;
  const why = fault === undefined ? cause : faultLine(fault, report.capture);
  const isTold = fault === undefined && cause === before?.cause;
  return why === undefined || isTold ? row : `${row}\n      ${why}`;
}

/** The last line. */
export function summaryLine(reports: readonly CaseReport[]): string {
  const { pass, fail, died, skip, notApplicable } = countsOf(reports);
  const parts = [`${pass} passed`, `${fail} failed`];
  if (died > 0) parts.push(`the target died in ${died}`);
  if (notApplicable > 0) parts.push(`${notApplicable} not applicable`);
  if (skip > 0) parts.push(`${skip} skipped`);
  return `${reports.length} cases: ${parts.join(", ")}`;
}
