/**
 * Two loops of tests. `unit` starts no process but this one and takes less than a minute on two cores; `e2e` has processes,
 * commands, servers, browsers, and what takes long in virtual time: all presets, all quirk profiles, the model beside many runs.
 */
import { defineConfig } from "vitest/config";

const E2E = ["test/e2e/**/*.test.ts", "test/**/*.e2e.test.ts"];

export default defineConfig({
  test: {
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Two workers: the suite must fit a two-core machine, and the real-process tests start children of their own.
    maxWorkers: 2,
    projects: [
      // Files share a worker's modules: to read them again for each file takes as long as the tests.
      { extends: true, test: { name: "unit", include: ["test/**/*.test.ts"], exclude: E2E, isolate: false } },
      { extends: true, test: { name: "e2e", include: E2E } },
    ],
  },
});
