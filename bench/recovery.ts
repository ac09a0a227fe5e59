/** Copies of the image that each way of recovery sends, by loss: the sweep `recovery`, beside what chances alone say. */
import type { Statistics } from "../base/statistics/index.ts";
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { ImageLayout } from "../omci/windows.ts";
import { type CellStats, loadSweep, runSweep, scenarioOf, type SweepPlan } from "../study/sweep/index.ts";
import { prepareImages } from "../run/virtual/index.ts";
import { environment, environmentText, keep, say, table } from "./harness.ts";
import { theory } from "./recovery-theory.ts";

const PROGRESS_RUNS = 50;
const scenarios = join(import.meta.dirname, "../scenarios");

interface Point {
  loss: number;
  recovery: string;
  runs: number;
  /** Runs in which some ONT did not end with the image. */
  missed: number;
  copies: Statistics;
  theory: number;
  downloadSeconds: Statistics | null;
  leftGroup: number;
}

/** Sections of each window that the image makes. */
function windowsOf(plan: SweepPlan): number[] {
  const scenario = scenarioOf(plan, plan.cells[0].values, 1);
  const { sectionBytes, windowSections } = scenario.olt;
  const layout = new ImageLayout(prepareImages(scenario).facts.bytes, sectionBytes);
  return [...layout.windows(windowSections)].map(({ sections }) => sections);
}

function pointOf({ values, figures, runs, missed }: CellStats, onts: number, windows: readonly number[]): Point {
  const { loss, case: recovery } = values as { loss: number; case: string };
  const { imageCopies, downloadSeconds, leftGroup } = figures;
  if (imageCopies === null || leftGroup === null) throw new Error(`no runs with ${recovery} and loss ${loss}`);
  return {
    loss,
    recovery,
    runs,
    missed,
    copies: imageCopies,
    theory: theory[recovery]({ onts, loss, windows }),
    downloadSeconds,
    leftGroup: leftGroup.mean,
  };
}

/** A number with as many digits as its size makes sense of. */
const shown = (value: number): string =>
  value >= 10_000 ? value.toExponential(1) : value.toFixed(value < 10 ? 3 : value < 100 ? 2 : 1);

/** A line for each way, a column for each loss: mean ± half of the confidence interval, then the theory. */
function copiesTable(points: readonly Point[]): string {
  const losses = [...new Set(points.map(({ loss }) => loss))];
  const ways = [...new Set(points.map(({ recovery }) => recovery))];
  const rows = ways.map((way) => [
    way,
    ...losses.map((loss) => {
      const { copies, theory: expected } = points.find((point) => point.loss === loss && point.recovery === way)!;
      return `${shown(copies.mean)} ±${shown(copies.ci95 ?? Infinity)} (${shown(expected)})`;
    }),
  ]);
  return table(["", ...losses.map((loss) => `${loss * 100} %`)], rows);
}

async function main(): Promise<void> {
  const where = environment();
  const plan = loadSweep(join(scenarios, "sweeps/recovery.yaml"), (name) => join(scenarios, `${name}.yaml`));
  const windows = windowsOf(plan);
  const { onts, image } = scenarioOf(plan, plan.cells[0].values, 1);
  const folder = mkdtempSync(join(tmpdir(), "poncast-bench-"));
  const startedMs = performance.now();
  let points: Point[];
  try {
    const { stats } = await runSweep(plan, {
      out: folder,
      jobs: availableParallelism(),
      version: where.versions.poncast,
      onProgress: ({ done, total }) => {
        if (done % PROGRESS_RUNS === 0) process.stderr.write(`${done} of ${total} runs\n`);
      },
    });
    points = stats.map((cell) => pointOf(cell, onts, windows));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const seconds = (performance.now() - startedMs) / 1000;
  say(
    `${environmentText(where)}\n\nCopies of an image of ${image.bytes} bytes to ${onts} ONTs, windows ${[...new Set(windows)].join(" and ")}: mean of ${plan.seeds} seeds\n` +
      `± half of the 95 % confidence interval (Student's t); in brackets what chances alone say when nobody leaves the group.\n\n` +
      `${copiesTable(points)}\n\n${points.length * plan.seeds} runs in ${seconds.toFixed(0)} s`,
  );
  const sweep = { name: plan.name, digest: plan.digest, seeds: plan.seeds, onts, imageBytes: image.bytes, windows };
  process.stdout.write(`${keep("recovery", where, { sweep, seconds, points })}\n`);
}

await main();
