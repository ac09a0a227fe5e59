/** Where the command itself is, for engines that start it elsewhere. */
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { RunInputError } from "../../../run/index.ts";

/** @throws RunInputError */
export function commandFile(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const candidates = [join(here, "cli.js"), resolve(here, "../../../dist/cli.js")];
  const found = candidates.find((path) => existsSync(path));
  if (found === undefined) throw new RunInputError(`no cli.js in ${here}; run: npm run build`);
  return found;
}
