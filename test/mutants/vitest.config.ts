/** The process of one trial: the tests that it is told, with one mutant put into its file as that is loaded. */
import { resolve } from "node:path";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type Reporter, type TestCase, type TestModule, type TestSpecification } from "vitest/node";
import { mutated } from "./mutants.ts";
import { TASK_VARIABLE, type TrialReport, type TrialTask } from "./trial.ts";

const task = JSON.parse(process.env[TASK_VARIABLE] ?? "null") as TrialTask | null;
if (task === null) throw new Error("only `npm run test:mutants` reads this file");
const { mutant, include, workers } = task;
// Whoever asked is gone.
process.on("disconnect", () => process.exit());
const report: TrialReport = { failed: null, wasLoaded: false, tests: 0, fileMs: {} };

const mutation: Plugin = {
  name: "mutation",
  enforce: "pre",
  transform(code, id) {
    if (mutant === null || id.split("?", 1)[0] !== resolve(mutant.file)) return undefined;
    report.wasLoaded = true;
    return { code: mutated(code, mutant), map: null };
  },
};

class Witness implements Reporter {
  onTestCaseResult(test: TestCase): void {
    report.tests++;
    if (test.result().state === "failed") report.failed ??= `${test.module.relativeModuleId} > ${test.fullName}`;
  }

  onTestModuleEnd(module: TestModule): void {
    const { relativeModuleId } = module;
    const { collectDuration, duration } = module.diagnostic();
    report.fileMs[relativeModuleId] = collectDuration + duration;
    if (module.errors().length > 0) report.failed ??= `${relativeModuleId} (as it is loaded)`;
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const broken = modules.find((module) => !module.ok());
    if (broken || errors.length > 0) report.failed ??= broken?.relativeModuleId ?? "an error outside any test";
    process.send?.(report);
  }
}

/** Files in the order in which they are named: most mutants are noticed in the first. */
class AsNamed extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const placeOf = ({ moduleId }: TestSpecification): number => {
      const place = include.findIndex((pattern) => moduleId.startsWith(resolve(pattern.split("/**", 1)[0]!)));
      return place < 0 ? include.length : place;
    };
    return files.sort((a, b) => placeOf(a) - placeOf(b) || a.moduleId.localeCompare(b.moduleId));
  }
}

export default defineConfig({
  root: resolve("."),
  plugins: [mutation],
  test: {
    include,
    exclude: ["test/e2e/**", "test/**/*.e2e.test.ts", "test/**/*.long.test.ts"],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    isolate: false,
    // A trial that goes round in circles is ended with its process.
    pool: "threads",
    maxWorkers: workers,
    bail: mutant === null ? 0 : 1,
    // How long files take is remembered for the order of the usual runs: nothing of a trial belongs there.
    cache: false,
    reporters: [new Witness()],
    sequence: { sequencer: AsNamed },
  },
});
