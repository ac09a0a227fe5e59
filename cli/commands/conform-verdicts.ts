/** What cases of any kind of device come to on the terminal: colours of their verdicts, exit code, a word on what was skipped. */
import { type CaseReport, countsOf, type Verdict } from "../../conform/core/index.ts";
import type { Style } from "../../base/terminal/index.ts";

const EXIT_INTERRUPTED = 130;

export const VERDICT_STYLES: Readonly<Record<Verdict, Style>> = {
  pass: "green",
  fail: "red",
  skip: "yellow",
  notApplicable: "grey",
  died: "red",
};

/** Sets the exit code: 0 where all cases passed that apply. Ends the process where somebody interrupted it. */
export function endWith(reports: readonly CaseReport[], stream: NodeJS.WriteStream, isInterrupted: boolean): void {
  if (isInterrupted) process.exit(EXIT_INTERRUPTED);
  const { fail, died, skip } = countsOf(reports);
  process.exitCode = fail + died + skip > 0 ? 1 : 0;
  if (skip > 0) stream.write("a skipped case is no pass; leave out with --skip what cannot be tested\n");
}
