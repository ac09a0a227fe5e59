/** `poncast conform ont`: progress, reports and the exit code. The cases themselves are in conform/core. */
import {
  type ConformCase,
  type CaseReport,
  runCases,
  selectCases,
  unmatchedGlobs,
  caseRow,
  summaryLine,
} from "../../conform/core/index.ts";
import { catalogue } from "../../conform/core/catalogue/index.ts";
import { CaseCaptureFolder } from "../../conform/reports/index.ts";
import { UsageError } from "../errors.ts";
import { painter } from "../../base/terminal/index.ts";
import { alignedText } from "../../base/text/index.ts";
import { lookOf } from "../view/index.ts";
import { runCommand } from "../../conform/targets/index.ts";
import { CaseProgress } from "./conform-progress.ts";
import { captureFolderOf, tellFault } from "./conform-captures.ts";
import { type ConformFlags, optionsOf } from "./conform-options.ts";
import { endWith, VERDICT_STYLES } from "./conform-verdicts.ts";
import { checkReportFiles, writeReports } from "./conform-reports.ts";
import { print } from "../print.ts";

/** The target is an argument or an option. */
function namedTarget(argument: string | undefined, option: string | undefined): string | undefined {
  if (argument === undefined || option === undefined) return argument ?? option;
  throw new UsageError(`${argument}: one target at a time; --target names ${option}`);
}

export async function conformOnt(targetName: string | undefined, flags: ConformFlags): Promise<void> {
  const cases = casesOf(flags);
  if (flags.list === true) {
    print(`${alignedText(cases.map(({ id, title }) => [id, title]))}\n`);
    return;
  }
  const idColumns = Math.max(...cases.map(({ id }) => id.length));
  checkReportFiles(flags);
  const { target, image, messageSet } = optionsOf(namedTarget(targetName, flags.target), flags);
  const folder = flags.pcap === undefined ? undefined : captureFolderOf(flags.pcap);
  const stream = flags.json === "-" ? process.stderr : process.stdout;
  const paint = painter(lookOf(stream, process.env).colour);
  const interrupt = new AbortController();
  const onInterrupt = (): void => interrupt.abort();
  process.once("SIGINT", onInterrupt);
  process.once("SIGTERM", onInterrupt);
  const startedAt = target.isFreshEachCase ? {} : { startedAt: new Date().toISOString() };
  const { restartCommand } = flags;
  const progress = new CaseProgress(cases, { isReal: !target.isFreshEachCase, flags, image, messageSet });
  let before: CaseReport | undefined;
  const reports = await runCases(cases, {
    target: {
      ...target,
      open: async () => {
        const transport = await target.open();
        progress.begin();
        return transport;
      },
    },
    messageSet,
    image,
    signal: interrupt.signal,
    ...(restartCommand !== undefined && { restart: () => runCommand(restartCommand, "restart") }),
    ...(folder && { captures: new CaseCaptureFolder(folder.path, tellFault) }),
    onCase: (report) => {
      const row = caseRow(report, idColumns, (text, verdict) => paint(text, VERDICT_STYLES[verdict]), before);
      before = report;
      progress.clear();
      stream.write(`${row}\n`);
      progress.done(report);
    },
  }).finally(() => {
    progress.stop();
    folder?.removeIfEmpty();
  });
  stream.write(`${summaryLine(reports)}\n`);
  writeReports({ target: target.name, messageSet, selected: cases.length, ...startedAt }, reports, flags);
  endWith(reports, stream, interrupt.signal.aborted);
}

/** @throws UsageError for a set or a glob that does not exist */
function casesOf({ messageSet, only, skip }: ConformFlags): ConformCase[] {
  if (messageSet !== "baseline" && messageSet !== "extended")
    throw new UsageError(`--message-set: ${messageSet} is not allowed; baseline or extended`);
  const [unmatched] = unmatchedGlobs([...only, ...skip], catalogue);
  if (unmatched !== undefined) throw new UsageError(`${unmatched}: no case has such an id; --list shows them`);
  const cases = selectCases(catalogue, { only, skip, messageSet });
  if (cases.length === 0) throw new UsageError(`no case is left to run in ${messageSet}; --list shows them`);
  return cases;
}
