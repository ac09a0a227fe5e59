/**
 * What is forked as an ONT process (dist/ont.cjs): runs the bundle beside it with the code that V8 made of it when it was
 * built. Up to 128 processes start at once and run each function a few times; without that code a fifth of what their
 * start and their first window cost is the compiler.
 *
 * `node dist/ont.cjs --write-code` makes it. It fits one V8 with its flags and one bundle, whose digest is in its name:
 * where it does not fit, V8 compiles as usual.
 */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { Script } from "node:vm";

const bundlePath = join(__dirname, "ont-main.cjs");
const source = readFileSync(bundlePath, "utf8");
const codePath = (): string =>
  join(__dirname, `ont-main.${createHash("sha256").update(source).digest("hex").slice(0, 16)}.code`);

const compile = (cachedData?: Buffer): Script =>
  new Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`, {
    filename: bundlePath,
    ...(cachedData && { cachedData }),
  });

function writeCode(): void {
  // All functions, not only those that run while the bundle is loaded. The flag must be back before the code is taken,
  // as V8 refuses code that was made with other flags.
  setFlagsFromString("--no-lazy");
  const script = compile();
  setFlagsFromString("--lazy");
  writeFileSync(codePath(), script.createCachedData());
}

function readCode(): Buffer | undefined {
  try {
    return readFileSync(codePath());
  } catch {
    return undefined;
  }
}

if (process.argv[2] === "--write-code") writeCode();
else compile(readCode()).runInThisContext()({}, require, {}, bundlePath, __dirname);
