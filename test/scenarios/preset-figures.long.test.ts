/** The figures in the comments of all presets are what the commands beside them give; of a few in preset-figures.test.ts. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { presetFile, presetNames } from "../../cli/run-options.ts";
import { commandHere } from "../support/command.ts";
import { withFigures } from "../../docs/preset-figures.ts";

it("README has the table that size prints of all of them", async () => {
  const { code, out } = await commandHere(["size", "--table"]);
  expect(code).toBe(0);
  const rows = (text: string): string[] => text.split("\n").filter((line) => line.startsWith("| "));
  const [head] = rows(out);
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  const table = rows(readme.slice(readme.indexOf(head)).split("\n\n", 1)[0]);
  expect(table).toEqual(rows(out));
});

it.each(presetNames())("%s", (name) => {
  const text = readFileSync(presetFile(name)!, "utf8");
  expect(text).toBe(withFigures(text));
});
