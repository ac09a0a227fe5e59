// Bundles the command and its processes into dist/, and makes `npx poncast` work inside the project.
// A bundle starts in a twentieth of the time that a loader for TypeScript takes, and 128 processes start.
import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { bundlePieces, isPiece, makeCode } from "./build-pieces.mjs";
import { licenses } from "./licenses.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, "dist");

/** Bundle name → source. */
const entries = {
  cli: "cli/launch.ts",
  olt: "olt/process/main.ts",
  feed: "olt/feed/main.ts",
  agent: "ont/agent/process/main.ts",
  cpe: "ont/cpe/process/main.ts",
  roads: "ont/roads/process/main.ts",
  depot: "headend/depot/process/main.ts",
  acs: "headend/acs/process/main.ts",
  worker: "study/sweep/worker.ts",
  "delta-worker": "image/delta/worker.ts",
  "ports-worker": "run/virtual/parts/worker.ts",
  "plan-worker": "web/dashboard/server/plan-worker.ts",
  fuzz: "study/fuzz/main.ts",
  soak: "study/soak/main.ts",
};

/** The ONT's, which starts up to 128 times: as CommonJS, so that it can be run from code made here. */
const ontEntries = { ont: "ont/process/launch.ts", "ont-main": "ont/process/main.ts" };

/** Loaded in front of any of them, by `--require`. */
const frontEntries = { "soak-date": "study/soak/stepped-date.ts" };

/** What plots read at run time: file in dist, and file in node_modules. */
const assets = {
  "arimo.ttf": "@expo-google-fonts/arimo/400Regular/Arimo_400Regular.ttf",
  "tinos.ttf": "@expo-google-fonts/tinos/400Regular/Tinos_400Regular.ttf",
  "resvg.wasm": "@resvg/resvg-wasm/index_bg.wasm",
};

// Some packages are CommonJS and call require(): a bundle in ESM has to bring its own.
const banner =
  'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);';

export function commit() {
  // A container is built without the repository.
  if (process.env.PONCAST_COMMIT) return process.env.PONCAST_COMMIT;
  try {
    const options = { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] };
    return execFileSync("git", ["rev-parse", "--short=12", "HEAD"], options).trim();
  } catch {
    return "unknown";
  }
}

/** Builds everything; the new bundles take the place of the old ones in one step each. */
export async function build() {
  const { build: bundle, transform } = await import("esbuild");
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const temporary = join(root, `dist.${process.pid}.tmp`);
  mkdirSync(dist, { recursive: true });
  try {
    const common = {
      absWorkingDir: root,
      outdir: temporary,
      bundle: true,
      platform: "node",
      target: "node20",
      // Machine code, which is found where npm has put it, or is not there.
      external: ["koffi"],
      sourcemap: true,
      sourcesContent: false,
      legalComments: "none",
      // Who starts reads all of it first: comments and indentation are a quarter of it.
      minifyWhitespace: true,
      lineLimit: 160,
      metafile: true,
      logLevel: "warning",
      define: {
        "process.env.PONCAST_VERSION": JSON.stringify(version),
        "process.env.PONCAST_COMMIT": JSON.stringify(commit()),
      },
    };
    const loader = { ".css": "text", ".html": "text" };
    const asModules = { format: "esm", banner: { js: banner }, loader };
    // Code made of a text has `require` alone.
    const supported = { "dynamic-import": false };
    const asCommonJs = { format: "cjs", outExtension: { ".js": ".cjs" }, supported };
    const results = [
      await bundle({ ...common, ...asModules, entryPoints: entries }),
      await bundlePieces({ build: bundle, transform }, common),
      await bundle({ ...common, ...asCommonJs, entryPoints: { ...ontEntries, ...frontEntries } }),
    ];
    results.push(await bundlePage(bundle, temporary));
    makeCode("ONT", join(temporary, "ont.cjs"));
    makeCode("command", join(temporary, "cli.js"), [join(temporary, "small-run")]);
    const copied = Object.values(assets).map((file) => join("node_modules", file));
    const inputs = [...results.flatMap(({ metafile }) => Object.keys(metafile.inputs)), ...copied];
    writeFileSync(join(dist, "licenses.txt"), licenses(root, inputs));
    // Bundles of studies have it; npm leaves a file of its own name out of packages.
    if (existsSync(join(root, "package-lock.json")))
      copyWhole(join(root, "package-lock.json"), join(dist, "lock.json"));
    for (const [name, file] of Object.entries(assets)) copyWhole(join(root, "node_modules", file), join(dist, name));
    for (const file of pageFiles) renameSync(join(temporary, file), join(dist, file));
    // Their names have a digest of what is in them, so that they belong to one bundle only.
    const isPart = (name) => name.endsWith(".code") || isPiece(name);
    const parts = readdirSync(temporary).filter(isPart);
    for (const name of parts) renameSync(join(temporary, name), join(dist, name));
    const modules = Object.keys(entries).map((name) => `${name}.js`);
    const bundles = ["command.cjs", ...modules, "soak-date.cjs", "ont-main.cjs", "ont.cjs"];
    // The bundle last: whoever finds it finds its map.
    for (const name of bundles)
      for (const file of [`${name}.map`, name]) renameSync(join(temporary, file), join(dist, file));
    for (const name of readdirSync(dist).filter(isPart))
      if (!parts.includes(name)) rmSync(join(dist, name), { force: true });
    // The code fits one Node: poncast.mjs builds again with another.
    writeFileSync(join(dist, "built"), process.version);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  linkCommand();
}

/** Beside others that build or read at the same time. */
function copyWhole(from, to) {
  const part = `${to}.${process.pid}.tmp`;
  copyFileSync(from, part);
  renameSync(part, to);
}

/** Scripts and styles of pages: that of a report goes along with it, that of the live page is fetched from its server. */
const pageFiles = ["report-page.js", "report-page.css", "dashboard-page.js", "dashboard-page.css"];

async function bundlePage(bundle, outdir) {
  const result = await bundle({
    absWorkingDir: root,
    entryPoints: {
      "report-page": "web/report/page/main.ts",
      "report-page.style": "web/report/page/page.css",
      "dashboard-page": "web/dashboard/page/main.tsx",
      "dashboard-page.style": "web/dashboard/page/page.css",
    },
    jsx: "automatic",
    jsxImportSource: "preact",
    outdir,
    bundle: true,
    minify: true,
    metafile: true,
    platform: "browser",
    target: "es2022",
    format: "iife",
    legalComments: "none",
    logLevel: "warning",
  });
  for (const page of ["report-page", "dashboard-page"])
    renameSync(join(outdir, `${page}.style.css`), join(outdir, `${page}.css`));
  return result;
}

/** node_modules/.bin/poncast → cli/poncast.mjs, as npm does it for a package that is installed. */
function linkCommand() {
  const folder = join(root, "node_modules", ".bin");
  const link = join(folder, "poncast");
  if (!existsSync(folder) || existsSync(link)) return;
  try {
    symlinkSync(relative(folder, join(root, "cli", "poncast.mjs")), link);
  } catch {
    // Another build was faster, or links cannot be made: `node cli/poncast.mjs` works all the same.
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await build();
