/** Plots of runs and sweeps in the form of a paper: what the tables of study/export have, drawn to size. */
import { RunInputError } from "../../run/index.ts";
import { isSweepFolder, readTable, resultIn, type TableData, tablesOf, variedColumns } from "../export/index.ts";
import { readIdentity } from "../sweep/index.ts";
import { type DrawnPlot, drawPlot } from "./draw.ts";
import { pictureOf, type TheoryFor } from "./picture.ts";
import { modelOfRuns } from "./run-theory.ts";
import { theoryOf } from "./theory.ts";
import type { PlotAsk, PlotForm, PlotPicture } from "./types.ts";

export { fileOf, PICTURE_FORMATS, type PictureFormat } from "./formats.ts";
export { FONTS, PLOT_KINDS, type PlotAsk, type PlotForm, type PlotPicture, SPREADS } from "./types.ts";

/**
 * What a plot shows of one sweep, or of one or several runs, drawn.
 *
 * @throws RunInputError for folders, tables and columns that are not there
 */
export async function plotFolders(
  folders: readonly string[],
  ask: PlotAsk,
  form: PlotForm,
): Promise<{ picture: PlotPicture; drawn: DrawnPlot }> {
  const [first] = folders;
  if (folders.length > 1 && folders.some(isSweepFolder))
    throw new RunInputError("a sweep is plotted alone; only runs may be several");
  const isSweep = isSweepFolder(first);
  const table = isSweep ? await readTable(first, ask.table ?? "sweep") : await runsTogether(folders, ask);
  const varied = isSweep ? variedColumns(readIdentity(first)).map(({ name }) => name) : ["run", "payload"];
  const theory: TheoryFor | undefined = !ask.theory
    ? undefined
    : isSweep
      ? theoryOf(first, table)
      : modelOfRuns(folders, table);
  const picture = pictureOf(table, ask, varied, theory);
  return { picture, drawn: drawPlot(picture, form) };
}

/** The table that has the columns, of all runs one behind the other. */
async function runsTogether(folders: readonly string[], ask: PlotAsk): Promise<TableData> {
  for (const folder of folders) resultIn(folder);
  const wanted = [ask.x, ask.y, ask.series, ask.facet, ...ask.where.map(([name]) => name)].filter(
    (name) => name !== undefined && name !== "none",
  );
  const names = ask.table === undefined ? inOrder(tablesOf(folders[0])) : [ask.table];
  for (const name of names) {
    const tables: TableData[] = [];
    for (const folder of folders) tables.push(await readTable(folder, name));
    const [{ columns }] = tables;
    const isIt = wanted.every((column) => columns.some((there) => there.name === column));
    if (isIt || names.length === 1) return { name, columns, rows: tables.flatMap(({ rows }) => rows) };
  }
  throw new RunInputError(`no table has ${wanted.join(", ")} together; docs/data.md has all of them`);
}

/** ONTs first: of them there are many in one run. */
const inOrder = (names: readonly string[]): string[] => ["onts", ...names.filter((name) => name !== "onts")];
