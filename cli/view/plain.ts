/** Progress for logs and pipes: lines, few of them, without control characters. */
import { harmless } from "../../base/terminal/index.ts";
import { bytesText, countText, durationText, percentText, rateText } from "../../base/text/index.ts";
import { countStates } from "./grid.ts";
import type { ProgressView, Terminal } from "./live.ts";
import { stageLabels } from "../../run/progress/index.ts";
import { stateLooks } from "./states.ts";
import type { RunScreen } from "./types.ts";

const INTERVAL_MS = 5000;
/** Under a rate of lines that is a line a step, however fast a run is. */
const STEPS = 10;
const MS_PER_SECOND = 1000;

/** Progress as lines, for logs and pipes: each stage, each tenth of the download, and else one in five seconds. */
export class PlainProgress implements ProgressView {
  readonly #terminal: Terminal;
  readonly #now: () => number;
  #stage = "";
  #step = 0;
  #lastMs = -Infinity;
  #last = "";
  #messages = "";

  /** @param now milliseconds of any clock that goes on by itself, also where the run's own time does not */
  constructor(terminal: Terminal, now: () => number) {
    this.#terminal = terminal;
    this.#now = now;
  }

  update(view: RunScreen): void {
    const nowMs = this.#now();
    const step =
      view.stage === "downloading" && view.imageBytes > 0 ? Math.floor((view.bytesDone / view.imageBytes) * STEPS) : 0;
    const due = view.stage !== this.#stage || step > this.#step || nowMs - this.#lastMs >= INTERVAL_MS;
    if (!due) return;
    this.#stage = view.stage;
    this.#step = step;
    this.#lastMs = nowMs;
    if (view.messages !== undefined && view.messages !== this.#messages) {
      this.#messages = view.messages;
      this.log(view.messages);
    }
    const body = plainText(view);
    // The same state is not said twice.
    if (body === this.#last) return;
    this.#last = body;
    this.#terminal.write(`${durationText(view.elapsedMs / MS_PER_SECOND).padStart(9)}  ${body}\n`);
  }

  log(line: string): void {
    this.#terminal.write(`${line}\n`);
  }

  stop(): void {
    // Nothing of the terminal was changed.
  }
}

/** One line on where a run stands, without its time. */
export function plainText(view: RunScreen): string {
  const { stage, bytesDone, imageBytes, bytesPerSecond, etaMs, repairSections, onts } = view;
  if (stage === "downloading") {
    const share = imageBytes === 0 ? 0 : bytesDone / imageBytes;
    const rate = bytesPerSecond > 0 ? `, ${rateText(bytesPerSecond * 8)}` : "";
    const eta = etaMs === null ? "" : `, ${durationText(etaMs / MS_PER_SECOND)} left`;
    const repairs = repairSections > 0 ? `, ${countText(repairSections)} repair sections` : "";
    return `${stageLabels[stage]} ${percentText(share)}: ${bytesText(bytesDone)} of ${bytesText(imageBytes)}${rate}${eta}${repairs}`;
  }
  const counts = countStates(onts);
  const states = stateLooks
    .filter(({ state }) => counts.has(state))
    .map(({ state, label }) => `${counts.get(state)} ${label}`);
  const reason = stage === "stopped" && view.stopReason !== "" ? ` (${harmless(view.stopReason)})` : "";
  return `${stageLabels[stage]}${reason}${states.length > 0 ? `: ${states.join(", ")}` : ""}`;
}
