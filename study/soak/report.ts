/** What a soak says: a table with verdict and figures, and a line for each problem. */
import { alignedText, countText, durationText } from "../../base/text/index.ts";
import type { PartReport } from "./types.ts";

/** Of a part, so that a failure that repeats does not push the others off the screen. */
const PROBLEMS_SHOWN = 10;

const figureText = ([name, value]: [string, number | string]): string => {
  const words = name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return `${words} ${typeof value === "number" && Number.isInteger(value) ? countText(value) : value}`;
};

export function soakText(reports: readonly PartReport[]): string {
  const rows = reports.map(({ part, bound, verdict, seconds, figures }) => [
    part,
    verdict,
    durationText(seconds),
    bound,
    Object.entries(figures).map(figureText).join(", "),
  ]);
  const table = alignedText([["part", "verdict", "took", "bound", "seen"], ...rows]);
  const problems = reports.flatMap(({ part, problems: all }) => [
    ...all.slice(0, PROBLEMS_SHOWN).map((problem) => `${part}: ${problem}`),
    ...(all.length > PROBLEMS_SHOWN ? [`${part}: ${all.length - PROBLEMS_SHOWN} more`] : []),
  ]);
  return [table, ...problems].join("\n");
}
