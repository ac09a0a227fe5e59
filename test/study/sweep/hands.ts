/** Small sweeps, their folders and a command to run them, for tests of sweeps. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll } from "vitest";
import { loadSweep, readIdentity, runSweep } from "../../../study/sweep/index.ts";
import { removeFolder } from "../../support/folder.ts";

const root = mkdtempSync(join(tmpdir(), "poncast-sweep-"));
afterAll(() => removeFolder(root));
let made = 0;

/** A folder that is not there yet. */
export const fresh = (): string => join(root, `folder-${++made}`);

export function sweepFile(text: string): string {
  const path = join(root, `sweep-${++made}.yaml`);
  // Another file that shares this one may have cleared away.
  mkdirSync(root, { recursive: true });
  writeFileSync(path, text);
  return path;
}

/** A copy of the built command, which nobody builds again while a sweep is killed and goes on. */
export function copyOfCommand(): string {
  const folder = fresh();
  cpSync(resolve("dist"), join(folder, "dist"), { recursive: true, filter: (path) => !path.endsWith(".map") });
  symlinkSync(resolve("scenarios"), join(folder, "scenarios"));
  return join(folder, "dist/cli.js");
}

export const preset = (name: string): string | undefined =>
  name === "default" ? resolve("scenarios/default.yaml") : undefined;

/** Twelve runs of some hundredths of a second each. */
export const tinySweep = `
name: tiny
scenario: default
fields: { onts: 3, image.bytes: 30000, olt.activate: false }
matrix:
  loss: [0, 0.05]
  olt.recovery: [parity, window]
seeds: 3
`;

const files = ["runs.jsonl", "runs.csv", "stats.json", "stats.csv", "sweep.json"] as const;

/** The folder that the same sweep by the same version leaves on one machine, in this process. */
export async function onOneMachine(file: string, like: string): Promise<string> {
  const { version } = readIdentity(like);
  return (await runSweep(loadSweep(file, preset), { out: fresh(), jobs: 2, version })).folder;
}

/** All that a sweep leaves behind. */
export const contentsOf = (folder: string): string[] => files.map((file) => readFileSync(join(folder, file), "utf8"));
