/** Copies of the image, and passes, where ONTs are late, lose their power or lose much: mean of seeds, beside what is asked for. */
import { type Statistics, statisticsOf } from "../base/statistics/index.ts";
import { prepareImages, simulate } from "../run/virtual/index.ts";
import { allAtOnce, CASES, type CatchUpCase, ONTS, type RunTimes } from "./catch-up-cases.ts";
import { environment, environmentText, keep, say, table } from "./harness.ts";

const SEEDS = 20;
/** Of the sections of one bad ONT, three of them may take at most so many. */
const THREE_MOST = 1.3;

interface Point {
  name: string;
  most: number;
  runs: number;
  /** Runs in which some ONT did not end with the image. */
  missed: number;
  copies: Statistics;
  passes: { first: number; catchUp: number; alone: number };
  /** Until 95 % of the ONTs had the image, from their own first Start on. */
  p95Seconds: number;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** How long it takes when all are there and nothing is lost. */
function timesOf(): RunTimes {
  const { timing } = simulate(allAtOnce(1)).result;
  if (timing.downloadSeconds === null) throw new Error("the plain run did not end");
  return { download: timing.downloadSeconds, total: timing.totalSeconds };
}

function pointOf({ name, most, scenario }: CatchUpCase, times: RunTimes): Point {
  const images = prepareImages(scenario(1, times));
  const runs = Array.from({ length: SEEDS }, (_, before) => simulate(scenario(before + 1, times), { images }));
  process.stderr.write(`${name}: ${SEEDS} runs\n`);
  const results = runs.map(({ result }) => result);
  const passesOf = (kind: keyof Point["passes"]): number =>
    mean(results.map(({ groups }) => groups.filter(({ why }) => why === kind).length));
  return {
    name,
    most,
    runs: runs.length,
    missed: runs.filter(({ exitCode }) => exitCode !== 0).length,
    copies: statisticsOf(results.map(({ downstream }) => downstream.imageCopies))!,
    passes: { first: passesOf("first"), catchUp: passesOf("catchUp"), alone: passesOf("alone") },
    p95Seconds: mean(results.map(({ timing }) => timing.p95Seconds ?? Number.NaN)),
  };
}

/** As asked for, with the end of the interval that is against it. */
const verdict = ({ copies, most }: Point): string =>
  most === Infinity ? "–" : `${most.toFixed(3)}: ${copies.mean + (copies.ci95 ?? 0) <= most ? "holds" : "misses"}`;

function main(): void {
  const where = environment();
  const startedMs = performance.now();
  const times = timesOf();
  const points = CASES.map((each) => pointOf(each, times));
  const seconds = (performance.now() - startedMs) / 1000;
  const [one, three, oneDown, threeDown] = points.slice(-4).map(({ copies }) => copies.mean);
  const ratios = { both: three / one, down: threeDown / oneDown };
  const rows = points.map((point) => {
    const { name, copies, passes, p95Seconds, missed } = point;
    const { first, catchUp, alone } = passes;
    return [
      name,
      `${copies.mean.toFixed(3)} ±${(copies.ci95 ?? Infinity).toFixed(3)}`,
      `${copies.least.toFixed(3)} to ${copies.most.toFixed(3)}`,
      verdict(point),
      `${first.toFixed(1)} + ${catchUp.toFixed(1)} + ${alone.toFixed(1)}`,
      p95Seconds.toFixed(2),
      String(missed),
    ];
  });
  const head = ["", "copies", "least to most", "at most", "first + catch-up + alone", "95 % have it, s", "runs missed"];
  say(
    `${environmentText(where)}\n\nCopies of an image of 4 MiB to ${ONTS} ONTs: mean of ${SEEDS} seeds ± half of the 95 % confidence interval\n` +
      `(Student's t); with all there and no loss the download takes ${times.download.toFixed(2)} s, the run ${times.total.toFixed(2)} s.\n\n` +
      `${table(head, rows)}\n\nThree ONTs with 60 % loss take ${ratios.both.toFixed(2)} times the sections of one, where the loss is downstream only\n${ratios.down.toFixed(2)} times; ${THREE_MOST} is asked for.\n\n` +
      `${points.length * SEEDS} runs in ${seconds.toFixed(0)} s`,
  );
  process.stdout.write(`${keep("catch-up", where, { seeds: SEEDS, seconds, times, points, ratios })}\n`);
}

main();
