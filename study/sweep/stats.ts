/** From the runs of a sweep to statistics for each combination. */
import { statisticsOf, type Statistics } from "../../base/statistics/index.ts";
import type { Cell } from "./plan.ts";
import { type Figure, FIGURES } from "../../run/result/index.ts";
import type { RunRecord } from "./record.ts";

export interface CellStats {
  cell: number;
  values: Cell["values"];
  runs: number;
  /** Runs that did not end as their scenario expects. */
  missed: number;
  figures: Record<Figure, Statistics | null>;
}

/** Statistics over the seeds of each combination, in the order of the combinations. */
export function statsOf(cells: readonly Cell[], runs: readonly RunRecord[]): CellStats[] {
  const byCell = cells.map((): RunRecord[] => []);
  for (const run of runs) byCell[run.cell].push(run);
  return cells.map(({ index, values }) => {
    const own = byCell[index];
    const figureOf = (figure: Figure): Statistics | null =>
      statisticsOf(own.flatMap(({ figures }) => figures[figure] ?? []));
    return {
      cell: index,
      values,
      runs: own.length,
      missed: own.filter(({ exitCode }) => exitCode !== 0).length,
      figures: Object.fromEntries(FIGURES.map((figure) => [figure, figureOf(figure)])) as CellStats["figures"],
    };
  });
}
