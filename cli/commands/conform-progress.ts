/** How long a run of cases takes: told before it begins, and while it goes on. */
import type { CaseReport, ConformCase, ConformImage } from "../../conform/core/index.ts";
import { BASELINE_SECTION_BYTES, type MessageSet } from "../../omci/index.ts";
import { durationText, plural } from "../../base/text/index.ts";
import { tell } from "../print.ts";
import { StatusLines } from "../status-lines.ts";

const MS_PER_SECOND = 1000;
/** What is shown live goes on with the time; in a log a line is enough now and then. */
const SHOW_MS = 1000;
const LOG_MS = 30_000;
/** Sections of an extended image, whatever its size (`conform/core/download.ts`). */
const EXTENDED_SECTIONS = 80;
/** Guesses for the first estimate: waits of any case, and a restart of an ONT. */
const CASE_SECONDS = 2;
const RESTART_SECONDS = 30;

interface ShownFacts {
  /** A target in real time: our own ONT in virtual time is done in a moment. */
  isReal: boolean;
  flags: { sectionGap: string; timeoutScale: string };
  image: ConformImage | undefined;
  messageSet: MessageSet;
}

/** Seconds that a case is likely to take. */
function guessOf({ preconditions, steps }: ConformCase, { flags, image, messageSet }: ShownFacts): number {
  const hasImage = preconditions.some((each) => each === "image" || each === "stored" || each === "trial");
  if (hasImage && image === undefined) return 0;
  const bytes = image?.bytes.length ?? 0;
  const sections = messageSet === "baseline" ? Math.ceil(bytes / BASELINE_SECTION_BYTES) : EXTENDED_SECTIONS;
  const download = hasImage ? (sections * Number(flags.sectionGap)) / MS_PER_SECOND : 0;
  const restarts = steps.filter(({ text }) => /^(?:Activate|Reboot|Cut)/.test(text)).length;
  const isTrial = preconditions.includes("trial") ? 2 : 0;
  return CASE_SECONDS + download + (restarts + isTrial) * RESTART_SECONDS;
}

export class CaseProgress {
  readonly #cases: readonly ConformCase[];
  readonly #facts: ShownFacts;
  readonly #lines = new StatusLines(process.stderr);
  #timer: NodeJS.Timeout | undefined;
  #startMs = 0;
  #done = 0;
  #toldMs = 0;

  constructor(cases: readonly ConformCase[], facts: ShownFacts) {
    this.#cases = cases;
    this.#facts = facts;
  }

  /** There is a target: from now on it takes time. */
  begin(): void {
    if (!this.#facts.isReal || this.#timer !== undefined) return;
    this.#startMs = this.#toldMs = performance.now();
    this.#tellEstimate();
    this.#timer = setInterval(() => this.#show(), SHOW_MS);
    this.#timer.unref();
  }

  done(_report: CaseReport): void {
    this.#done++;
    if (this.#timer !== undefined) this.#show();
  }

  /** Makes room for a line that stays. */
  clear(): void {
    this.#lines.clear();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#lines.clear();
  }

  /** Seconds that the cases from one on are likely to take. */
  #guess(from: number, to = this.#cases.length): number {
    return this.#cases.slice(from, to).reduce((sum, each) => sum + guessOf(each, this.#facts), 0);
  }

  #tellEstimate(): void {
    const seconds = durationText(this.#guess(0));
    tell(`${plural(this.#cases.length, "case")}, about ${seconds} if a restart takes ${RESTART_SECONDS} s\n`);
  }

  /** What is left, by the guesses and by how wrong they were so far. */
  #show(): void {
    const running = this.#cases[this.#done];
    if (running === undefined) return this.#lines.clear();
    const nowMs = performance.now();
    const passedSeconds = (nowMs - this.#startMs) / MS_PER_SECOND;
    const guessed = this.#guess(0, this.#done);
    const left = this.#guess(this.#done) * (guessed > 0 ? passedSeconds / guessed : 1);
    const line = `${this.#done} of ${this.#cases.length} after ${durationText(passedSeconds)}, about ${durationText(left)} left: ${running.id}`;
    const isDue = nowMs - this.#toldMs >= LOG_MS;
    if (isDue) this.#toldMs = nowMs;
    this.#lines.show([line], isDue ? [line] : []);
  }
}
