#!/usr/bin/env node
// The command: sees to it that the bundles are newer than the sources, then runs them.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
// Not there in a package, which has no sources either.
const rooms = join(root, "rooms.json");
const folders = existsSync(rooms) ? Object.keys(JSON.parse(readFileSync(rooms, "utf8")).rooms) : [];

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
await import("../dist/cli.js");
