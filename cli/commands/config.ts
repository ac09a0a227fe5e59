/** `poncast config plan`: what an image's migration would do to a configuration. */
import type { Command } from "commander";
import { readFileSync } from "node:fs";
import { orRefused, placed } from "../../base/errors/index.ts";
import { alignedText } from "../../base/text/index.ts";
import { inspectBundle } from "../../image/index.ts";
import {
  type MigrationChange,
  type MigrationPlan,
  planMigration,
  readJson,
  readMigration,
} from "../../image/migration/index.ts";
import { UsageError } from "../errors.ts";
import { requireFile } from "../files.ts";
import { print } from "../print.ts";

const EXIT_REFUSED = 1;
const VALUE_CHARACTERS_MAX = 60;

export function configCommand(program: Command): void {
  const config = program.command("config").description("configurations of ONTs").enablePositionalOptions();
  config
    .command("plan")
    .description("show what an image would make of a configuration; exits 1 when it would refuse it")
    .argument("<config>", "configuration of the version that runs (JSON)")
    .argument("<bundle>", "image, or delta, with a migration")
    .option("--json", "print the plan as JSON, with the configuration that comes out")
    .action((file: string, bundle: string, flags: { json?: boolean }) => plan(file, bundle, flags.json === true));
}

function plan(file: string, bundle: string, json: boolean): void {
  requireFile(file);
  const bytes = orRefused(
    ({ code }) => ({ place: file, problem: `cannot be read (${code})` }),
    () => readFileSync(file),
  );
  const { manifest } = inspectBundle(bundle);
  if (manifest.migration === "")
    throw new UsageError(`${bundle}: brings no migration along; a configuration stays as it is`);
  const migration = placed(bundle, () => readMigration(manifest.migration));
  const config = placed(file, () => readJson(bytes, "configuration"));
  const planned = planMigration(config, migration);
  if (planned.problems.length > 0) process.exitCode = EXIT_REFUSED;
  if (json) {
    print(`${JSON.stringify({ file, bundle, version: manifest.version, ...planned })}\n`);
    return;
  }
  print(`${planText(planned, `${file} for ${manifest.version}`).join("\n")}\n`);
}

function planText({ steps, changes, kept, problems }: MigrationPlan, title: string): string[] {
  const way = steps.length === 0 ? "no step" : steps.map(({ from, to }) => `${from} to ${to}`).join(", ");
  return [
    `${title}: steps: ${way}`,
    ...(changes.length > 0 ? [alignedText(changes.map(changeRow))] : []),
    ...(kept.length > 0 ? [`kept, as no step is about them: ${kept.join(", ")}`] : []),
    ...problems.map((problem) => `refused: ${problem}`),
  ];
}

function changeRow({ path, from, to, movedTo, why }: MigrationChange): [string, string, string] {
  const what = movedTo === undefined ? `${valueText(from)} → ${valueText(to)}` : `→ ${movedTo}`;
  return [path, what, why];
}

function valueText(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return text.length > VALUE_CHARACTERS_MAX ? `${text.slice(0, VALUE_CHARACTERS_MAX)}…` : text;
}
