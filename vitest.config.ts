import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Two workers: the suite must fit a two-core machine, and the real-process tests start children of their own.
    maxWorkers: 2,
  },
});
