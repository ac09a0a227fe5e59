// The pieces of the command: bundled as modules, for only those can be in pieces, then made CommonJS, for only that can be run from
// code that V8 made before (launch.ts).
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What is imported late, as few uses need it, is in files of its own; their names have a digest of what is in them. */
const PIECES = "piece-";

export const isPiece = (name) => name.startsWith(PIECES);

/** The command, beside whatever launches it. */
const entryPoints = { command: "cli/start.ts" };

/** @returns esbuild's result @param common its options */
export async function bundlePieces({ build, transform }, common) {
  const asPieces = { format: "esm", splitting: true, chunkNames: `${PIECES}[hash]`, sourcemap: "inline" };
  const loader = { ".css": "text", ".html": "text" };
  const result = await build({ ...common, ...asPieces, loader, entryPoints });
  const { outdir } = common;
  const names = readdirSync(outdir).filter((name) => name === "command.js" || (isPiece(name) && name.endsWith(".js")));
  await Promise.all(names.map((name) => toCommonJs(transform, outdir, name, common)));
  return result;
}

async function toCommonJs(transform, folder, name, { target, minifyWhitespace, lineLimit }) {
  const made = await transform(readFileSync(join(folder, name), "utf8"), {
    format: "cjs",
    platform: "node",
    target,
    minifyWhitespace,
    lineLimit,
    sourcefile: name,
    sourcemap: "external",
    sourcesContent: false,
    supported: { "dynamic-import": false },
    define: { "import.meta.url": "__url" },
  });
  const file = name.replace(/js$/, "cjs");
  // Pieces ask one another for names all the time: once through a getter is enough, the copy would be a second one.
  const code = made.code.replace(/module\.exports=__toCommonJS\((\w+)\)/, "module.exports=$1");
  writeFileSync(join(folder, file), `${code}//# sourceMappingURL=${file}.map\n`);
  writeFileSync(join(folder, `${file}.map`), made.map);
  rmSync(join(folder, name));
}

/** Without its code a bundle only starts more slowly: no reason to fail. @param launcher writes it when it is told to */
export function makeCode(what, launcher, words = []) {
  const { NODE_OPTIONS: _options, ...env } = process.env;
  try {
    const options = { env, stdio: ["ignore", "ignore", "pipe"] };
    execFileSync(process.execPath, [launcher, "--write-code", ...words], options);
  } catch (error) {
    process.stderr.write(`the ${what}'s code could not be made, it starts more slowly: ${error.message}\n`);
  }
}
