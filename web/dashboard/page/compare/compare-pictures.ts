/** From runs that are over to pictures of them: who was done when, and what each pass over the image cost. Pure. */
import type { FinishedRun } from "../../compare-types.ts";
import type { CurvePoint, PictureSpec } from "../picture/picture.tsx";
import { figureScale, timeScale } from "../picture/scale.ts";
import { copiesText, durationText } from "../words.ts";

const TICKS_ALONG = 8;
const TICKS_UP = 5;
/** Of a curve; more of them nobody sees. */
const POINTS_MAX = 400;
/** Marks of more passes would cover the line. */
const MARKED_MAX = 40;

/** @returns undefined where none of them has downloaded anything */
export function downloadsPicture(runs: readonly FinishedRun[]): PictureSpec | undefined {
  const last = Math.max(0, ...runs.map(({ downloads }) => downloads.at(-1) ?? 0));
  if (last === 0) return undefined;
  const most = Math.max(...runs.map(({ downloads }) => downloads.length));
  return {
    title: "ONTs that have the image, over time",
    x: { ...timeScale(last * 1.02, TICKS_ALONG), label: "after the first Start" },
    y: { ...figureScale([0, most], TICKS_UP), label: "ONTs" },
    curves: runs.map(({ name, downloads }) => ({
      name,
      points: thinned([
        { x: 0, y: 0 },
        ...downloads.map((x, at) => ({ x, y: at + 1 })),
        { x: last, y: downloads.length },
      ]),
      line: "steps",
      hasMarks: false,
    })),
    readouts: readoutTimes(runs).map((x) => ({
      x,
      text: [durationText(x), ...runs.map(({ name, downloads }) => `${name} ${countUpTo(downloads, x)}`)].join(" · "),
    })),
  };
}

function thinned(points: readonly CurvePoint[]): CurvePoint[] {
  const every = Math.ceil(points.length / POINTS_MAX);
  return points.filter((_, at) => at % every === 0 || at === points.length - 1);
}

function readoutTimes(runs: readonly FinishedRun[]): number[] {
  const times = [...new Set(runs.flatMap(({ downloads }) => downloads))].sort((a, b) => a - b);
  const every = Math.ceil(times.length / POINTS_MAX);
  return times.filter((_, at) => at % every === 0 || at === times.length - 1);
}

const countUpTo = (times: readonly number[], most: number): number => {
  const at = times.findIndex((time) => time > most);
  return at < 0 ? times.length : at;
};

/** What has been sent of the image, over time: where a run spends its copies. */
export function passesPicture(runs: readonly FinishedRun[]): PictureSpec {
  const curves = runs.map(({ name, passes }) => ({
    name,
    points: thinned(copiesOver(passes)),
    line: "straight" as const,
    hasMarks: passes.length <= MARKED_MAX,
  }));
  const all = curves.flatMap(({ points }) => points);
  const last = Math.max(...all.map(({ x }) => x));
  return {
    title: "Copies sent, over time",
    x: { ...timeScale(last * 1.02, TICKS_ALONG), label: "after the first Start" },
    y: { ...figureScale([0, ...all.map(({ y }) => y)], TICKS_UP), label: "copies" },
    curves,
    readouts: curves
      .flatMap(({ name, points }) =>
        points.slice(1).map(({ x, y }) => ({ x, text: `${name} · ${durationText(x)} · ${copiesText(y)} copies` })),
      )
      .sort((a, b) => a.x - b.x),
  };
}

/** Each pass as an even stream from its beginning to its end. */
function copiesOver(passes: FinishedRun["passes"]): CurvePoint[] {
  const spans = passes.map(({ startSeconds, endSeconds, copies }) => {
    const end = endSeconds ?? startSeconds;
    return { start: startSeconds, seconds: Math.max(end - startSeconds, 1e-9), end, copies };
  });
  const times = [...new Set([0, ...spans.flatMap(({ start, end }) => [start, end])])].sort((a, b) => a - b);
  return times.map((x) => ({
    x,
    y: spans.reduce(
      (sum, { start, seconds, copies }) => sum + copies * Math.max(0, Math.min(1, (x - start) / seconds)),
      0,
    ),
  }));
}
