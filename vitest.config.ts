/**
 * Three loops of tests. `unit` starts no process but this one and takes about two minutes on two cores; `e2e` has processes,
 * commands, servers, browsers; `long` has what takes long in virtual time, or of many processes, each with a short form in
 * the two others: all presets, all quirk profiles, the model beside many runs, searches to the end. `npm test` is the first two.
 */
import { defineConfig } from "vitest/config";

const LONG = ["test/**/*.long.test.ts"];
const E2E = ["test/e2e/**/*.test.ts", "test/**/*.e2e.test.ts"];

export default defineConfig({
  test: {
    // Far above what any test takes, so that a busy machine fails none; tests wait for events, not for this.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // A second, if it is not said.
    expect: { poll: { timeout: 240_000 } },
    // The suite must fit a two-core machine; four workers more, as tests with processes and servers wait for more than half of their time.
    maxWorkers: 6,
    globalSetup: ["test/support/temporary.ts"],
    // Files share a worker's modules: to read them again for each file takes as long as the tests of `unit`, half a minute for `e2e`.
    isolate: false,
    // Transformed files are kept beside the packages: the second project takes those of the first, the next run those that are as they were.
    experimental: { fsModuleCache: true },
    // The longer ones of `e2e` come first, `unit` behind it fills what is left: vitest sorts by name of project, then by the last run.
    projects: [
      { extends: true, test: { name: "unit", include: ["test/**/*.test.ts"], exclude: [...E2E, ...LONG] } },
      { extends: true, test: { name: "e2e", include: E2E, exclude: LONG } },
      // These compute, and some take much memory. Not at once with the others, which vitest asks for where workers are fewer.
      { extends: true, test: { name: "long", include: LONG, maxWorkers: 4, sequence: { groupOrder: 1 } } },
    ],
  },
});
