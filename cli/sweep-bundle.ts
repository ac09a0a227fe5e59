/** `poncast sweep --bundle`: a study with all that somebody else needs to make it again, as one archive. */
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, isAbsolute, join, relative } from "node:path";
import { InputError, orRefused } from "../base/errors/index.ts";
import { writeWhole } from "../base/files/index.ts";
import type { SweepPlan } from "../study/sweep/index.ts";
import { presetFolder } from "./run-options.ts";
import { COMMIT, VERSION } from "./version.ts";

export interface BundleAsk {
  /** The archive. */
  path: string;
  /** The sweep's own file, and what was made of it. */
  sweepFile: string;
  plan: SweepPlan;
  seeds: number;
  folder: string;
}

const RESULTS = ["sweep.json", "source.json", "runs.jsonl", "runs.csv", "stats.json", "stats.csv", "report.html"];
/** A trace of more goes by its sum alone. */
const INPUT_BYTES_MAX = 16 * 1024 * 1024;
const MM_WIDTH = 85;

/** @throws InputError where the archive cannot be written */
export async function writeBundle({ path, sweepFile, plan, seeds, folder }: BundleAsk): Promise<void> {
  // Tables and drawings take their time to load, and few sweeps are bundled.
  const { bundleOf, bundleReadme, notebookOf } = await import("../study/bundle/index.ts");
  const { variedColumns } = await import("../study/export/index.ts");
  const files = new Map<string, Uint8Array>();
  const add = (name: string, content: string | Uint8Array): void =>
    void files.set(name, Buffer.from(content as Uint8Array));
  add("sweep.yaml", readFileSync(sweepFile));
  const beside = relative(dirname(sweepFile), plan.base.file);
  if (plan.base.file !== sweepFile) add(isInside(beside) && !isPreset(plan) ? beside : "scenario.yaml", plan.base.text);
  for (const name of RESULTS)
    if (existsSync(join(folder, name))) add(`results/${name}`, readFileSync(join(folder, name)));
  const elsewhere = await addInputs(plan, add);
  await addTables(folder, add);
  const plots = await addPlots(folder, add);
  const [citation, lock] = [join(presetFolder, "..", "CITATION.cff"), lockFile()];
  if (existsSync(citation)) add("CITATION.cff", readFileSync(citation));
  if (lock !== undefined) add("package-lock.json", readFileSync(lock));
  const varied = variedColumns({ cells: plan.cells }).map(({ name }) => name);
  const { name, question, digest, cells } = plan;
  const seedList = Array.from({ length: seeds }, (_, before) => before + 1);
  const environment = { poncast: { version: VERSION, commit: COMMIT }, node: process.version, digest, seeds: seedList };
  add("environment.json", `${JSON.stringify(environment, undefined, 2)}\n`);
  add("notebook.ipynb", notebookOf({ name, question, varied }));
  const version = `${VERSION} (${COMMIT})`;
  const command = `sweep sweep.yaml --seeds ${seeds} --out again`;
  const facts = {
    name,
    question,
    version,
    nodeVersion: process.version,
    digest,
    cells: cells.length,
    seeds,
    command,
    plots,
    elsewhere,
  };
  add("README.md", bundleReadme({ ...facts, hasLock: lock !== undefined }));
  orRefused(
    ({ message }) => ({ place: `--bundle ${path}`, problem: `cannot be written: ${message}` }),
    () => writeWhole(path, bundleOf(name, files)),
  );
}

type Add = (name: string, content: string | Uint8Array) => void;

const isInside = (path: string): boolean => !isAbsolute(path) && !path.startsWith("..") && path !== "";
const isPreset = ({ base }: SweepPlan): boolean => dirname(base.file) === presetFolder;

/** Where the project is, and beside the bundles of a package. */
const lockFile = (): string | undefined =>
  [join(presetFolder, "..", "package-lock.json"), join(presetFolder, "..", "dist", "lock.json")].find((path) =>
    existsSync(path),
  );

/** Files that the scenarios name: traces go along, images and keys do not. */
async function addInputs(plan: SweepPlan, add: Add): Promise<{ file: string; sha256: string }[]> {
  const { scenarioOf } = await import("../study/sweep/index.ts");
  const [traces, images] = [new Set<string>(), new Set<string>()];
  for (const { values } of plan.cells) {
    const scenario = scenarioOf(plan, values, 1);
    for (const each of [scenario, ...scenario.fleet].flatMap(({ impairments }) => impairments))
      if ("file" in each) traces.add(each.file);
    if (scenario.image.file !== undefined) images.add(scenario.image.file);
  }
  const elsewhere: { file: string; sha256: string }[] = [];
  for (const file of [...traces, ...images]) {
    const bytes = readFileSync(file);
    if (traces.has(file) && isInside(file) && bytes.length <= INPUT_BYTES_MAX) add(file, bytes);
    else elsewhere.push({ file, sha256: createHash("sha256").update(bytes).digest("hex") });
  }
  return elsewhere;
}

async function addTables(folder: string, add: Add): Promise<void> {
  const { exportFolder } = await import("../study/export/index.ts");
  const out = mkdtempSync(join(tmpdir(), "poncast-bundle-"));
  try {
    await exportFolder(folder, { out, formats: ["parquet", "csv"] });
    for (const name of readdirSync(out)) add(`data/${name}`, readFileSync(join(out, name)));
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/** Copies and time over what was varied, with the model's curves where it has any. */
async function addPlots(folder: string, add: Add): Promise<{ file: string; command: string }[]> {
  const { fileOf, plotFolders } = await import("../study/plot/index.ts");
  const made: { file: string; command: string }[] = [];
  for (const y of ["image_copies", "download_seconds"])
    for (const theory of [true, false])
      try {
        const form = { widthMm: MM_WIDTH, font: "sans", fontPoints: 8 } as const;
        const { drawn } = await plotFolders([folder], { y, theory, statistic: "mean", where: [] }, form);
        for (const format of ["svg", "pdf"] as const)
          add(`plots/${y}.${format}`, await fileOf(drawn, format, { font: "sans", dotsPerInch: 600, title: y }));
        made.push({
          file: `plots/${y}.svg`,
          command: `plot again --y ${y}${theory ? " --theory" : ""} --out again/${y}`,
        });
        break;
      } catch (error) {
        // Without a curve there is a plot all the same; of what has no value there is none.
        if (!(error instanceof InputError)) throw error;
      }
  return made;
}
