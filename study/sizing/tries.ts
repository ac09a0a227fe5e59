/** How many repairs of a window the members of a group get before they leave it (olt/core/group-stragglers.ts). */
import { GROUP_MIN, triesMax } from "../../olt/index.ts";
import { binomial } from "../../base/statistics/index.ts";
import { NEGLIGIBLE } from "./chance.ts";
import { all, completeAfter, countOf, type Members } from "./member.ts";

/** What a group allows its members in a window. */
export interface WindowTries {
  repairsMax: number;
  /** Members that still miss something then, in the mean; undefined: as the rounds of the window say. */
  leavers?: number;
}

/** Of a group, in windows of one length. */
export interface GroupTries {
  /** The first window, the second, and so on; the last is for all behind it. */
  windows: readonly WindowTries[];
  /** Repairs as long as none has helped anybody. */
  earlyMax: number;
  /** Chance that none of these helps: then all that miss something leave in the first window. */
  noneHelped: number;
}

/** Windows in which the OLT still learns how many repairs fail. */
const SEEN_WINDOWS = 8;

/**
 * A member that keeps its sections needs few repairs. Of one that loses a refused window most repairs fail, as the OLT learns from
 * the usual member; but not before one has helped somebody.
 */
export function triesOf(
  members: readonly Members[],
  sections: number,
  { patience, sectionsTotal }: { patience: number; sectionsTotal: number },
): GroupTries {
  const onts = countOf(members, () => 1);
  const loss = countOf(members, (one) => one.loss) / onts;
  const tries = (usual: number): number => triesMax(patience, loss, onts * sectionsTotal, usual);
  const earlyMax = tries(0);
  if (members.every(({ kind }) => kind.keepsSections))
    return { windows: [{ repairsMax: earlyMax }], earlyMax, noneHelped: 0 };
  const taken = members.map((one) => completeAfter(one, sections - 1, 1));
  const usual = countOf(members, (_one, at) => taken[at]) / onts;
  const leaversBehind = (repairs: number): number => countOf(members, (_one, at) => (1 - taken[at]) ** (repairs + 1));
  const windows = Array.from({ length: SEEN_WINDOWS + 1 }, (_, at): WindowTries => {
    if (onts < GROUP_MIN) return { repairsMax: earlyMax, leavers: leaversBehind(earlyMax) };
    const settled = [{ failures: 1 - usual, chance: 1 }];
    const mean = { repairsMax: 0, leavers: 0 };
    for (const { failures, chance } of at < SEEN_WINDOWS ? medianFailures(at + 1, usual, onts) : settled) {
      const repairs = tries(failures);
      mean.repairsMax += chance * repairs;
      mean.leavers += chance * leaversBehind(repairs);
    }
    return { repairsMax: Math.max(earlyMax, Math.round(mean.repairsMax)), leavers: mean.leavers };
  });
  const noneHelped = all(members, (_one, at) => taken[at] + (1 - taken[at]) ** (earlyMax + 1));
  return { windows, earlyMax, noneHelped: noneHelped - all(members, (_one, at) => taken[at]) };
}

/** Repairs of a member that are followed in all windows so far. */
const REPAIRS_MAX = 2000;

/**
 * What the OLT sees of the median member by the end of a window, as `usualFailures` has it: failed repairs over all repairs and one.
 * Repairs of a member in w windows until w sends were taken have a negative binomial distribution.
 *
 * @param taken chance that a send is
 */
function medianFailures(window: number, taken: number, onts: number): { failures: number; chance: number }[] {
  if (taken <= 0 || taken >= 1) return [{ failures: 0, chance: 1 }];
  const helped = window * (1 - taken);
  const half = ((Math.round(onts) - 1) >> 1) + 1;
  const found: { failures: number; chance: number }[] = [];
  let one = taken ** window;
  let sum = one;
  let below = 0;
  for (let repairs = 0; repairs < REPAIRS_MAX && below < 1 - NEGLIGIBLE; repairs++) {
    const upTo = atLeast(half, Math.round(onts), Math.min(1, sum));
    const failures = window === 1 ? repairs - 1 : repairs - helped;
    found.push({ failures: Math.max(0, failures) / (repairs + 1), chance: upTo - below });
    below = upTo;
    one *= ((repairs + window) / (repairs + 1)) * (1 - taken);
    sum += one;
  }
  return found;
}

/** Chance of at least so many of `count` where each has the chance `share`. */
function atLeast(least: number, count: number, share: number): number {
  const chances = binomial(count, share);
  let sum = 0;
  for (let some = least; some <= count; some++) sum += chances[some] ?? 0;
  return sum;
}
