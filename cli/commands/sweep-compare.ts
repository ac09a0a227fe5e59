/** `poncast sweep compare`: the ways of a sweep beside one of them, seed by seed. */
import type { Command } from "commander";
import { alignedText } from "../../base/text/index.ts";
import { FIGURES, type Figure } from "../../run/result/index.ts";
import { compareRuns, type Comparison, readIdentity, readRuns } from "../../study/sweep/index.ts";
import { isDecided, type PairedDifference } from "../../study/statistics/index.ts";
import { UsageError } from "../errors.ts";
import { print } from "../print.ts";

interface CompareFlags {
  by?: string;
  against?: string;
  figure: string;
  json?: boolean;
}

export function compareCommand(sweep: Command): void {
  sweep
    .command("compare")
    .description("compare the ways of a sweep seed by seed: differences with their intervals")
    .argument("<folder>", "folder of the sweep")
    .option("--by <field>", "what sets the ways apart; default: the field with names")
    .option("--against <value>", "the way that the others are compared with; default: the first")
    .option("--figure <name>", `one of ${FIGURES.join(", ")}`, "imageCopies")
    .option("--json", "on stdout as JSON")
    .action((folder: string, flags: CompareFlags) => compare(folder, flags));
}

/** As the sweep's files have it, or as the tables of an export do. @throws UsageError */
export function figureNamed(option: string, text: string): Figure {
  const found = FIGURES.find((figure) => figure === text || snake(figure) === text);
  if (found !== undefined) return found;
  throw new UsageError(`${option}: there is no "${text}"; there are ${FIGURES.join(", ")}`);
}

const snake = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

function compare(folder: string, { by, against, figure, json }: CompareFlags): void {
  const ask = { ...(by !== undefined && { by }), ...(against !== undefined && { against }) };
  const found = compareRuns(readIdentity(folder), readRuns(folder), {
    ...ask,
    figure: figureNamed("--figure", figure),
  });
  print(json ? `${JSON.stringify(found)}\n` : `${textOf(found)}\n`);
}

function textOf({ by, against, figure, rows, warnings }: Comparison): string {
  const fields = Object.keys(rows[0]?.others ?? {});
  const reference = shown(against);
  const head = [...fields, by, figure, reference, "difference", "of it", "95 % interval", "unpaired", "seeds"];
  const lines = rows.map(({ others, value, difference }) => [
    ...fields.map((field) => shown(others[field])),
    shown(value),
    ...(difference === null ? ["–", "–", "–", "–", "–", "–", "0"] : cellsOf(difference)),
  ]);
  const note = `difference: ${by} less ${reference}, with the same seeds (Student's t over the pairs; *: 0 is not in its interval); unpaired: half width without pairs`;
  return [alignedText([head, ...lines]), note, ...warnings].join("\n");
}

function cellsOf(difference: PairedDifference): string[] {
  const { means, mean, half, unpairedHalf, relative, pairs } = difference;
  const [low, high] = half === null ? [null, null] : [mean - half, mean + half];
  const sign = (value: number): string => (value > 0 ? "+" : "") + number(value);
  return [
    number(means[0]),
    number(means[1]),
    sign(mean) + (isDecided(difference) ? " *" : ""),
    relative === null ? "–" : `${sign(relative * 100)} %`,
    low === null || high === null ? "–" : `${sign(low)} to ${sign(high)}`,
    unpairedHalf === null ? "–" : `±${number(unpairedHalf)}`,
    String(pairs),
  ];
}

const number = (value: number): string => String(+value.toPrecision(4));
const shown = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
