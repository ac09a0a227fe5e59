/** `poncast ui`: the runs of a folder in a browser, those that go on and those that are over. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { Command } from "commander";
import { RUN_FILES } from "../../run/recorder/index.ts";
import { FolderLibrary } from "../../web/dashboard/index.ts";
import { UsageError } from "../errors.ts";
import { print } from "../print.ts";
import { presetFile, presetNames } from "../run-options.ts";
import { serveAt, untilInterrupted } from "../ui-option.ts";

const DEFAULT_FOLDER = "runs";
const SWEEPS_FOLDER = "sweeps";

export function uiCommand(program: Command): void {
  program
    .command("ui")
    .description(
      "the runs of a folder as a page in a browser: watch and steer those that go on, compare those that are over and sweeps, plan new ones and start them",
    )
    .argument("[folder]", "folder of runs, or of one run", DEFAULT_FOLDER)
    .option("--listen <host:port>", "where the page is served; port 0 = any that is free", "127.0.0.1:0")
    .action(ui);
}

async function ui(folder: string, { listen }: { listen: string }): Promise<void> {
  if (folder !== DEFAULT_FOLDER && !statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new UsageError(`${folder}: no such folder`);
  const path = resolve(folder);
  const isRun = existsSync(join(path, RUN_FILES.journal));
  const runs = isRun ? dirname(path) : path;
  // As `poncast run` and `poncast sweep` have them, beside each other.
  const library = new FolderLibrary(runs, [join(dirname(runs), SWEEPS_FOLDER)]);
  const planning = { folder: runs, command: [process.execPath, process.argv[1]], presets };
  const server = await serveAt("--listen", listen, { library, planning });
  if (isRun) print(`this run: ${server.url}#/run/${encodeURIComponent(basename(path))}\n`);
  await untilInterrupted();
  await server.close();
}

const presets = (): Record<string, string> =>
  Object.fromEntries(presetNames().map((name) => [name, readFileSync(presetFile(name)!, "utf8")]));
