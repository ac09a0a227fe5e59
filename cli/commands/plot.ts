/** `poncast plot`: what runs and sweeps have left, drawn as a paper prints it. */
import type { Command } from "commander";
import { basename, dirname, extname, join, resolve } from "node:path";
import { orRefused } from "../../base/errors/index.ts";
import { makeFolders, writeWhole } from "../../base/files/index.ts";
import type { PlotAsk, PlotForm, PlotPicture } from "../../study/plot/types.ts";
import { UsageError } from "../errors.ts";
import { print } from "../print.ts";
import { VERSION } from "../version.ts";

interface PlotFlags {
  x?: string;
  y?: string;
  series?: string;
  facet?: string;
  table?: string;
  kind?: string;
  statistic: string;
  spread?: string;
  logX?: boolean;
  logY?: boolean;
  theory?: boolean;
  where: string[];
  width: string;
  height?: string;
  font: string;
  fontSize: string;
  title?: string;
  xLabel?: string;
  yLabel?: string;
  out?: string;
  format: string;
  dpi: string;
}

const FORMATS = "svg,png,pdf";

export function plotCommand(program: Command): void {
  program
    .command("plot")
    .description("draw a run or a sweep as a paper prints it: SVG, PNG, PDF")
    .argument("<folders...>", "folder of a sweep, or of one or several runs")
    .option("--x <column>", "any column of docs/data.md; default: what the sweep varied, of a run the ONTs' downloads")
    .option("--y <column>", "default: image_copies of a sweep")
    .option("--series <column>", "a colour and a sign for each of its values; none: one for all")
    .option("--facet <column>", "a panel for each of its values; none: one for all")
    .option("--table <name>", "of a run: onts, groups, sends, traffic … where several have these columns")
    .option("--kind <kind>", "line, points, scatter, box, ecdf; default: line of a sweep, ecdf of a run")
    .option("--statistic <s>", "mean, median, or a quantile such as p95", "mean")
    .option("--spread <how>", "its 95 % interval as bars or as a band, or none")
    .option("--log-x", "logarithmic axis; default: where values are far apart")
    .option("--no-log-x", "linear axis")
    .option("--log-y", "logarithmic axis; default: where values are far apart")
    .option("--no-log-y", "linear axis")
    .option("--theory", "the curve of the sizing model over it")
    .option("--where <column=value>", "only these rows; several times", (one, all: string[]) => [...all, one], [])
    .option("--width <size>", "on paper, such as 85mm, 17cm, 3.5in", "85mm")
    .option("--height <size>", "default: by width, panels and legend")
    .option("--font <font>", "sans (as Helvetica) or serif (as Times)", "sans")
    .option("--font-size <size>", "of the axes' labels", "8pt")
    .option("--title <text>", "above it; papers have a caption instead")
    .option("--x-label <text>", "instead of the column in words")
    .option("--y-label <text>", "instead of the column in words")
    .option("--out <file>", "its ending says which format, without one all; default in the folder")
    .option("--format <formats>", "several by commas", FORMATS)
    .option("--dpi <n>", "resolution of PNG", "600")
    .action((folders: string[], flags: PlotFlags) => plot(folders, flags));
}

async function plot(folders: readonly string[], flags: PlotFlags): Promise<void> {
  // Drawing takes seconds to load, and nobody else needs it.
  const { plotFolders, fileOf, FONTS, PICTURE_FORMATS, PLOT_KINDS, SPREADS } =
    await import("../../study/plot/index.ts");
  const font = oneOf("--font", flags.font, FONTS);
  const { x, y, series, facet, table, xLabel, yLabel, logX, logY, title } = flags;
  const ask: PlotAsk = {
    statistic: statisticOf(flags.statistic),
    theory: flags.theory === true,
    where: flags.where.map(conditionOf),
    ...given({ x, y, series, facet, table, xLabel, yLabel, logX, logY }),
    ...(flags.kind !== undefined && { kind: oneOf("--kind", flags.kind, PLOT_KINDS) }),
    ...(flags.spread !== undefined && { spread: oneOf("--spread", flags.spread, SPREADS) }),
  };
  const form: PlotForm = {
    widthMm: millimetres("--width", flags.width, { least: 30, most: 1000 }),
    font,
    fontPoints: points("--font-size", flags.fontSize),
    ...given({ title }),
    ...(flags.height !== undefined && { heightMm: millimetres("--height", flags.height, { least: 20, most: 1000 }) }),
  };
  const dotsPerInch = wholeOf("--dpi", flags.dpi, { least: 30, most: 2400 });
  const ending = extname(flags.out ?? "").slice(1);
  const isFormat = PICTURE_FORMATS.some((format) => format === ending);
  const formats = (isFormat ? [ending] : flags.format.split(",")).map((name) =>
    oneOf("--format", name.trim(), PICTURE_FORMATS),
  );
  const { picture, drawn } = await plotFolders(folders, ask, form);
  const stem = isFormat
    ? flags.out!.slice(0, -ending.length - 1)
    : (flags.out ?? join(folders[0], "plots", nameOf(picture, flags)));
  const described =
    title ?? `${basename(resolve(folders[0]))}: ${picture.y.label} by ${picture.x.label}, poncast ${VERSION}`;
  const files: string[] = [];
  for (const format of formats) {
    const path = `${stem}.${format}`;
    const bytes = await fileOf(drawn, format, { font, dotsPerInch, title: described });
    orRefused(
      ({ message }) => ({ place: path, problem: `cannot be written: ${message}` }),
      () => {
        makeFolders(dirname(resolve(path)));
        writeWhole(path, bytes);
      },
    );
    files.push(path);
  }
  print(`${[...picture.notes, ...files].join("\n")}\n`);
}

/** Of the columns, as they were asked for. */
const nameOf = ({ kind }: PlotPicture, { x, y, series, facet }: PlotFlags): string =>
  [kind, y, x, series, facet].filter((part) => part !== undefined && part !== "none").join("-");

const given = <T extends object>(options: T): { [K in keyof T]?: NonNullable<T[K]> } =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };

/** @throws UsageError */
function oneOf<Name extends string>(option: string, text: string, names: readonly Name[]): Name {
  const found = names.find((name) => name === text);
  if (found !== undefined) return found;
  throw new UsageError(`${option}: there is no "${text}"; there are ${names.join(", ")}`);
}

/** @throws UsageError */
function statisticOf(text: string): PlotAsk["statistic"] {
  if (text === "mean") return "mean";
  if (text === "median") return 0.5;
  const percent = Number(/^p(\d{1,2}(?:\.\d+)?)$/.exec(text)?.[1]);
  if (percent > 0 && percent < 100) return percent / 100;
  throw new UsageError(`--statistic: ${text} is not allowed; mean, median, or p and a number of percent, such as p95`);
}

/** @throws UsageError */
function conditionOf(text: string): [string, string] {
  const at = text.indexOf("=");
  if (at < 1) throw new UsageError(`--where: ${text} is not allowed; a column and its value, such as case=parity`);
  return [text.slice(0, at), text.slice(at + 1)];
}

interface Limits {
  least: number;
  most: number;
}

const MM: Readonly<Record<string, number>> = { mm: 1, cm: 10, in: 25.4, pt: 25.4 / 72 };

/** @throws UsageError */
function millimetres(option: string, text: string, { least, most }: Limits): number {
  const match = /^(\d+(?:\.\d+)?) *(mm|cm|in|pt)$/.exec(text);
  const size = match === null ? Number.NaN : Number(match[1]) * MM[match[2]];
  if (size >= least && size <= most) return size;
  throw new UsageError(`${option}: ${text} is not allowed; ${least} to ${most} mm, such as 85mm, 17cm or 3.5in`);
}

/** @throws UsageError */
function points(option: string, text: string): number {
  const size = Number(/^(\d+(?:\.\d+)?) *(?:pt)?$/.exec(text)?.[1]);
  if (size >= 4 && size <= 40) return size;
  throw new UsageError(`${option}: ${text} is not allowed; 4pt to 40pt`);
}

/** @throws UsageError */
function wholeOf(option: string, text: string, { least, most }: Limits): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new UsageError(`${option}: ${text} is not allowed; a whole number, ${least} to ${most}`);
}
