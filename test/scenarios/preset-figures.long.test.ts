/** The figures in the comments of all presets are what the commands beside them give; of a few in preset-figures.test.ts. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { presetFile, presetNames } from "../../cli/run-options.ts";
import { withFigures } from "../../docs/preset-figures.ts";

it.each(presetNames())("%s", (name) => {
  const text = readFileSync(presetFile(name)!, "utf8");
  expect(text).toBe(withFigures(text));
});
