import type { Command } from "commander";
import { catalogue } from "../../scenarios/conform/core/catalogue/index.ts";
import { type CaseReport, runCases, type Verdict } from "../../scenarios/conform/core/runner.ts";
import { selectCases, unmatchedGlobs } from "../../scenarios/conform/core/select.ts";
import { caseRow, countsOf, summaryLine } from "../../scenarios/conform/core/table.ts";
import { quirkOf, selfImages, selfTarget } from "../../scenarios/conform/process/self.ts";
import { UsageError } from "../errors.ts";
import { painter, type Style } from "../view/ansi.ts";
import { lookOf } from "../view/index.ts";

interface ConformFlags {
  self?: boolean;
  quirk?: string;
  messageSet: string;
  only: string[];
  skip: string[];
  list?: boolean;
}

const styles: Readonly<Record<Verdict, Style>> = { pass: "green", fail: "red", skip: "yellow", notApplicable: "grey" };

/** `poncast conform`: an ONT against G.988 software download, case by case. */
export function conformCommand(program: Command): void {
  program
    .command("conform")
    .description("test a device against G.988 software download")
    .command("ont")
    .description("test an ONT; no certification, see docs/conformance.md")
    .option("--self", "our own ONT in virtual time")
    .option("--quirk <name>", "with --self: as an ONT of this quirk profile")
    .option("--message-set <set>", "baseline or extended", "baseline")
    .option("--only <globs...>", "cases to run, such as 'loss.*'", [])
    .option("--skip <globs...>", "cases to leave out", [])
    .option("--list", "list the cases and end")
    .action((flags: ConformFlags) => conform(flags));
}

async function conform(flags: ConformFlags): Promise<void> {
  const { messageSet, only, skip } = flags;
  if (messageSet !== "baseline" && messageSet !== "extended")
    throw new UsageError(`--message-set: ${messageSet} is not allowed; baseline or extended`);
  const [unmatched] = unmatchedGlobs([...only, ...skip], catalogue);
  if (unmatched !== undefined) throw new UsageError(`${unmatched}: no case has such an id; --list shows them`);
  const cases = selectCases(catalogue, { only, skip, messageSet });
  const idColumns = Math.max(...cases.map(({ id }) => id.length));
  if (flags.list === true) {
    for (const { id, title } of cases) process.stdout.write(`${id.padEnd(idColumns)}  ${title}\n`);
    return;
  }
  const quirk = quirkOf(flags.quirk ?? "reference");
  if (quirk === undefined) throw new UsageError(`--quirk: there is no profile ${flags.quirk}`);
  const self = selfImages();
  const paint = painter(lookOf(process.stdout, process.env).colour);
  const reports: CaseReport[] = await runCases(cases, {
    target: selfTarget(quirk, self),
    messageSet,
    image: self.image,
    onCase: (report) =>
      process.stdout.write(`${caseRow(report, idColumns, (text, verdict) => paint(text, styles[verdict]))}\n`),
  });
  process.stdout.write(`${summaryLine(reports)}\n`);
  const { fail, skip: skipped } = countsOf(reports);
  process.exitCode = fail + skipped > 0 ? 1 : 0;
}
