/** What many fuzz runs add up to, as text: what was drawn, what happened, which seeds failed. */
import type { SeedRun } from "./seed-run.ts";

const integer = new Intl.NumberFormat("en-US");

/** Adds up what many runs covered. */
export class Summary {
  readonly failed: SeedRun[] = [];
  runs = 0;
  onts = 0;
  steps = 0;
  virtualSeconds = 0;
  readonly #tags = new Map<string, number>();
  readonly #counts = new Map<string, number>();

  add(run: SeedRun): void {
    this.runs++;
    this.steps += run.steps;
    this.virtualSeconds += run.virtualSeconds;
    this.onts += run.draw.allowed.length;
    if (run.problem !== undefined) this.failed.push(run);
    for (const tag of run.draw.tags) add(this.#tags, tag, 1);
    for (const [name, count] of run.counts) add(this.#counts, name, count);
  }

  /** What was drawn, in how many runs; and what happened, how often. */
  text(): string {
    const { runs, onts, steps, virtualSeconds, failed } = this;
    const verdict = failed.length === 0 ? "all converged, no rule broken" : `${failed.length} failed`;
    const lines = [
      `${count(runs, "run")}: ${verdict}`,
      `${count(onts, "ONT")}, ${count(steps, "step")}, ${integer.format(Math.round(virtualSeconds))} s of virtual time`,
      "",
      "drawn, in so many runs",
      ...drawnLines(this.#tags),
      "",
      "happened, so many times",
      ...[...this.#counts].toSorted(([a], [b]) => a.localeCompare(b)).map(([name, times]) => row(name, times)),
    ];
    return lines.join("\n");
  }
}

function add(counts: Map<string, number>, name: string, count: number): void {
  counts.set(name, (counts.get(name) ?? 0) + count);
}

const count = (number: number, of: string): string => `${integer.format(number)} ${of}${number === 1 ? "" : "s"}`;
const row = (name: string, times: number): string => `  ${name.padEnd(36)}${integer.format(times).padStart(12)}`;

/** One line for each topic: the first word of a tag. */
function drawnLines(tags: ReadonlyMap<string, number>): string[] {
  const topics = new Map<string, string[]>();
  for (const [tag, runs] of [...tags].toSorted(([a], [b]) => a.localeCompare(b))) {
    const space = tag.indexOf(" ");
    const topic = tag.slice(0, space);
    const values = topics.get(topic) ?? [];
    values.push(`${tag.slice(space + 1)} ${integer.format(runs)}`);
    topics.set(topic, values);
  }
  return [...topics].map(([topic, values]) => `  ${topic.padEnd(12)}${values.join(", ")}`);
}

/** One line: what went wrong, and how to see it again. */
export const failureLine = ({ draw, problem }: SeedRun): string =>
  `seed ${draw.seed}: ${problem}; replay: npm run fuzz -- --seed ${draw.seed}`;
