/** `npm run fuzz`: runs what its options ask for, shows progress and prints what was found. */
import { stringify } from "yaml";
import { FrameFuzz, framesText } from "./frames.ts";
import { fuzzInputs } from "./inputs.ts";
import { FuzzOptionError, type FuzzOptions, parseFuzzOptions, USAGE } from "./options.ts";
import { type CutResult, cutEverywhere, cutProblemLine, cutTable, cutUpdates } from "./power-cuts.ts";
import { ProgressLine } from "../../base/terminal/index.ts";
import { runSeed } from "./seed-run.ts";
import { failureLine, Summary } from "./summary.ts";

const EXIT_FAILED = 1;
const EXIT_BAD_INPUT = 2;
/** Failures after which it is not worth going on. */
const FAILURES_MAX = 20;

const print = (line: string): void => void process.stdout.write(`${line}\n`);

function runSeeds(from: number, seeds: number): number {
  const progress = new ProgressLine();
  const summary = new Summary();
  for (let seed = from; seed < from + seeds && summary.failed.length < FAILURES_MAX; seed++) {
    const run = runSeed(seed);
    summary.add(run);
    if (run.problem !== undefined) {
      progress.clear();
      print(failureLine(run));
    }
    progress.show(() => `${summary.runs} of ${seeds} seeds, ${summary.failed.length} failed`);
  }
  progress.clear();
  print(`seeds ${from} to ${from + summary.runs - 1} in ${progress.seconds.toFixed(1)} s`);
  print(summary.text());
  return summary.failed.length === 0 ? 0 : EXIT_FAILED;
}

/** Power cuts everywhere, as a table. */
function runPowerCuts(): number {
  const progress = new ProgressLine();
  const results: CutResult[] = [];
  for (const update of cutUpdates) {
    for (const result of cutEverywhere(update)) {
      results.push(result);
      if (result.problem !== undefined) {
        progress.clear();
        print(cutProblemLine(result));
      }
      progress.show(() => `${update.name}: operation ${result.operation}`);
    }
  }
  progress.clear();
  const recovered = results.filter(({ problem }) => problem === undefined).length;
  print(`${cutUpdates.length} updates: ${cutUpdates.map(({ name }) => name).join(", ")}`);
  print(`power cut at every flash operation: ${results.length} points, ${recovered} recovered`);
  print(cutTable(results));
  return recovered === results.length ? 0 : EXIT_FAILED;
}

/** Strange frames into ONTs and OLTs. */
function runFrames(frames: number, seed: number): number {
  const progress = new ProgressLine();
  const fuzz = new FrameFuzz(seed);
  const report = fuzz.run(frames, () => progress.show(() => `${fuzz.frames} of ${frames} frames`));
  progress.clear();
  print(framesText(report));
  if (report.problem === undefined) return 0;
  print(`frames of seed ${seed}: ${report.problem}; replay: npm run fuzz -- --frames ${frames} --seed ${seed}`);
  return EXIT_FAILED;
}

/** Changed captures and logs into decode. */
function runDecode(inputs: number, seed: number): number {
  const progress = new ProgressLine();
  const report = fuzzInputs(inputs, seed, (input) => progress.show(() => `${input} of ${inputs} inputs`));
  progress.clear();
  print(`${report.inputs} inputs, ${report.frames} frames read from them, in ${progress.seconds.toFixed(1)} s`);
  if (report.problem === undefined) return 0;
  print(`seed ${seed}: ${report.problem}`);
  return EXIT_FAILED;
}

/** One seed, with everything that was drawn for it. */
function runOne(seed: number): number {
  const run = runSeed(seed);
  const { scenario, healAtNs, powerCuts, allowed } = run.draw;
  print(
    `# seed ${seed}: impairments end at ${healAtNs / 1e9} s; power cuts at flash operations and outcomes at the end`,
  );
  print(stringify(scenario).trimEnd());
  print(`# power cuts: ${JSON.stringify(powerCuts)}`);
  print(`# may end as: ${allowed.map((outcomes, ont) => `${ont} ${outcomes.join(" or ")}`).join(", ")}`);
  const summary = new Summary();
  summary.add(run);
  print(summary.text());
  if (run.problem === undefined) return 0;
  if (run.stack !== undefined) print(run.stack);
  print(failureLine(run));
  return EXIT_FAILED;
}

function runOptions(options: FuzzOptions): number {
  switch (options.kind) {
    case "help":
      print(USAGE);
      return 0;
    case "seeds":
      return runSeeds(options.from, options.seeds);
    case "seed":
      return runOne(options.seed);
    case "powerCuts":
      return runPowerCuts();
    case "frames":
      return runFrames(options.frames, options.seed);
    case "decode":
      return runDecode(options.inputs, options.seed);
  }
}

try {
  process.exitCode = runOptions(parseFuzzOptions(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof FuzzOptionError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = EXIT_BAD_INPUT;
}
