/** Who is behind, and why: the reasons as far as events tell them, the weightiest first. */
import { durationText, plural } from "../../../base/text/index.ts";
import type { CellState } from "../../../run/states/index.ts";
import type { LateReason, LateOnt } from "../types.ts";
import { type CellTable, SHARE_WHOLE } from "./cells.ts";
import type { OntLog } from "./ont-log.ts";

/** Who is late is asked this often, on the run's clock or the caller's, whichever comes first. */
const LATE_NS = 500_000_000;
/** Kept in the list. */
const STRAGGLERS_MAX = 12;
const NS_PER_SECOND = 1e9;
/** An answer that takes so many times as long as that of the median ONT, and so much longer, is its flash's. */
const SLOW_TIMES = 2;
const SLOW_NS = 20_000_000;
/** So long at End is longer than a check of the image takes. */
const BUSY_NS = 2e9;
/** Share points behind the median that are worth a word. */
const BEHIND_POINTS = 3;
/** Repeated requests that are worth a word. */
const RETRIES = 3;
const ANSWERS_LEAST = 3;

/** An ONT in these needs nothing more, or cannot be helped. */
const SETTLED: ReadonlySet<CellState> = new Set(["committed", "skipped", "rolledBack", "failed", "notStarted"]);
/** How far along an ONT is, whatever its share. */
const RANK: Partial<Record<CellState, number>> = { stored: 1, rebooting: 2, trial: 3 };

interface Late {
  ont: number;
  behind: number;
  reason: LateReason;
  text: string;
}

/** Those that are late, as they were when somebody looked last. */
export class LateList {
  onts: readonly LateOnt[] = [];
  #lookedNs = -Infinity;

  /** Looks anew where that is due. @returns whether somebody is late, or was */
  look(logs: readonly OntLog[], cells: CellTable, nowNs: number, isOver: boolean): boolean {
    if (nowNs - this.#lookedNs < LATE_NS && !isOver) return false;
    this.#lookedNs = nowNs;
    const found = stragglersOf(logs, cells, nowNs);
    if (found.length === 0 && this.onts.length === 0) return false;
    this.onts = found;
    return true;
  }

  /** Why it is among those that are behind most; empty: it is not. */
  textOf(ont: number): string {
    return this.onts.find((each) => each.ont === ont)?.text ?? "";
  }
}

function stragglersOf(logs: readonly OntLog[], cells: CellTable, nowNs: number): LateOnt[] {
  const progress = logs.map((log, ont) => (RANK[cells.stateOf(ont)] ?? 0) * SHARE_WHOLE + shareOf(cells, ont, log));
  const open = logs.map((_, ont) => ont).filter((ont) => !SETTLED.has(cells.stateOf(ont)));
  if (open.length === 0) return [];
  const middle = median(progress.filter((_, ont) => cells.stateOf(ont) !== "notStarted"));
  const answerNs = median(logs.filter(({ answers }) => answers >= ANSWERS_LEAST).map((log) => log.answerNsMean));
  const late = open.flatMap((ont): Late[] => {
    const behind = middle - progress[ont];
    const found = reasonOf(logs[ont], cells.stateOf(ont), { behind, answerNs, nowNs });
    return found === undefined ? [] : [{ ont, behind, ...found }];
  });
  late.sort((a, b) => b.behind - a.behind || ORDER.indexOf(a.reason) - ORDER.indexOf(b.reason) || a.ont - b.ont);
  return late.slice(0, STRAGGLERS_MAX).map(({ ont, reason, text }) => ({ ont, reason, text }));
}

const ORDER: readonly LateReason[] = [
  "offline",
  "leftGroup",
  "waits",
  "busyAtEnd",
  "slowFlash",
  "lostAnswers",
  "lostSections",
];

const shareOf = (cells: CellTable, ont: number, { phase }: OntLog): number =>
  phase === "ending" ? SHARE_WHOLE : cells.shares[ont];

interface Fleet {
  behind: number;
  answerNs: number;
  nowNs: number;
}

/** Why an ONT that has not come to its end is late; undefined: it is not, as far as anybody can tell. */
export function reasonOf(log: OntLog, state: CellState, { behind, answerNs, nowNs }: Fleet): Reason | undefined {
  const since = (ns: number): string => durationText(Math.max(0, nowNs - ns) / NS_PER_SECOND);
  if (state === "off") return { reason: "offline", text: `offline for ${since(log.offlineSinceNs)}` };
  if (state === "rebooting" || state === "trial" || state === "starting") return undefined;
  const isWaiting = log.phase === "waiting";
  if (isWaiting && log.cause !== "") return { reason: "offline", text: `${log.cause} for ${since(log.phaseSinceNs)}` };
  if (log.left !== "")
    return isWaiting
      ? { reason: "waits", text: `waits for a catch-up group: it left the first (${log.left})` }
      : { reason: "leftGroup", text: `left its group: ${log.left}` };
  if (isWaiting && behind > 0)
    return { reason: "waits", text: `waits for a catch-up group, for ${since(log.phaseSinceNs)}` };
  if (log.phase === "ending" && nowNs - log.phaseSinceNs > BUSY_NS)
    return { reason: "busyAtEnd", text: `busy at End for ${since(log.phaseSinceNs)}: it checks and stores the image` };
  const mean = log.answerNsMean;
  if (log.answers >= ANSWERS_LEAST && mean > answerNs * SLOW_TIMES && mean > answerNs + SLOW_NS)
    return {
      reason: "slowFlash",
      text: `slow flash: a window takes it ${durationText(mean / NS_PER_SECOND)}, others ${durationText(answerNs / NS_PER_SECOND)}`,
    };
  if (behind > 0 && log.retries >= RETRIES)
    return { reason: "lostAnswers", text: `its answers get lost: ${plural(log.retries, "request")} sent again` };
  if (behind >= BEHIND_POINTS && log.sectionsLost > 0)
    return { reason: "lostSections", text: `lost ${plural(log.sectionsLost, "section")}, sent again` };
  return undefined;
}

interface Reason {
  reason: LateReason;
  text: string;
}

function median(values: readonly number[]): number {
  if (values.length === 0) return 0;
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
