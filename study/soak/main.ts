/** `npm run soak`: what takes long, part by part; says what was done and what was not as it has to be. */
import { parts } from "./parts.ts";
import { parseSoakOptions, SoakOptionError, type SoakOptions, usageOf } from "./options.ts";
import { ProgressLine } from "../../base/terminal/index.ts";
import { soakText } from "./report.ts";
import type { Part, PartContext, PartReport, SoakVerdict } from "./types.ts";

const EXIT_FAILED = 1;
const EXIT_BAD_INPUT = 2;
const EXIT_INTERRUPTED = 130;
/** Between two lines of progress in a log. */
const PLAIN_MS = 15_000;

async function runPart(part: Part, context: Omit<PartContext, "progress">): Promise<PartReport> {
  const progress = new ProgressLine(PLAIN_MS);
  const show = (text: string): void => progress.show(() => `${part.name}: ${text}`);
  const outcome = await part.run({ ...context, progress: show });
  progress.clear();
  const failed: SoakVerdict = outcome.problems.length > 0 ? "failed" : "passed";
  return {
    part: part.name,
    bound: part.bound(context.isShort),
    verdict: failed === "passed" && context.signal.aborted ? "interrupted" : failed,
    seconds: progress.seconds,
    ...outcome,
  };
}

async function soak({ only, isShort, seed, json }: SoakOptions): Promise<number> {
  const interrupt = new AbortController();
  const { signal } = interrupt;
  const onInterrupt = (): void => interrupt.abort();
  process.once("SIGINT", onInterrupt);
  process.once("SIGTERM", onInterrupt);
  const reports: PartReport[] = [];
  for (const part of parts.filter(({ name }) => only.includes(name))) {
    if (signal.aborted) break;
    reports.push(await runPart(part, { isShort, seed, signal }));
  }
  const text = json ? JSON.stringify({ schema: "poncast.soak/1", seed, isShort, parts: reports }) : soakText(reports);
  process.stdout.write(`${text}\n`);
  if (reports.some(({ verdict }) => verdict === "failed")) return EXIT_FAILED;
  return signal.aborted ? EXIT_INTERRUPTED : 0;
}

try {
  const options = parseSoakOptions(
    process.argv.slice(2),
    parts.map(({ name }) => name),
  );
  if (options.help) process.stdout.write(`${usageOf(parts)}\n`);
  else process.exitCode = await soak(options);
} catch (error) {
  if (!(error instanceof SoakOptionError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = EXIT_BAD_INPUT;
}
