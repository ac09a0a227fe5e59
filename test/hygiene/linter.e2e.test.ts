/** The linter with the project's own configuration: it refuses what rooms.json forbids, and nothing else. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { read, root } from "./files.ts";
import { removeFolder } from "../support/folder.ts";

const config = read(".oxlintrc.json");

/** A small project that breaks the rules, linted as a whole with the project's own configuration. */
const broken: [file: string, content: string, rule: string][] = [
  ["omci/a.ts", 'export * as x from "../pon/index.ts";', "omci imports base only"],
  ["image/deep/a.ts", 'export * as x from "../../omci/index.ts";', "image imports base only"],
  ["pon/a.ts", 'import "../olt/index.ts";', "pon imports base, omci only"],
  ["ont/core/a.ts", 'export * as x from "../../olt/index.ts";', "ont imports"],
  ["ont/core/b.ts", 'export * as x from "node:fs";', "a core is pure"],
  ["ont/core/d.ts", 'export * as x from "node:crypto";', "a core is pure"],
  ["ont/core/c.ts", 'export * as x from "../process/host.ts";', "nothing of its room"],
  ["olt/core/a.ts", 'export * as x from "effect/Schema";', "a core is pure"],
  ["olt/process/a.ts", 'export * as x from "../../ont/index.ts";', "olt imports"],
  ["run/virtual/a.ts", 'export * as x from "../../olt/core/olt.ts";', "only index.ts or types.ts"],
  [
    "scenarios/schema/a.ts",
    'import { x } from "../../olt/index.ts";\nexport const y = x;',
    "scenarios imports types only",
  ],
  ["conform/core/a.ts", 'export * as x from "node:fs";', "a core is pure"],
  ["conform/targets/a.ts", 'export * as x from "../../study/index.ts";', "conform imports"],
  ["web/report/a.ts", 'export * as x from "../../study/index.ts";', "web imports"],
  ["cli/commands/a.ts", 'export * as x from "../../run/virtual/world.ts";', "only index.ts or types.ts"],
  ["olt/core/random.ts", "export const x = Math.random();", "no-restricted-properties"],
  ["ont/core/date.ts", "export const x = Date.now();", "no-restricted-properties"],
  ["ont/core/clock.ts", "export const x = performance.now();", "no-restricted-globals"],
  ["base/one.ts", 'import { two } from "./two.ts";\nexport const one = two;', "no-cycle"],
  ["base/two.ts", 'import { one } from "./one.ts";\nexport const two = one;', "no-cycle"],
];

const fine: [file: string, content: string][] = [
  ["pon/fine.ts", 'export * as x from "../omci/index.ts";'],
  ["ont/core/fine.ts", 'export * as y from "./types.ts";'],
  ["ont/core/types.ts", "export type X = 1;"],
  ["olt/core/fine.ts", 'export type * as x from "../../pon/types.ts";'],
  ["scenarios/schema/fine.ts", 'import type { X } from "../../ont/index.ts";\nexport type Y = X;'],
  ["web/dashboard/fine.ts", 'export * as x from "../../study/index.ts";'],
  ["conform/core/fine.ts", 'export * as x from "../../omci/index.ts";'],
  ["test/deep/fine.ts", 'export * as x from "../../olt/core/olt.ts";'],
];

describe("the linter", () => {
  const playground = mkdtempSync(join(tmpdir(), "poncast-lint-"));
  afterAll(() => removeFolder(playground));
  for (const [file, content] of [...broken, ...fine]) {
    mkdirSync(join(playground, dirname(file)), { recursive: true });
    writeFileSync(join(playground, file), `${content}\n`);
  }
  writeFileSync(join(playground, ".oxlintrc.json"), config);
  const command = join(root, "node_modules/.bin/oxlint");
  const { stdout } = spawnSync(command, ["--format", "json"], { cwd: playground, encoding: "utf8" });
  const { diagnostics } = JSON.parse(stdout) as {
    diagnostics: { filename: string; message: string; code: string; help?: string }[];
  };
  const said = (file: string): string =>
    diagnostics.flatMap((one) => (one.filename === file ? `${one.code} ${one.message} ${one.help}` : [])).join("\n");

  for (const [file, content, rule] of broken) {
    it(`refuses ${content.split("\n", 1)[0]} in ${file}`, () => expect(said(file)).toContain(rule));
  }

  for (const [file, content] of fine) {
    it(`takes ${content.split("\n", 1)[0]} in ${file}`, () => {
      expect(said(file)).not.toMatch(/no-restricted|no-cycle/);
    });
  }
});
