/** The project's files as the hygiene tests see them. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const root = join(import.meta.dirname, "../..");
export const read = (file: string): string => readFileSync(join(root, file), "utf8");

/** Everything that is, or is about to be, in the repository. */
export const files: readonly string[] = execFileSync(
  "git",
  ["ls-files", "--cached", "--others", "--exclude-standard"],
  {
    cwd: root,
    encoding: "utf8",
  },
)
  .split("\n")
  .filter((file) => file !== "" && existsSync(join(root, file)));

export const sources = files.filter((file) => /\.(tsx?|mjs|lua|css)$/.test(file));
export const roomOf = (file: string): string => file.split("/", 1)[0];
export const linesOf = (file: string): number => read(file).split("\n").length - 1;

const ON_TOP = /^(#!.*\n)?\s*(\/\*\*? ?\S|\/\*\*?\n|\/\/ ?\S|-- ?\S)/;

/** Whether a file says in front what it is for. */
export function hasHeadLine(file: string): boolean {
  return ON_TOP.test(read(file));
}
