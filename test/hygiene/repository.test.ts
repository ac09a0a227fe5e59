/** What lies at the top, and dependencies: pinned, and the lock file whole. */
import { describe, expect, it } from "vitest";
import { files, read, roomOf } from "./files.ts";

/** Papers and settings; all else is in a room, or in bench, docs, proto or test. */
const TOP_FILES = [
  ".editorconfig",
  ".gitignore",
  ".oxfmtrc.json",
  ".oxlintrc.json",
  "ARCHITECTURE.md",
  "CHANGELOG.md",
  "CITATION.cff",
  "CONTRIBUTING.md",
  "LICENSE",
  "README.md",
  "package-lock.json",
  "package.json",
  "rooms.json",
  "tsconfig.json",
  "vitest.config.ts",
];

describe("repository", () => {
  it("has nothing at the top but rooms, papers and settings: no folder of a run, no scenario of somebody's", () => {
    const { rooms } = JSON.parse(read("rooms.json")) as { rooms: Record<string, unknown> };
    const known = new Set([...Object.keys(rooms), ...TOP_FILES, ".ci", ".githooks", "bench", "docs", "proto", "test"]);
    const tops = new Set(files.map(roomOf));
    expect([...tops].filter((top) => !known.has(top))).toEqual([]);
  });

  it("locks every optional dependency that the lock file names", () => {
    const { packages } = JSON.parse(read("package-lock.json")) as {
      packages: Record<string, { optionalDependencies?: Record<string, string> }>;
    };
    const names = Object.values(packages).flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}));
    expect(names.length).toBeGreaterThan(0);
    const missing = names.filter(
      (name) => !Object.keys(packages).some((path) => path.endsWith(`node_modules/${name}`)),
    );
    expect(missing).toEqual([]);
  });

  it("pins exact versions", () => {
    const { dependencies, devDependencies, optionalDependencies } = JSON.parse(read("package.json")) as Record<
      string,
      Record<string, string>
    >;
    const loose = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies }).filter(
      ([, version]) => !/^\d+\.\d+\.\d+$/.test(version),
    );
    expect(loose).toEqual([]);
  });
});
