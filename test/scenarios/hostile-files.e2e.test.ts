/** Files made to be expensive: each is refused in one line, before it has cost two seconds or 200 MB. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { YAML_BYTES_MAX } from "../../scenarios/schema/yaml-limits.ts";
import { removeFolder } from "../support/folder.ts";

const poncast = join(import.meta.dirname, "..", "..", "cli", "poncast.mjs");
/** Half a second where the machine has time, as a run that begins at once takes. */
const LIMIT_MS = 2_000;
/** Where the parser has to read all of the longest file: a second or two, more where others want the processor's caches. */
const PARSER_LIMIT_MS = 8_000;
const LIMIT_BYTES = 200e6;

let folder: string;
let probe: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "poncast-hostile-"));
  probe = join(folder, "probe.cjs");
  // What the process took, of its own time: the machine may be busy.
  writeFileSync(
    probe,
    `process.on("exit", () => {
      const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
      require("node:fs").writeFileSync(${JSON.stringify(join(folder, "used.json"))},
        JSON.stringify({ ms: (userCPUTime + systemCPUTime) / 1000, bytes: maxRSS * 1024 }));
    });`,
  );
});
afterAll(() => removeFolder(folder));

const laughs = (): string => {
  const names = "abcdefghi".split("");
  const lines = names.slice(1).map((name, at) => `${name}: &${name} [${Array(9).fill(`*${names[at]}`).join(",")}]`);
  return ["a: &a [x,x,x,x,x,x,x,x,x]", ...lines].join("\n");
};
const filled = (line: string): string => line.repeat(Math.floor(YAML_BYTES_MAX / line.length));

test.each<[string, () => string, RegExp]>([
  ["aliases of aliases", laughs, /more than 100 aliases/],
  ["a cycle", () => "onts: &a [*a]\n", /alias \*a is a part of itself/],
  ["a cycle of the whole file", () => "&a {onts: *a}\n", /alias \*a is a part of itself/],
  ["open brackets", () => filled("["), /nested too deep; at most 32 levels/],
  ["brackets", () => `onts: ${"[".repeat(60_000)}${"]".repeat(60_000)}`, /nested too deep/],
  ["list in list", () => filled("- "), /nested too deep/],
  ["name in name", () => filled("? "), /nested too deep/],
  ["deeper with each line", () => Array.from({ length: 400 }, (_, at) => `${" ".repeat(at)}a:`).join("\n"), /nested/],
  ["a name that is none", () => "? [a]\n: 1\n", /the name of a field is a text/],
  ["a name twice", () => "onts: 3\nonts: 4\n", /a\.yaml:2:1: onts stands here twice/],
])("%s", (_what, content, line) => {
  const file = join(folder, "a.yaml");
  writeFileSync(file, content());
  expect(refusalOf(file)).toMatch(line);
});

test.each<[string, () => string]>([
  ["many names", () => Array.from({ length: 14_000 }, (_, at) => `k${at}: 1`).join("\n")],
  ["tabs", () => "\t:\n".repeat(20_000)],
  ["no YAML at all, again and again", () => filled("a: b: c\n")],
])("%s: some lines, and how many more there would be", (_what, content) => {
  const file = join(folder, "a.yaml");
  writeFileSync(file, content());
  const lines = refusalOf(file, PARSER_LIMIT_MS).split("\n");
  expect(lines).toHaveLength(21);
  expect(lines[20]).toMatch(/^and \d+ more$/);
});

test("a long list where a number belongs", () => {
  const file = join(folder, "a.yaml");
  writeFileSync(file, `onts: [${"1,".repeat(60_000)}]`);
  expect(refusalOf(file, PARSER_LIMIT_MS)).toMatch(/onts: \[1,1[,1]*…/);
});

test("100 MB, and a file without end", () => {
  const file = join(folder, "a.yaml");
  writeFileSync(file, "onts: 3\n");
  truncateSync(file, 100e6);
  expect(refusalOf(file)).toBe(`${file}: is longer than 131072 bytes`);
  expect(refusalOf("/dev/zero")).toBe("/dev/zero: is longer than 131072 bytes");
});

/** What the command says of a file; it has cost little. */
function refusalOf(file: string, limitMs = LIMIT_MS): string {
  const { status, stderr, stdout } = spawnSync(process.execPath, ["--require", probe, poncast, "run", file], {
    encoding: "utf8",
    cwd: folder,
  });
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  const { ms, bytes } = JSON.parse(readFileSync(join(folder, "used.json"), "utf8")) as { ms: number; bytes: number };
  expect(ms).toBeLessThan(limitMs);
  expect(bytes).toBeLessThan(LIMIT_BYTES);
  return stderr.trimEnd();
}
