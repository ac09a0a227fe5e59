import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { lintConfig, readRooms } from "../../docs/lint-rules.ts";

const root = join(import.meta.dirname, "../..");
const table = readRooms(join(root, "rooms.json"));
const config = readFileSync(join(root, ".oxlintrc.json"), "utf8");

interface Import {
  file: string;
  target: string;
  typesOnly: boolean;
}

const sources = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.ts"], {
  cwd: root,
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => file !== "" && existsSync(join(root, file)));

const STATEMENT = /^(?:import|export)\s+(type\s)?([^"';]*?)\s*from\s+"(\.[^"]+)"|import\(\s*"(\.[^"]+)"\s*\)/gms;

/** All imports of the project's own files. */
const imports: Import[] = sources.flatMap((file) =>
  [...readFileSync(join(root, file), "utf8").matchAll(STATEMENT)].map(([, type, names, from, dynamic]) => {
    const named = /^\{([^}]*)\}$/s
      .exec((names ?? "").trim())?.[1]
      .split(",")
      .filter((name) => name.trim() !== "");
    const typesOnly = type !== undefined || (named?.every((name) => name.trim().startsWith("type ")) ?? false);
    return { file, target: join(dirname(file), from ?? dynamic), typesOnly };
  }),
);

const roomOf = (file: string): string => file.split("/", 1)[0];
const isDoor = (file: string): boolean => /\/(index|types)\.ts$/.test(file);

/** What is wrong with an import, empty when nothing is. */
function faultOf({ file, target, typesOnly }: Import): string {
  const [from, to] = [roomOf(file), roomOf(target)];
  if (from === to || table.anything.includes(from) || !file.includes("/")) return "";
  const room = table.rooms[from];
  if (room === undefined) return `${file}: ${from} is no room of rooms.json`;
  const also = Object.entries(room.also ?? {}).flatMap(([folder, more]) =>
    file.startsWith(`${from}/${folder}/`) ? more : [],
  );
  if (room.mayImport.includes(to) || also.includes(to)) return isDoor(target) ? "" : `${file}: ${target} is no door`;
  if (room.mayImportTypes?.includes(to)) return typesOnly ? "" : `${file}: ${target}: types only`;
  return `${file}: ${from} may not import ${to} (${target})`;
}

describe("import directions", () => {
  it("are those of rooms.json, everywhere", () => {
    expect(imports.length).toBeGreaterThan(1000);
    expect(imports.map(faultOf).filter((fault) => fault !== "")).toEqual([]);
  });

  it("run without circles between rooms", () => {
    const below = (name: string): string[] => [
      ...(table.rooms[name].mayImport ?? []),
      ...(table.rooms[name].mayImportTypes ?? []),
    ];
    const order = Object.keys(table.rooms);
    for (const name of order)
      for (const other of below(name)) expect(below(other), `${other}, below ${name}`).not.toContain(name);
  });

  it("are in the linter's configuration as in the table", () => {
    expect(JSON.parse(config)).toEqual(JSON.parse(lintConfig(config, table)));
  });
});

/** A small project that breaks the rules, linted as a whole with the project's own configuration. */
const broken: [file: string, content: string, rule: string][] = [
  ["omci/a.ts", 'export * as x from "../pon/index.ts";', "omci imports base only"],
  ["image/deep/a.ts", 'export * as x from "../../omci/index.ts";', "image imports base only"],
  ["pon/a.ts", 'import "../olt/index.ts";', "pon imports base, omci only"],
  ["ont/core/a.ts", 'export * as x from "../../olt/index.ts";', "ont imports"],
  ["ont/core/b.ts", 'export * as x from "node:fs";', "a core is pure"],
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
  ["ont/core/fine.ts", 'export * as x from "node:crypto";\nexport * as y from "./types.ts";'],
  ["ont/core/types.ts", "export type X = 1;"],
  ["olt/core/fine.ts", 'export type * as x from "../../pon/types.ts";'],
  ["scenarios/schema/fine.ts", 'import type { X } from "../../ont/index.ts";\nexport type Y = X;'],
  ["web/dashboard/fine.ts", 'export * as x from "../../study/index.ts";'],
  ["conform/core/fine.ts", 'export * as x from "../../omci/index.ts";'],
  ["test/deep/fine.ts", 'export * as x from "../../olt/core/olt.ts";'],
];

describe("the linter", () => {
  const playground = mkdtempSync(join(tmpdir(), "poncast-lint-"));
  afterAll(() => rmSync(playground, { recursive: true, force: true }));
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
