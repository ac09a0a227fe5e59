/** What stands beside a plot in words: how many values there are of each point, and where they are too few. */
import type { TableData } from "../export/index.ts";
import { tooFew } from "../statistics/index.ts";
import type { Chosen } from "./choose.ts";
import type { PlotAsk } from "./types.ts";

/** What a reader of the plot has to know, and cannot see. */
export function notesOf(table: TableData, chosen: Chosen, { statistic }: PlotAsk, counts: readonly number[]): string[] {
  const least = Math.min(...counts, Infinity);
  if (chosen.kind === "scatter" || least === Infinity) return [];
  const values = least === Math.max(...counts) ? `${least} values` : `${least} to ${Math.max(...counts)} values`;
  if (chosen.kind === "box") return [`boxes: quartiles, whiskers up to 1.5 times their distance, of ${values}`];
  if (chosen.kind === "ecdf") return [`each curve is of ${values}; who has none keeps it below 1`];
  const share = statistic === "mean" ? undefined : statistic;
  const name = share === undefined ? "mean" : share === 0.5 ? "median" : `${+(share * 100).toFixed(3)} % quantile`;
  const how = share === undefined ? "Student's t" : "ranks, no distribution assumed";
  const warning = tooFew(table.columns[chosen.y!].name, least, share);
  return [`${name} of ${values}, intervals of 95 % (${how})`, ...(warning === undefined ? [] : [warning])];
}
