#!/usr/bin/env node
// The command: sees to it that the bundles are newer than the sources, then runs them.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folders = [
  "base",
  "cli",
  "conform",
  "decode",
  "image",
  "olt",
  "omci",
  "ont",
  "pon",
  "run",
  "scenarios",
  "study",
  "web",
];

function newest(folder) {
  let time = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) time = Math.max(time, newest(path));
    else if (/\.(ts|mjs|css|html)$/.test(entry.name)) time = Math.max(time, statSync(path).mtimeMs);
  }
  return time;
}

const built = join(root, "dist", "built");
const sources = folders.map((folder) => join(root, folder)).filter((folder) => existsSync(folder));
const isOfThisNode = existsSync(built) && readFileSync(built, "utf8") === process.version;
const stale = !isOfThisNode || Math.max(...sources.map(newest)) > statSync(built).mtimeMs;
if (stale && existsSync(join(root, "node_modules", "esbuild"))) {
  const { build } = await import("./build.mjs");
  await build();
}
if (!existsSync(built)) {
  process.stderr.write("poncast is not built: run `npm ci` in its folder first\n");
  process.exit(2);
}
try {
  await import("../dist/cli.js");
} catch (error) {
  // Too few even for the command's own files.
  if (error?.code !== "EMFILE") throw error;
  process.stderr.write("this process may not have more files open, raise the limit (`ulimit -n`) (EMFILE)\n");
  process.exitCode = 2;
}
