/** One way against another, seed by seed: what both share by chance is no part of their difference. */
import { RunInputError } from "../../run/index.ts";
import type { Figure } from "../../run/result/index.ts";
import { type PairedDifference, pairedDifference, tooFew } from "../statistics/index.ts";
import type { RunRecord } from "./record.ts";
import type { SweepIdentity } from "./store.ts";

export interface ComparisonAsk {
  /** Field of the sweep whose values are compared; left out: the one with names, else the last. */
  by?: string;
  /** Its value that the others are compared with; left out: the first. */
  against?: string;
  figure: Figure;
}

export interface ComparisonRow {
  /** What else the sweep varied. */
  others: Readonly<Record<string, unknown>>;
  value: unknown;
  /** Value less `against`; null where no seed has both. */
  difference: PairedDifference | null;
}

export interface Comparison {
  by: string;
  against: unknown;
  figure: Figure;
  rows: readonly ComparisonRow[];
  warnings: readonly string[];
}

/** @throws RunInputError for a field or a value that the sweep does not have */
export function compareRuns(
  { cells }: Pick<SweepIdentity, "cells">,
  runs: readonly RunRecord[],
  { by: asked, against, figure }: ComparisonAsk,
): Comparison {
  const fields = Object.keys(cells[0]?.values ?? {});
  const by =
    asked ?? fields.find((field) => cells.some(({ values }) => typeof values[field] === "string")) ?? fields.at(-1);
  if (by === undefined || !fields.includes(by))
    throw new RunInputError(
      `--by: the sweep did not vary ${by ?? "anything"}; it varied ${fields.join(", ") || "nothing"}`,
    );
  const values = [...new Map(cells.map(({ values: of }) => [shown(of[by]), of[by]])).values()];
  const reference = against === undefined ? values[0] : values.find((value) => shown(value) === against);
  if (reference === undefined)
    throw new RunInputError(`--against: ${by} is never ${against}; it is ${values.map(shown).join(", ")}`);
  const figuresAt = new Map(runs.map((run) => [`${run.cell}/${run.seed}`, run.figures[figure]]));
  const seeds = [...new Set(runs.map(({ seed }) => seed))].sort((one, other) => one - other);
  const othersOf = (of: Readonly<Record<string, unknown>>): Record<string, unknown> =>
    Object.fromEntries(Object.entries(of).filter(([field]) => field !== by));
  const rows = cells.flatMap(({ index, values: of }): ComparisonRow[] => {
    if (shown(of[by]) === shown(reference)) return [];
    const others = othersOf(of);
    const beside = cells.find(
      (cell) =>
        shown(cell.values[by]) === shown(reference) && JSON.stringify(othersOf(cell.values)) === JSON.stringify(others),
    );
    const pairs = seeds.flatMap((seed): [number, number][] => {
      const own = figuresAt.get(`${index}/${seed}`);
      const other = beside === undefined ? undefined : figuresAt.get(`${beside.index}/${seed}`);
      return typeof own === "number" && typeof other === "number" ? [[own, other]] : [];
    });
    return [{ others, value: of[by], difference: pairedDifference(pairs) }];
  });
  const least = Math.min(...rows.map(({ difference }) => difference?.pairs ?? 0));
  const warning = rows.length === 0 ? undefined : tooFew(figure, least);
  return { by, against: reference, figure, rows, warnings: warning === undefined ? [] : [warning] };
}

const shown = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
