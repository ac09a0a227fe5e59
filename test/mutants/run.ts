/** `npm run test:mutants`: whether the tests notice mistakes that are put into the program one at a time. */
import { availableParallelism } from "node:os";
import { InputError } from "../../base/errors/index.ts";
import { loadMutants, mutated, type Mutant, sourceOf } from "./mutants.ts";
import { type MutantOptions, parseMutantOptions, USAGE } from "./options.ts";
import { limitMsOf, runUnchanged, tryMutant } from "./trial.ts";
import { complaintsOf, listText, type Tried, verdictLine, verdictsText } from "./verdicts.ts";

const EXIT_FAILED = 1;
const EXIT_BAD_INPUT = 2;
const MS_PER_SECOND = 1000;

const print = (text: string): void => void process.stdout.write(`${text}\n`);
const tell = (text: string): void => void process.stderr.write(`${text}\n`);

/** In their order, `jobs` at once. */
async function tryAll(mutants: readonly Mutant[], jobs: number, fileMs: Record<string, number>): Promise<Tried[]> {
  const tried: Tried[] = [];
  let next = 0;
  let done = 0;
  const work = async (): Promise<void> => {
    while (next < mutants.length) {
      const index = next++;
      const mutant = mutants[index]!;
      const startMs = performance.now();
      const verdict = await tryMutant(mutant, limitMsOf(mutant, fileMs));
      const one = { mutant, verdict, seconds: (performance.now() - startMs) / MS_PER_SECOND };
      tried[index] = one;
      tell(`${++done} of ${mutants.length}: ${verdictLine(one)}`);
    }
  };
  await Promise.all(Array.from({ length: jobs }, work));
  return tried;
}

async function run({ mutants, jobs }: MutantOptions, isWhole: boolean): Promise<number> {
  const startMs = performance.now();
  for (const mutant of mutants) mutated(sourceOf(mutant), mutant);
  const unchanged = await runUnchanged(mutants, jobs);
  if (unchanged === undefined || unchanged.failed !== null) {
    tell(`without any mutant, this fails: ${unchanged?.failed ?? "the tests"}`);
    return EXIT_FAILED;
  }
  tell(
    `${unchanged.tests} tests pass without any mutant, ${((performance.now() - startMs) / MS_PER_SECOND).toFixed(0)} s`,
  );
  const tried = await tryAll(mutants, jobs, unchanged.fileMs);
  print(verdictsText(tried));
  print(`${((performance.now() - startMs) / MS_PER_SECOND).toFixed(0)} s`);
  const complaints = complaintsOf(tried, isWhole);
  for (const complaint of complaints) tell(complaint);
  return complaints.length === 0 ? 0 : EXIT_FAILED;
}

async function main(): Promise<number> {
  const all = loadMutants();
  const options = parseMutantOptions(process.argv.slice(2), all, availableParallelism());
  if (options.kind === "run") return run(options, options.mutants.length === all.length);
  print(options.kind === "help" ? USAGE : listText(options.mutants));
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof InputError)) throw error;
  tell(error.message);
  process.exitCode = EXIT_BAD_INPUT;
}
