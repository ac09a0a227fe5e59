/** `--out` of `poncast run`: what cannot be the folder of a run is refused before anything is made for the run. */
import { mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { commandHere } from "../support/command.ts";
import { removeFolder } from "../support/folder.ts";

const folder = mkdtempSync(join(tmpdir(), "poncast-out-"));
afterAll(() => removeFolder(folder));
writeFileSync(join(folder, "mine.txt"), "mine");

it.each([
  [folder, `--out ${folder}: folder is not empty; name another one, or add --overwrite\n`],
  [join(folder, "mine.txt"), `--out ${join(folder, "mine.txt")}: is a file, not a folder\n`],
])("%s", async (out, line) => {
  // With deltas to make, of which nothing is told.
  const { code, err } = await commandHere(["run", "three-bases", "--virtual", "--out", out]);
  expect({ code, err }).toEqual({ code: 2, err: line });
  expect(readdirSync(folder)).toEqual(["mine.txt"]);
});
