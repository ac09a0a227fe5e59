/**
 * What runs as `poncast` (dist/cli.js): loads the pieces of the command (build-pieces.mjs), each with the code that V8 made of it
 * when it was built. Nine megabytes of words are a second's work for a compiler; of one command little of it is needed.
 *
 * `dist/cli.js --write-code <folder>` makes that code, from what a help and a small run in this folder need. Nothing is written else:
 * dist may be read-only, or somebody else's. The code fits one V8; where it does not, V8 compiles as usual.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Script } from "node:vm";
import type * as start from "./start.ts";

const WRITE_CODE = "--write-code";
const ENTRY = "command";

const folder = dirname(fileURLToPath(import.meta.url));
const requireOther = createRequire(import.meta.url);
const loaded = new Map<string, { exports: unknown }>();
const scripts = new Map<string, Script>();

/** Pieces name one another as in the folder, "./piece-….js"; all else is Node's. */
const requirePiece = Object.assign(
  (name: string): unknown => (name.startsWith("./") ? load(name.slice(2, -".js".length)) : requireOther(name)),
  requireOther,
);

function load(name: string): unknown {
  const before = loaded.get(name);
  if (before !== undefined) return before.exports;
  const module = { exports: {} };
  const path = join(folder, `${name}.cjs`);
  const cachedData = codeOf(name);
  const script = new Script(
    `(function (exports, require, module, __url) {${readFileSync(path, "utf8")}\n})`,
    // No code, no property: the types ask for that.
    { filename: path, ...(cachedData && { cachedData }) },
  );
  loaded.set(name, module);
  if (isWriting) scripts.set(name, script);
  const run = script.runInThisContext() as (...values: unknown[]) => void;
  run.call(module.exports, module.exports, requirePiece, module, pathToFileURL(path).href);
  return module.exports;
}

/** Its name has a digest of the piece, so that it is this piece's; the entry has none, and is small. */
function codeOf(name: string): Buffer | undefined {
  if (isWriting || name === ENTRY) return undefined;
  try {
    return readFileSync(join(folder, `${name}.code`));
  } catch {
    return undefined;
  }
}

const isWriting = process.argv[2] === WRITE_CODE;
const { start: run } = load(ENTRY) as typeof start;
if (isWriting) {
  const [node, self, , out = "."] = process.argv;
  const small = ["--onts", "4", "--image-size", "64KiB", "--loss", "0.01", "--quiet", "--overwrite", "--out", out];
  for (const words of [["--help"], ["run", "--virtual", ...small]]) {
    process.argv = [node, self, ...words];
    await run();
  }
  for (const [name, script] of scripts)
    if (name !== ENTRY) writeFileSync(join(folder, `${name}.code`), script.createCachedData());
} else await run();
