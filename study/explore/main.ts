/** `npm run explore`: searches as its options ask for, or shows a path, and prints what was found. */
import { pathText } from "./actions.ts";
import { Model } from "./model.ts";
import { ExploreOptionError, type ExploreOptions, parseExploreOptions, USAGE } from "./options.ts";
import { ProgressLine } from "../../base/terminal/index.ts";
import { replay } from "./replay.ts";
import { type Found, search } from "./search.ts";

const EXIT_FAILED = 1;
const EXIT_BAD_INPUT = 2;

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const count = (number: number): string => number.toLocaleString("en-US");

const soFarText = ({ states, transitions, depth, faults }: Found): string =>
  `${count(states)} states, ${count(transitions)} transitions, depth ${depth}, ${faults} faults`;

const worldWords = ({ mode, recovery, messageSet, onts }: ExploreOptions): string =>
  `--mode ${mode} --recovery ${recovery} --message-set ${messageSet} --onts ${onts}`;

function runSearch(options: ExploreOptions): number {
  const progress = new ProgressLine();
  const model = new Model(options);
  const { windowSections, sectionBytes } = model.world.oltConfig;
  const { imageBytes } = model.world.images.source;
  const sections = Math.ceil(imageBytes / sectionBytes);
  print(
    `${worldWords(options)} --faults ${options.faults}: an image of ${imageBytes} bytes in ${sections} sections of ` +
      `${sectionBytes} bytes, windows of ${windowSections}`,
  );
  const found = search(model, {
    faultsMax: options.faults,
    statesMax: options.statesMax,
    goesOn: (soFar) => {
      progress.show(() => soFarText(soFar));
      return progress.seconds < options.seconds;
    },
  });
  progress.clear();
  printFound(found, progress.seconds, model);
  for (const [kind, { states, path }] of [...found.ends].toSorted(([, a], [, b]) => b.states - a.states)) {
    print(`  ${count(states).padStart(9)} ends: ${kind}`);
    if (options.showsEnds) print(`            ${pathText(path)}`);
  }
  return found.violation === undefined ? 0 : printViolation(options, found.violation);
}

function howFarWords({ isComplete, faults, violation }: Found): string {
  if (isComplete) return "complete";
  if (violation !== undefined) return `ended at ${faults} faults`;
  const before = faults === 0 ? "" : `, but complete up to ${faults - 1}`;
  return `NOT complete: the limit was reached at ${faults} faults${before}`;
}

function printFound(found: Found, seconds: number, { olt, onts }: Model): void {
  const { states, transitions, depth, bytes } = found;
  print(
    `${count(states)} states, ${count(transitions)} transitions, depth ${depth}; ${howFarWords(found)}; ` +
      `${seconds.toFixed(1)} s, ${count(Math.round(states / seconds))} states/s, ` +
      `${Math.round(bytes / 1e6)} MB of states, ${Math.round(process.memoryUsage().rss / 1e6)} MB in all`,
  );
  const parties = [`OLT ${count(olt.states)}`, ...onts.map((ont, index) => `ONT ${index} ${count(ont.states)}`)];
  const runs = [olt, ...onts].reduce((sum, party) => sum + party.runs, 0);
  print(`states of each alone: ${parties.join(", ")}; the cores were called ${count(runs)} times`);
}

function printViolation(
  options: ExploreOptions,
  { problem, path }: { problem: string; path: readonly number[] },
): number {
  print(`${problem}`);
  const again = replay(options, path);
  for (const line of again.lines) print(line);
  if (again.problem !== problem)
    print(
      `a defect of the explorer: gone step by step, the path ends with "${again.problem}" (docs/explore.md, digests)`,
    );
  print(`replay: npm run explore -- ${worldWords(options)} --replay ${pathText(path)}`);
  return EXIT_FAILED;
}

function runReplay(options: ExploreOptions): number {
  try {
    const { lines, problem } = replay(options, options.path);
    for (const line of lines) print(line);
    print(problem === "" ? "no rule broken" : problem);
    return problem === "" ? 0 : EXIT_FAILED;
  } catch (error) {
    if (error instanceof RangeError) throw new ExploreOptionError(`--replay: ${error.message}`);
    throw error;
  }
}

function runOptions(options: ExploreOptions): number {
  switch (options.kind) {
    case "help":
      print(USAGE);
      return 0;
    case "search":
      return runSearch(options);
    case "replay":
      return runReplay(options);
  }
}

try {
  process.exitCode = runOptions(parseExploreOptions(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof ExploreOptionError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = EXIT_BAD_INPUT;
}
