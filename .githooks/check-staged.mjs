// Before a commit: format, lint and types of what is staged, in a few seconds. `npm run check` is the whole of it.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = join(root, "node_modules", ".bin");

/** Names of staged files that are there after the commit. */
function stagedFiles() {
  const words = ["diff", "--cached", "--name-only", "--diff-filter=ACMR", "-z"];
  return execFileSync("git", words, { cwd: root, encoding: "utf8" })
    .split("\0")
    .filter((file) => file !== "" && existsSync(join(root, file)));
}

/** @returns whether the tool has nothing to say; it says the rest itself */
function passes(tool, words) {
  const { status, error } = spawnSync(join(bin, tool), words, { cwd: root, stdio: "inherit" });
  if (error) process.stderr.write(`pre-commit: ${tool}: ${error.message}\n`);
  return status === 0;
}

function check() {
  const staged = stagedFiles();
  if (staged.length === 0) return true;
  if (!existsSync(join(bin, "oxfmt"))) {
    process.stderr.write("pre-commit: no node_modules (npm ci), nothing is checked\n");
    return true;
  }
  const anyways = "--no-error-on-unmatched-pattern";
  if (!passes("oxfmt", ["--check", anyways, ...staged])) return false;
  const sources = staged.filter((file) => /\.(ts|mjs)$/.test(file));
  if (sources.length === 0) return true;
  return passes("oxlint", [anyways, ...sources]) && passes("tsc", ["--noEmit"]);
}

process.exitCode = check() ? 0 : 1;
