// Bundles the explorer into dist/explore.js, with cores whose state is visible and, for tests, with one of them changed.
import { readFileSync, mkdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build as bundle, transform } from "esbuild";
import { makeVisible, VISIBLE, VISIBLE_PRELUDE } from "./visible.mjs";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

// Some packages are CommonJS and call require(): a bundle in ESM has to bring its own.
const banner =
  'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);';

/** @param mutant `{ file, from, to }`: a text of a source file that is to be another one, found once */
async function sourceOf(path, mutant) {
  const file = relative(root, path).replaceAll("\\", "/");
  let source = readFileSync(path, "utf8");
  if (mutant?.file === file) {
    if (source.split(mutant.from).length !== 2) throw new Error(`${file}: not found once: ${mutant.from}`);
    source = source.replace(mutant.from, () => mutant.to);
  }
  const { code } = await transform(source, { loader: "ts", target: "node20", sourcefile: path });
  return makeVisible(code, file);
}

/** @param entry `main.ts`, or `index.ts` for who calls it */
export async function buildExplore({ entry = "main.ts", outfile = join(root, "dist", "explore.js"), mutant } = {}) {
  mkdirSync(dirname(outfile), { recursive: true });
  await bundle({
    absWorkingDir: root,
    entryPoints: [`study/explore/${entry}`],
    outfile,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    legalComments: "none",
    logLevel: "warning",
    banner: { js: banner + VISIBLE_PRELUDE },
    plugins: [
      {
        name: "visible",
        setup: (build) =>
          build.onLoad({ filter: VISIBLE }, async ({ path }) => ({ contents: await sourceOf(path, mutant) })),
      },
    ],
  });
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await buildExplore();
