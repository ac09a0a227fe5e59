/** The ONT's bundle and the command's pieces come with compiled code that V8 accepts: who compiles again starts late. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { removeFolder } from "../support/folder.ts";

const dist = join(import.meta.dirname, "..", "..", "dist");

/** Whether V8 takes the code, in another process than this one, whose flags are those of the test runner. */
function isTaken(bundle: string, code: string, parameters: string): boolean {
  const script = `
    const { readFileSync } = require("node:fs");
    const { Script } = require("node:vm");
    const source = readFileSync(${JSON.stringify(bundle)}, "utf8");
    const wrapped = "(function (${parameters}) {" + source + "\\n})";
    const { cachedDataRejected } = new Script(wrapped, { cachedData: readFileSync(${JSON.stringify(code)}) });
    process.stdout.write(String(cachedDataRejected));`;
  return execFileSync(process.execPath, ["-e", script], { cwd: dist, encoding: "utf8", env: {} }) === "false";
}

const codes = (): string[] => readdirSync(dist).filter((file) => file.endsWith(".code"));

test("the code made for the ONT's bundle is of this bundle, and V8 takes it", () => {
  const source = readFileSync(join(dist, "ont-main.cjs"));
  const digest = createHash("sha256").update(source).digest("hex").slice(0, 16);
  const name = `ont-main.${digest}.code`;
  expect(codes().filter((file) => !file.startsWith("piece-"))).toEqual([name]);
  expect(isTaken("ont-main.cjs", name, "exports, require, module, __filename, __dirname")).toBe(true);
});

test("the pieces of the command that a run needs have code, each of a piece that is there, and V8 takes it", () => {
  const names = codes().filter((file) => file.startsWith("piece-"));
  expect(names.length).toBeGreaterThan(50);
  const lengths = names.map((name) => ({ name, bytes: statSync(join(dist, name)).size }));
  const [largest] = lengths.toSorted((a, b) => b.bytes - a.bytes);
  const pieces = names.map((name) => name.replace(/code$/, "cjs"));
  expect(pieces.filter((piece) => !existsSync(join(dist, piece)))).toEqual([]);
  expect(isTaken(largest.name.replace(/code$/, "cjs"), largest.name, "exports, require, module, __url")).toBe(true);
});

test("a start writes nothing, and does without code that is not there or is another's", () => {
  const folder = mkdtempSync(join(tmpdir(), "poncast-start-"));
  try {
    for (const name of readdirSync(dist)) {
      if (/^(cli\.js|command\.cjs|piece-.*\.cjs)$/.test(name)) copyFileSync(join(dist, name), join(folder, name));
    }
    writeFileSync(join(folder, "package.json"), '{"type":"module"}');
    for (const [at, name] of codes().entries())
      if (at % 2 === 0) writeFileSync(join(folder, name), readFileSync(join(dist, name)).fill(7, 0, 64));
    const before = readdirSync(folder);
    const said = execFileSync(process.execPath, [join(folder, "cli.js"), "--version"], { encoding: "utf8", env: {} });
    expect(said).toMatch(/^poncast \d/);
    expect(readdirSync(folder)).toEqual(before);
  } finally {
    removeFolder(folder);
  }
});
