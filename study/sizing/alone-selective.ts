/** The mean cost of a window to one ONT that says what it misses and is sent just that. */
import { countsAsSilent, DOUBLINGS_MAX, sendsMaxFor } from "../../olt/index.ts";
import { type AloneFacts, SENDS_MAX, type WindowSends } from "./alone-cost.ts";
import { NEGLIGIBLE } from "./chance.ts";
import { BITMAP_LOW_SECTIONS } from "./control.ts";
import { exchangeLoss, requestDeadlineNs, sentAtNs, type Wait } from "./edges.ts";
import type { LinkTimes } from "./link.ts";
import { completeAfter, type Members } from "./member.ts";
import type { SizingInput } from "./types.ts";

/** A window repaired with what the ONT misses: it is asked after each refusal, and after each silence. */
export function selectiveSends(one: Members, size: number, windows: number, facts: AloneFacts): WindowSends {
  const { input, times, frameBytes } = facts;
  let sections = size;
  let whole = 0;
  let unasked = 0;
  /** Chance that there is a first, second, third … send. */
  const happens = [1];
  for (let send = 1; send <= SENDS_MAX; send++) {
    const now = Math.max(whole, completeAfter(one, size - 1, send));
    unasked = (unasked + now - whole) * (1 - one.asked);
    whole = now;
    const open = 1 - whole + unasked;
    if (open < 1e-9) break;
    happens.push(open);
    sections += (size - 1) * one.loss ** send + open;
  }
  const { answerFloorNs, answerCeilingNs } = input;
  const deadlineNs = Math.max(answerFloorNs, 1.2 * times.ownAnswerNs(0));
  const silence = silenceOfRepairs(one, happens, windows, { deadlineNs, ceilingNs: answerCeilingNs });
  const sends = happens.reduce((sum, chance) => sum + chance, 0);
  const repairs = sends - 1;
  const ask = askedAgainAndAgain(one, input, times, size > BITMAP_LOW_SECTIONS ? 2 : 1);
  const last = askedAgainAndAgain(one, input, times, 1);
  // Behind the last send only a silent ONT is asked, and says that it has the window.
  const mute = 1 - one.heard;
  const againNs = times.ownAnswerNs(times.arriveNs((sections - size) / Math.max(NEGLIGIBLE, repairs), frameBytes));
  return {
    sections,
    windows: 1,
    answers: sends * one.heard,
    gets: repairs * ask.gets + mute * last.gets,
    ns:
      times.ownAnswerNs(times.arriveNs(size, frameBytes)) + repairs * (againNs + ask.ns) + mute * last.ns + silence.ns,
    waitNs: silence.ns + repairs * ask.ns + mute * last.ns,
    variance: silence.variance + repairs * ask.variance + mute * last.variance,
    halved: 0,
  };
}

/**
 * What silences cost a window. The deadline doubles with each; only a window whose first send is answered brings it back,
 * and only answers before any silence tell how long answers take: until then the deadline is the longest there is.
 *
 * @param happens chance of each send of a window
 * @returns of one window, in the mean of so many
 */
function silenceOfRepairs(
  one: Members,
  happens: readonly number[],
  windows: number,
  { deadlineNs, ceilingNs }: { deadlineNs: number; ceilingNs: number },
): Wait {
  const count = Math.max(1, Math.round(windows));
  /** Chances by doublings; whether a time is known; whether something was silent in the window. */
  const fresh = (): Float64Array => new Float64Array(4 * (DOUBLINGS_MAX + 1));
  const at = (doublings: number, isKnown: boolean, isSpoiled: boolean): number =>
    4 * doublings + (isKnown ? 2 : 0) + (isSpoiled ? 1 : 0);
  let begins = fresh();
  begins[at(0, false, false)] = 1;
  let ns = 0;
  let square = 0;
  for (let window = 0; window < count; window++) {
    const next = fresh();
    let now = begins;
    happens.forEach((happening, send) => {
      const after = fresh();
      now.forEach((chance, state) => {
        const doublings = state >> 2;
        const isKnown = (state & 2) !== 0;
        const isSpoiled = (state & 1) !== 0;
        const silent = chance * (1 - one.heard);
        const wait = isKnown ? Math.min(ceilingNs, deadlineNs * 2 ** doublings) : ceilingNs;
        ns += silent * wait;
        square += silent * wait ** 2;
        after[at(Math.min(DOUBLINGS_MAX, doublings + 1), isKnown, true)] += silent;
        after[isSpoiled ? state : at(0, true, false)] += chance * one.heard;
      });
      const ends = 1 - (happens[send + 1] ?? 0) / happening;
      after.forEach((chance, state) => (next[state & ~1] += chance * ends));
      now = after.map((chance) => chance * (1 - ends));
    });
    begins = next;
  }
  return { ns: ns / count, variance: square / count };
}

/**
 * The bitmap of an ONT alone: Gets that are repeated, after each deadline, until the ONT counts as silent, and then asked
 * for from the first one on again.
 */
function askedAgainAndAgain(
  one: Members,
  input: SizingInput,
  times: LinkTimes,
  requests: number,
): Wait & { gets: number } {
  const { answerCeilingNs } = input;
  const lost = exchangeLoss(one);
  const sendsMax = sendsMaxFor(input.sendsMax, lost);
  const deadlineNs = requestDeadlineNs(input, times);
  let answered = 0;
  let answeredNs = 0;
  let answeredSquare = 0;
  let sends = 0;
  let elapsedNs = 0;
  while (!countsAsSilent(sends, elapsedNs, { sendsMax, answerTimeoutNs: answerCeilingNs })) {
    const chance = lost ** sends * (1 - lost);
    answered += chance;
    answeredNs += chance * elapsedNs;
    answeredSquare += chance * elapsedNs ** 2;
    sends++;
    elapsedNs = sentAtNs(sends, deadlineNs, answerCeilingNs, lost);
  }
  // Mean rounds of the chain "first Get … last Get" until one goes through; in each that does not, one is silent.
  const through = answered ** requests;
  const failures = (1 - through) / through;
  const meanNs = answeredNs / answered;
  const squareNs = answeredSquare / answered;
  // Of two, the first was answered in some of the chains that broke off.
  const inVain = requests > 1 ? (failures * answered) / (1 + answered) : 0;
  const gets = requests + inVain;
  const ns = gets * (meanNs + times.ownAnswerNs(0)) + failures * elapsedNs;
  const variance = gets * (squareNs - meanNs ** 2) + failures * (1 + failures) * elapsedNs ** 2;
  return { ns, variance, gets };
}
