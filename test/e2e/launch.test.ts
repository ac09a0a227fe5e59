/** The ONT's bundle comes with compiled code that V8 accepts, since a process that compiles again starts late. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const dist = join(import.meta.dirname, "..", "..", "dist");

test("the code made for the ONT's bundle is of this bundle, and V8 takes it", () => {
  const source = readFileSync(join(dist, "ont-main.cjs"));
  const digest = createHash("sha256").update(source).digest("hex").slice(0, 16);
  const name = `ont-main.${digest}.code`;
  expect(readdirSync(dist).filter((file) => file.endsWith(".code"))).toEqual([name]);
  // Another process than this one, whose flags are those of the test runner.
  const script = `
    const { readFileSync } = require("node:fs");
    const { Script } = require("node:vm");
    const source = readFileSync("ont-main.cjs", "utf8");
    const wrapped = "(function (exports, require, module, __filename, __dirname) {" + source + "\\n})";
    const { cachedDataRejected } = new Script(wrapped, { cachedData: readFileSync(${JSON.stringify(name)}) });
    process.stdout.write(String(cachedDataRejected));`;
  expect(execFileSync(process.execPath, ["-e", script], { cwd: dist, encoding: "utf8", env: {} })).toBe("false");
});
