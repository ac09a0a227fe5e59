/** One picture of a run as text of a given size. Pure: the same view and screen give the same text. */
import { clip, firstFitting, harmless, painter, widthOf, type Paint } from "../../base/terminal/index.ts";
import {
  bytesText,
  copiesText,
  countText,
  durationText,
  percentText,
  plural,
  rateText,
} from "../../base/text/index.ts";
import { gridLines, legendLines, ontsText } from "./grid.ts";
import { type Stage, stageLabels } from "../../run/progress/index.ts";
import { stateLook } from "./states.ts";
import type { CellState } from "../../run/states/index.ts";
import type { OntRow, RunScreen } from "./types.ts";

/** What the terminal can show. */
export interface Screen {
  columns: number;
  rows: number;
  colour: boolean;
  unicode: boolean;
}

const MS_PER_SECOND = 1000;
const BAR_COLUMNS_MAX = 60;
const DETAILS_MAX = 8;
/** Narrower or lower than this, what does not fit is cut off. */
const COLUMNS_LEAST = 20;
const ROWS_LEAST = 4;

/** States in which an ONT needs nothing more. */
const settled: ReadonlySet<CellState> = new Set(["committed", "skipped", "rolledBack", "failed"]);
/** Stages that are as far as their ONTs are. */
const finishing: ReadonlySet<Stage> = new Set(["activating", "verifying", "done", "stopped"]);
const gone: ReadonlySet<CellState> = new Set(["rolledBack", "failed"]);

/**
 * One picture of the live view: at most `rows - 1` lines (the cursor's line stays free), each at most `columns` wide.
 * What matters least goes first where there is no room: details, counters, the grid.
 */
export function renderPicture(view: RunScreen, screen: Screen): string {
  const columns = Math.max(COLUMNS_LEAST, screen.columns);
  const room = Math.max(ROWS_LEAST, screen.rows) - 1;
  const paint = painter(screen.colour);
  const unicode = screen.unicode;
  const head = [
    titleLine(view, columns, paint),
    stageLine(view, columns, paint),
    barLine(view, columns, paint, unicode),
  ];
  const sections = [
    head,
    gridLines(view.onts, columns, paint, unicode, view.ontsPerPort),
    legendLines(view.onts, columns, paint, unicode),
    [totalsLine(view, columns, unicode)],
    view.messages === undefined ? [] : [paint(view.messages, "yellow")],
    view.note === "" ? [] : [paint(harmless(view.note), "dim")],
  ];
  const lines = fit(sections, room);
  lines.push(...detailSection(view, room - lines.length, columns, paint, unicode));
  return lines.map((line) => clip(line, columns)).join("\n");
}

/** Sections in order, those that do not fit left out; a blank line before each where there is room for all of it. */
function fit(sections: readonly string[][], room: number): string[] {
  const shown: string[][] = [];
  let used = 0;
  for (const section of sections) {
    if (section.length === 0 || used + section.length > room) continue;
    shown.push(section);
    used += section.length;
  }
  // The grid and its legend, the head and the counters belong together: one blank line before the grid, one after.
  const airy = used + 2 <= room;
  return shown.flatMap((section, at) => (airy && (at === 1 || at === 3) ? ["", ...section] : section));
}

function titleLine(view: RunScreen, columns: number, paint: Paint): string {
  const { name, mode, recovery, seed, clock, elapsedMs } = view;
  const how = mode === "multicast" ? `${mode}/${recovery}` : mode;
  const time = `${durationText(elapsedMs / MS_PER_SECOND)}${clock === "virtual" ? " virtual" : ""}`;
  const title = `${paint(harmless(name), "bold")}  ${how}, seed ${seed}`;
  const left = clip(title, columns - time.length - 1);
  return `${left}${" ".repeat(Math.max(1, columns - widthOf(left) - time.length))}${time}`;
}

function stageLine(view: RunScreen, columns: number, paint: Paint): string {
  const label = paint(stageLabels[view.stage], "bold", view.stage === "stopped" ? "red" : "cyan");
  const details = view.stage === "downloading" ? downloadDetails(view) : [stageDetail(view)];
  return firstFitting(
    details.map((detail) => `${label}  ${detail}`.trimEnd()),
    columns,
  );
}

/** The longest first. */
function downloadDetails({ imageBytes, bytesDone, bytesPerSecond, etaMs }: RunScreen): string[] {
  const done = `${bytesText(bytesDone)} of ${bytesText(imageBytes)}`;
  const rate = bytesPerSecond > 0 ? `  ${rateText(bytesPerSecond * 8)}` : "";
  const left = etaMs === null ? "" : `  ${durationText(etaMs / MS_PER_SECOND)} left`;
  return [
    `${done}${rate}${left}`,
    `${bytesText(bytesDone)}${rate}${left}`,
    `${bytesText(bytesDone)}${left}`,
    left.trim(),
  ];
}

function stageDetail({ stage, onts, ontsStarted, stopReason }: RunScreen): string {
  if (stage === "stopped") return harmless(stopReason);
  if (stage === "starting") return `${ontsStarted} of ${onts.length}`;
  if (finishing.has(stage)) return `${settledCount(onts)} of ${ontsText(onts.length)} finished`;
  return onts.length === 0 ? "" : ontsText(onts.length);
}

const settledCount = (onts: readonly OntRow[]): number => onts.filter(({ state }) => settled.has(state)).length;

/** Share of what the stage has to do, 0…1. */
function shareOf({ stage, onts, ontsStarted, imageBytes, bytesDone }: RunScreen): number {
  if (stage === "downloading") return imageBytes === 0 ? 0 : bytesDone / imageBytes;
  if (onts.length === 0) return 0;
  if (stage === "starting") return ontsStarted / onts.length;
  return finishing.has(stage) ? settledCount(onts) / onts.length : 0;
}

function barLine(view: RunScreen, columns: number, paint: Paint, unicode: boolean): string {
  const share = Math.min(1, Math.max(0, shareOf(view)));
  const percent = percentText(share).padStart(5);
  const width = Math.min(BAR_COLUMNS_MAX, columns - percent.length - 1);
  const filled = Math.floor(share * width);
  const [full, empty] = unicode ? ["█", "░"] : ["#", "."];
  return `${paint(full.repeat(filled), "green")}${paint(empty.repeat(width - filled), "grey")} ${percent}`;
}

function totalsLine(view: RunScreen, columns: number, unicode: boolean): string {
  const { imageCopies, sections, repairSections, downstreamBitsPerSecond } = view;
  const copies = `${copiesText(imageCopies)} ${unicode ? "×" : "x"} image`;
  const repairs = `${countText(repairSections)} of ${plural(sections, "section")} repair`;
  return firstFitting(
    [
      `${copies} sent  ${repairs}  ${rateText(downstreamBitsPerSecond)} downstream`,
      `${copies} sent  ${repairs}`,
      `${copies}  ${plural(repairSections, "repair section")}`,
    ],
    columns,
  );
}

/** What went wrong comes before who is behind; at most `room` lines, a blank one and the titles included. */
function detailSection(view: RunScreen, room: number, columns: number, paint: Paint, unicode: boolean): string[] {
  const lines: string[] = [];
  const most = Math.min(DETAILS_MAX, room - 1);
  const add = (title: string, rows: readonly OntRow[], textOf: (row: OntRow) => string): void => {
    const left = most - lines.length - 1;
    if (rows.length === 0 || left < 1) return;
    lines.push(paint(rows.length > left ? `${title} (${left} of ${rows.length})` : title, "bold"));
    for (const row of rows.slice(0, left)) lines.push(ontLine(row, textOf(row), columns, paint, unicode));
  };
  const wrong = view.onts.filter(({ state }) => gone.has(state));
  add("Went wrong", wrong, ({ state, cause }) => harmless(cause) || stateLook(state).label);
  // Catch-up groups go on while others activate.
  if (view.stage === "downloading" || view.stage === "activating")
    add("Most behind", stragglersOf(view.onts), behindText);
  return lines.length === 0 ? [] : ["", ...lines];
}

/** Narrow terminals do without the serial number. */
function ontLine({ id, serial, state }: OntRow, text: string, columns: number, paint: Paint, unicode: boolean): string {
  const { glyph, letter, style } = stateLook(state);
  const start = `  ${paint(unicode ? glyph : letter, style)} #${String(id).padEnd(3)}`;
  return firstFitting([`${start} ${harmless(serial)} ${text}`, `${start} ${text}`], columns);
}

/** ONTs at work that are behind another one or needed repair, the worst first. */
export function stragglersOf(onts: readonly OntRow[]): OntRow[] {
  const busy = onts.filter(({ state, served }) => state === "downloading" || state === "off" || served !== "");
  const furthest = busy.reduce((most, { bytesDone }) => Math.max(most, bytesDone), 0);
  const behind = busy.filter(
    (row) => row.leftGroup || row.served !== "" || row.windowsRepaired > 0 || row.bytesDone < furthest,
  );
  return behind.toSorted(
    (a, b) =>
      a.bytesDone - b.bytesDone ||
      b.windowsRepaired - a.windowsRepaired ||
      b.sectionsLost - a.sectionsLost ||
      a.id - b.id,
  );
}

function behindText({ bytesDone, windowsRepaired, sectionsLost, served }: OntRow): string {
  const how = served === "" ? "" : ` ${served}`;
  if (windowsRepaired === 0) return `${bytesText(bytesDone)}${how}`;
  // Repaired without a section told lost: its answers did not get through.
  const lost = sectionsLost === 0 ? "no section told lost" : `${countText(sectionsLost)} lost`;
  return `${bytesText(bytesDone)}${how}, ${plural(windowsRepaired, "repair")}, ${lost}`;
}
