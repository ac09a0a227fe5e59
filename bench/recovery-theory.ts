/**
 * How many copies of an image each way of recovery needs, by formulas alone; the measured copies are compared with
 * these. Knows nothing of the simulator.
 */
import { anyOf, binomial } from "../base/statistics/index.ts";

/**
 * Copies of an image that a multicast has to send, by chances alone: every ONT loses every section with the same chance,
 * answers are never lost, and nobody leaves the group. Sections with parity, if any, count like others.
 */
export interface Theory {
  onts: number;
  loss: number;
  /** Sections of each window of the image. */
  windows: readonly number[];
}

/** Below this chance the series has too many terms; what takes its place is right to a thousandth there. */
const SERIES_CHANCE_MIN = 0.02;

/** Terms of a series at most. */
const SERIES_MAX = 1000;

/** Sum over j from 0 on of a sequence that falls to nothing. */
function series(term: (j: number) => number): number {
  let sum = 0;
  for (let j = 0; j < SERIES_MAX; j++) {
    const value = term(j);
    sum += value;
    if (value < 1e-9) break;
  }
  return sum;
}

/** Weighted by their sections: copies of the image when each window takes so many of its own. */
function overWindows({ windows }: Theory, copiesOf: (sections: number) => number): number {
  const total = windows.reduce((sum, sections) => sum + sections, 0);
  return windows.reduce((sum, sections) => sum + sections * copiesOf(sections), 0) / total;
}

/** Mean of the most that any of `count` needs when each has this chance in every round. */
function roundsOfWorst(count: number, chance: number): number {
  if (chance >= SERIES_CHANCE_MIN) return series((round) => 1 - (1 - (1 - chance) ** round) ** count);
  const harmonic = Array.from({ length: count }, (_, before) => 1 / (before + 1)).reduce((sum, term) => sum + term, 0);
  return -harmonic / Math.log1p(-chance) + 0.5;
}

export const theory: Record<string, (given: Theory) => number> = {
  /** No erasure code does better: the window is whole with as many sections as it has, whichever they are. */
  parity: (given) =>
    overWindows(given, (sections) => {
      // More than `extra` are needed by who has lost more than that of as many.
      const more = (extra: number): number => {
        const kept = binomial(sections + extra, given.loss).slice(0, extra + 1);
        const done = kept.reduce((sum, chance) => sum + chance, 0);
        return 1 - Math.min(1, done) ** given.onts;
      };
      return 1 + series(more) / sections;
    }),

  /** Each section until all have it. */
  selective: ({ onts, loss }) => series((round) => anyOf(onts, loss ** round)),

  /** The whole window until all have all of it, each keeping what came. */
  "window-keeps": (given) =>
    overWindows(given, (sections) => series((round) => anyOf(given.onts * sections, given.loss ** round))),

  /** The whole window until all had all of it in one go. */
  "window-discards": (given) =>
    overWindows(given, (sections) => roundsOfWorst(given.onts, (1 - given.loss) ** sections)),

  /** Once to all; then the whole window to each alone until it has all of it, keeping what came. */
  unicast: (given) =>
    overWindows(given, (sections) => 1 + given.onts * series((round) => anyOf(sections, given.loss ** (round + 1)))),
};
