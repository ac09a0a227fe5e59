// `npm ci` in a checkout sets the hooks of this folder; anywhere else, and in CI, it does nothing. It never fails an install.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const git = (...words) =>
  execFileSync("git", words, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();

/** What is set already, by whomever; empty when nothing is. */
function hooksPath() {
  try {
    return git("config", "--get", "core.hooksPath");
  } catch {
    return "";
  }
}

try {
  const isCheckout = existsSync(join(root, ".git"));
  if (isCheckout && !process.env.CI && hooksPath() === "") git("config", "core.hooksPath", ".githooks");
} catch {
  // No git, or a configuration that cannot be written: commits are not checked then.
}
