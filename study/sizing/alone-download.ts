/**
 * The mean cost of a download to one ONT alone: windows that shrink after losses, and waits for lost answers.
 * Formulas, no simulation.
 */
import { DOUBLINGS_MAX, recoveryFacts, REPEAT_FLOOR_SHARE, TRIES_PER_SIZE } from "../../olt/index.ts";
import { binomial } from "../../base/statistics/index.ts";
import { NEGLIGIBLE } from "./chance.ts";
import { type AloneCost, type AloneFacts, SENDS_MAX, type WindowSends } from "./alone-cost.ts";
import { windowFromNothing } from "./alone-from-nothing.ts";
import { selectiveSends } from "./alone-selective.ts";
import { deadlines } from "./edges.ts";
import type { LinkTimes } from "./link.ts";
import { completeAfter, type Members } from "./member.ts";
import type { SizingInput } from "./types.ts";

/** Steps in which the image is followed while the window shrinks. */
const STEPS = 4000;

/**
 * Sections `from` to the end of an image to one ONT alone (G.988 I.3). A refused window goes out again whole, or, where
 * the ONT knows the recovery ME in multicast mode, with what it misses. A window that brings nothing new again and again is
 * halved.
 *
 * @param sections sections of the image that are left
 */
export function aloneDownload(one: Members, sections: number, windowSections: number, facts: AloneFacts): AloneCost {
  const { mode, recovery } = facts.input;
  const { usesBitmaps = false } = recoveryFacts(recovery);
  // Who has lost the whole window is sent the whole window.
  const selective = mode === "multicast" && one.kind.recoveryAware && one.kind.keepsSections && usesBitmaps;
  const levels: Level[] = [];
  for (let size = windowSections; ; size = Math.max(1, size >> 1)) {
    const windows = sections / size;
    const window = selective ? selectiveSends(one, size, windows, facts) : wholeSends(one, size, facts);
    levels.push({ size, window, rate: size === 1 ? 0 : window.halved / size });
    if (levels.at(-1)!.rate < NEGLIGIBLE) break;
  }
  const cost = overLevels(levels, sections);
  if (selective) return cost;
  // Before any answer has told how long they take, the deadline is the longest there is.
  const mute = 1 - one.heard;
  const deadlineNs = firstDeadlineNs(facts.input, facts.times);
  const moreNs = facts.input.answerCeilingNs - deadlineNs;
  cost.ns += mute * moreNs;
  cost.waitNs += mute * moreNs;
  cost.variance += mute * moreNs * (moreNs + 2 * deadlineNs);
  return cost;
}

/** Windows of a size, and the chance that a section of theirs is the last one in that size. */
interface Level {
  size: number;
  window: WindowSends;
  rate: number;
}

const figures = ["sections", "windows", "answers", "gets", "ns", "waitNs"] as const;
const NS = figures.indexOf("ns");

/**
 * With r sections left and windows of one size, the mean m(r) of anything that adds up grows by what a section costs, and
 * by the chance that the size changes times what that changes: m' = c + h (m_half - m). So does the mean square of the
 * time, s' = v + 2 c m + h (s_half - s).
 */
function overLevels(levels: readonly Level[], sections: number): AloneCost {
  const steps = levels.length === 1 ? 1 : STEPS;
  const step = sections / steps;
  const count = figures.length;
  const moves = levels.map(({ rate }) => 1 - Math.exp(-rate * step));
  // Of a step, the part that is still taken in this size.
  const parts = levels.map(({ rate }, at) => (rate > 0 ? moves[at] / rate : step));
  const costs = levels.map(({ size, window }, at) =>
    Float64Array.from(figures, (name) => (window[name] * parts[at]) / size),
  );
  const variances = levels.map(({ size, window }, at) => (window.variance * parts[at]) / size);
  // Behind the smallest size there is none: nothing is left of it, and nothing moves there.
  const means = Array.from({ length: levels.length + 1 }, () => new Float64Array(count));
  const squares = new Float64Array(levels.length + 1);
  for (let taken = 0; taken < steps; taken++) {
    // The larger size first: it looks at the smaller one as it stood before this step.
    for (let at = 0; at < levels.length; at++) {
      const [mean, half, cost, move] = [means[at], means[at + 1], costs[at], moves[at]];
      const before = mean[NS];
      for (let figure = 0; figure < count; figure++)
        mean[figure] += cost[figure] + move * (half[figure] - mean[figure]);
      const spent = cost[NS];
      squares[at] += variances[at] + spent * (2 * before + spent) + move * (squares[at + 1] - squares[at]);
    }
  }
  const [sectionsMean, windows, answers, gets, ns, waitNs] = means[0];
  const variance = Math.max(0, squares[0] - ns ** 2);
  return { sections: sectionsMean, windows, answers, gets, ns, waitNs, variance };
}

/**
 * Chances of the silences: each begins with a window's send, or a repeat of it, that is not answered. The deadline is
 * doubled with each and stays so until a window is answered at once.
 *
 * @returns mean and mean square of what one send and its repeats wait for
 */
function silenceNs(one: Members, floorNs: number, ceilingNs: number): { mean: number; square: number } {
  const mute = 1 - one.heard;
  const wait = (doublings: number): number => Math.min(ceilingNs, floorNs * 2 ** doublings);
  // Doublings at the send of a window, as they settle.
  let at = new Float64Array(DOUBLINGS_MAX + 1);
  at[0] = 1;
  for (let turn = 0; turn < 60; turn++) {
    const next = new Float64Array(DOUBLINGS_MAX + 1);
    at.forEach((chance, doublings) => {
      next[0] += chance * one.heard;
      let left = chance * mute;
      for (let more = 1; left > NEGLIGIBLE; more++) {
        next[Math.min(DOUBLINGS_MAX, doublings + more)] += left * one.heard;
        left *= mute;
      }
    });
    at = next;
  }
  let mean = 0;
  let square = 0;
  at.forEach((chance, doublings) => {
    let left = chance * mute;
    let sum = 0;
    for (let more = 0; left > NEGLIGIBLE && more < SENDS_MAX; more++) {
      sum += wait(Math.min(DOUBLINGS_MAX, doublings + more));
      mean += left * one.heard * sum;
      square += left * one.heard * sum ** 2;
      left *= mute;
    }
  });
  return { mean, square };
}

/** First deadline of an answer where a whole window is repeated behind it. */
const firstDeadlineNs = ({ answerFloorNs, answerCeilingNs }: SizingInput, times: LinkTimes): number =>
  Math.max(answerFloorNs, answerCeilingNs * REPEAT_FLOOR_SHARE, 1.2 * times.ownAnswerNs(0));

function wholeSends(one: Members, size: number, { input, times, frameBytes, lanes }: AloneFacts): WindowSends {
  const { answerCeilingNs } = input;
  const floorNs = firstDeadlineNs(input, times);
  const { sends, halved } = one.kind.keepsSections
    ? { sends: sendsKept(one, size), halved: halvedChance(one, size) }
    : windowFromNothing(one, size);
  // Each heard answer ends one send with its repeats: all but the last one refuse the window.
  const heard = sends * one.heard;
  const silence = silenceNs(one, floorNs, answerCeilingNs);
  const mute = 1 - one.heard;
  const asks = (heard - 1) * mute;
  const askNs = times.ownAnswerNs(0) + deadlines([{ ...one, onts: 1 }], input, times).ns;
  return {
    sections: sends * size,
    windows: 1,
    answers: heard,
    gets: asks,
    ns: heard * (times.ownAnswerNs(times.sharedNs(size, frameBytes, lanes)) + silence.mean) + asks * askNs,
    waitNs: heard * silence.mean + asks * askNs,
    variance: heard * silence.square,
    halved,
  };
}

/** Sends of a window until its good answer is heard, by an ONT that keeps what it has. */
function sendsKept(one: Members, size: number): number {
  let sends = 0;
  let whole = 0;
  /** Chance that the ONT has all other sections, and the OLT has not heard so. */
  let unheard = 0;
  for (let send = 1; send <= SENDS_MAX; send++) {
    const open = 1 - whole + unheard;
    if (open < 1e-9) break;
    sends += open;
    const now = Math.max(whole, completeAfter(one, size - 1, send));
    unheard = (unheard + now - whole) * (1 - one.heard);
    whole = now;
  }
  return sends;
}

/**
 * Chance that a window is halved: so many refusals in a row with as many sections missing, or simply so many where the
 * ONT does not tell how many.
 */
function halvedChance(one: Members, size: number): number {
  if (size === 1 || one.loss === 0) return 0;
  const refused = binomial(size - 1, one.loss);
  if (!one.kind.recoveryAware) return 1 - completeAfter(one, size - 1, TRIES_PER_SIZE);
  let missing: Float64Array = refused;
  let same = 0;
  for (let send = 1; send < 12; send++) {
    const next = new Float64Array(missing.length);
    for (let count = 1; count < missing.length; count++) {
      if (missing[count] < NEGLIGIBLE) continue;
      // It may stay as it is a few times, and then become less.
      const still = binomial(count, one.loss);
      const stays = still[count];
      same += missing[count] * stays ** (TRIES_PER_SIZE - 1);
      const goesOn = (1 - stays ** (TRIES_PER_SIZE - 1)) / (1 - stays);
      for (let left = 0; left < count; left++) next[left] += missing[count] * goesOn * still[left];
    }
    missing = next;
  }
  return Math.min(1, same);
}
