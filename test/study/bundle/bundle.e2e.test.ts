/** A study is made again from its bundle alone, and comes out the same. */
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { unzipSync } from "fflate";
import { afterAll, beforeAll, expect, it } from "vitest";
import { commandHere } from "../../support/command.ts";
import { removeFolder } from "../../support/folder.ts";

let folder = "";
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "poncast-bundle-test-"))));
afterAll(() => removeFolder(folder));

it("has all that makes it again", async () => {
  const file = join(folder, "small.yaml");
  writeFileSync(join(folder, "own.yaml"), "onts: 3\nimage: { bytes: 64KiB }\nolt: { activate: false }\n");
  writeFileSync(file, "name: small\nscenario: own.yaml\nmatrix: { loss: [0, 0.05] }\nseeds: 2\n");
  const zip = join(folder, "paper.zip");
  const words = (sweep: string, out: string): string[] => [
    "sweep",
    sweep,
    "--seeds",
    "2",
    "--out",
    out,
    "--jobs",
    "1",
    "--quiet",
  ];
  expect((await commandHere([...words(file, join(folder, "study")), "--bundle", zip])).code).toBe(0);
  const there = unzipSync(readFileSync(zip));
  for (const [name, bytes] of Object.entries(there)) {
    mkdirSync(dirname(join(folder, "unpacked", name)), { recursive: true });
    writeFileSync(join(folder, "unpacked", name), bytes);
  }
  const unpacked = join(folder, "unpacked", "small");
  expect((await commandHere(words(join(unpacked, "sweep.yaml"), join(unpacked, "again")))).code).toBe(0);
  const runs = (where: string): string => readFileSync(join(unpacked, where, "runs.jsonl"), "utf8");
  expect(runs("again")).toBe(runs("results"));
  expect(readFileSync(join(unpacked, "plots", "image_copies.svg"), "utf8")).toContain('width="85mm"');
  expect(readFileSync(join(unpacked, "data", "sweep.csv"), "utf8").split("\r\n")).toHaveLength(6);
});
