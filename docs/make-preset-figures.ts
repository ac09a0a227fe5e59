/** Writes the figures in the comments of presets: `npm run docs:figures`, with names of presets, or all of them. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { presetFolder, presetNames } from "../cli/run-options.ts";
import { withFigures } from "./preset-figures.ts";

const asked = process.argv.slice(2);
for (const name of asked.length > 0 ? asked : presetNames()) {
  const file = join(presetFolder, `${name}.yaml`);
  const before = readFileSync(file, "utf8");
  const after = withFigures(before);
  if (after !== before) writeFileSync(file, after);
  process.stdout.write(`${name}: ${after === before ? "as it was" : "changed"}\n`);
}
