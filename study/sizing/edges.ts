/** How long requests to many ONTs take when some are lost and repeated: the waits at the edges of a window. */
import { DOUBLINGS_MAX, explainedSends } from "../../olt/index.ts";
import type { LinkTimes } from "./link.ts";
import { all, type Members } from "./member.ts";
import type { SizingInput } from "./types.ts";

const TRIES_MAX = 40;

/** Chance that one request, or its answer, is lost. */
export const exchangeLoss = ({ kind, loss }: Members): number => 1 - (1 - loss) * (1 - kind.lossUp);

/** Deadline of a request's answer. */
export const requestDeadlineNs = ({ answerFloorNs, answerCeilingNs }: SizingInput, times: LinkTimes): number =>
  Math.min(answerCeilingNs, Math.max(answerFloorNs, 1.2 * times.answersNs(1)));

/** When the request is sent for the `send`-th time (from 0), counted from the first. @param lost share of exchanges that fail */
export function sentAtNs(send: number, deadlineNs: number, ceilingNs: number, lost: number): number {
  const steady = explainedSends(lost);
  let atNs = 0;
  let waitNs = deadlineNs;
  for (let before = 0; before < send; before++) {
    atNs += Math.min(ceilingNs, waitNs);
    if (before >= steady && before < steady + DOUBLINGS_MAX) waitNs *= 2;
  }
  return atNs;
}

/** How many requests, and to what share of the ONTs at once. */
interface Asking {
  share?: number;
  /** One after the other, to each. */
  requests?: number;
}

/** Mean time until all that are asked have answered; a request that is lost, or whose answer is, is repeated. */
export function exchangeNs(
  members: readonly Members[],
  input: SizingInput,
  times: LinkTimes,
  { share = 1, requests = 1 }: Asking = {},
): number {
  const onts = members.reduce((sum, { onts }) => sum + onts, 0) * share;
  const answersNs = times.answersNs(Math.max(1, onts)) * requests;
  return answersNs + deadlines(members, input, times, { share, requests }).ns;
}

/** Mean and variance of a time, nanoseconds. */
export interface Wait {
  ns: number;
  variance: number;
}

/** Of that time, what is spent on deadlines, by the one that is the last to answer. */
export function deadlines(
  members: readonly Members[],
  input: SizingInput,
  times: LinkTimes,
  { share = 1, requests = 1 }: Asking = {},
): Wait {
  const deadlineNs = requestDeadlineNs(input, times);
  const waits = members.map((one) => repeated(waitsFor(one, deadlineNs, input.answerCeilingNs), requests));
  const instants = [...new Set(waits.flatMap((each) => [...each.keys()]))].toSorted((a, b) => a - b);
  const below = waits.map(() => 0);
  let ns = 0;
  let square = 0;
  let allBefore = 0;
  for (const instant of instants) {
    waits.forEach((each, at) => (below[at] += each.get(instant) ?? 0));
    const allNow = all(members, (_one, at) => below[at]) ** share;
    ns += (allNow - allBefore) * instant;
    square += (allNow - allBefore) * instant ** 2;
    allBefore = allNow;
  }
  return { ns, variance: square - ns ** 2 };
}

/**
 * A poll asks each silent member once; who stays silent again is left to the repair that the others need. It is repeated,
 * after a longer deadline, only where nobody told that it lacks anything.
 */
export function pollDeadlines(
  members: readonly Members[],
  input: SizingInput,
  times: LinkTimes,
  { polled, open, requests }: { polled: number; open: number; requests: number },
): Wait {
  const onts = members.reduce((sum, one) => sum + one.onts, 0);
  const deadlineNs = requestDeadlineNs(input, times);
  const lost = members.reduce((sum, one) => sum + one.onts * exchangeLoss(one), 0) / onts;
  const shareMissing = (1 - lost) * open;
  const oneLost = 1 - (1 - lost) ** polled;
  const again = (1 - shareMissing) ** polled - ((1 - lost) * (1 - open)) ** polled;
  const more = polled * shareMissing;
  const rest =
    requests > 1
      ? deadlines(members, input, times, { share: more / onts, requests: requests - 1 })
      : { ns: 0, variance: 0 };
  const noneMore = requests > 1 ? (1 - lost) ** more : 1;
  const first = noneMore * oneLost;
  const ns = rest.ns + first * deadlineNs + (again * lost * 2 * deadlineNs) / Math.max(0.1, 1 - 2 * lost);
  return { ns, variance: rest.variance + first * (1 - first) * deadlineNs ** 2 };
}

/** Chances of the time spent on deadlines until one request of an ONT is answered. */
function waitsFor(one: Members, deadlineNs: number, ceilingNs: number): Map<number, number> {
  const waits = new Map<number, number>();
  const lost = exchangeLoss(one);
  for (let sends = 0; sends < TRIES_MAX && lost ** sends > 1e-9; sends++)
    waits.set(sentAtNs(sends, deadlineNs, ceilingNs, lost), lost ** sends * (1 - lost));
  return waits;
}

/** Chances of the sum of `times` such waits. */
function repeated(waits: Map<number, number>, times: number): Map<number, number> {
  let sums = new Map([[0, 1]]);
  for (let time = 0; time < times; time++) {
    const next = new Map<number, number>();
    for (const [before, chance] of sums)
      for (const [wait, share] of waits) {
        if (chance * share < 1e-10) continue;
        next.set(before + wait, (next.get(before + wait) ?? 0) + chance * share);
      }
    sums = next;
  }
  return sums;
}

/** Sends of one request until it is answered, mean over these ONTs. */
export function sendsPerExchange(members: readonly Members[]): number {
  const onts = members.reduce((sum, { onts }) => sum + onts, 0);
  return members.reduce((sum, one) => sum + one.onts / (1 - exchangeLoss(one)), 0) / Math.max(1, onts);
}
