/** The figures in the comments of presets are what the commands beside them give, of some that take no time: `npm run docs:figures` writes them. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { presetFile } from "../../cli/run-options.ts";
import { withFigures } from "../../docs/preset-figures.ts";

// Of the model and of a run, with one mode and with several; in all of them in preset-figures.long.test.ts.
it.each(["cold-night", "field-average", "flaky-power", "mixed-fleet"])("%s", (name) => {
  const text = readFileSync(presetFile(name)!, "utf8");
  expect(text).toBe(withFigures(text));
});
