/** Plain constants of a module are written in capitals, so that a reader tells them from what a call makes. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
/** A number, a string or an empty buffer with a name that is not in capitals, at the beginning of a line. */
const PLAIN =
  /^(?:export )?const ([a-z]\w*)(?: ?: [^=\n]+)? = (?:-?[0-9][\w.]*;|"[^"\n]*";|`[^`$]*`;|(?:Buffer\.alloc|new Uint8Array)\(0\);)/gm;

it("plain constants of a module are in capitals", () => {
  const files = execFileSync("git", ["ls-files", "*.ts"], { cwd: root, encoding: "utf8" }).trim().split("\n");
  const found = files
    .filter((file) => !file.startsWith("test/"))
    .flatMap((file) =>
      [...readFileSync(join(root, file), "utf8").matchAll(PLAIN)].map(([, name]) => `${file}: ${name}`),
    );
  expect(found).toEqual([]);
});
