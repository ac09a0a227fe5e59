/** What one multicast group costs on one port, put together from its windows, their repairs and their waits. */
import { GROUP_MIN, isPoor, recoveryFacts, SPREAD_PAUSE_MAX_NS } from "../../olt/index.ts";
import { aloneRounds } from "./alone-rounds.ts";
import { BITMAP_LOW_SECTIONS, type ControlTraffic } from "./control.ts";
import { deadlines, pollDeadlines, sendsPerExchange, type Wait } from "./edges.ts";
import { type LinkTimes, sectionFrameBytes } from "./link.ts";
import { countOf, type Members, membersOf } from "./member.ts";
import { parityWindows, type WindowPlan } from "./parity-windows.ts";
import { GrantPhases } from "./phases.ts";
import { repeatRounds } from "./repeat-rounds.ts";
import { triesOf, type WindowTries } from "./tries.ts";
import type { Receivers, SizingInput } from "./types.ts";
import { addCost, noCost, type WindowCost } from "./window-cost.ts";

/** What the multicast download of one group costs on one port. */
export interface GroupCost {
  members: readonly Members[];
  cost: WindowCost;
  windows: number;
  frameBytes: number;
  /** First Start to the last window's last answer. */
  ns: number;
  /** Of that, deadlines that were waited for, and the variance of those: they come or do not. */
  deadlinesNs: number;
  variance: number;
  /** Until the members have their Start and begin to erase: those few that get it late are left out. */
  beginNs: number;
  lastWindowSections: number;
  /** Members that leave on the way, in the mean, and the sections of the image that all of them still lack then. */
  leavers: number;
  leftOverSections: number;
}

/** How a group's windows are repaired, given what its members know (olt/core/group-repair.ts). */
function windowPlans(members: readonly Members[], total: number, granted: number, input: SizingInput): WindowPlan[] {
  const aware = members.every(({ kind }) => kind.recoveryAware);
  const parityAware = members.every(({ kind }) => kind.parityAware);
  const { recovery, feederLoss } = input;
  const { usesParity = false, usesBitmaps = false, resends } = recoveryFacts(recovery);
  if (usesParity && aware && parityAware) return parityWindows(members, total, granted, input);
  const how = resends === "alone" ? "unicast" : usesBitmaps && aware ? "selective" : "window";
  const full = Math.floor(total / granted);
  const rest = total - full * granted;
  const tries = triesOf(members, Math.min(granted, total), { patience: input.patience, sectionsTotal: total });
  // Who keeps its sections has a window long before it would leave.
  const keeps = members.every(({ kind }) => kind.keepsSections);
  const costOf = (sections: number, { repairsMax, leavers }: WindowTries): WindowCost => {
    const cost =
      how === "unicast"
        ? aloneRounds(members, sections, { patience: repairsMax })
        : repeatRounds(members, sections, how, feederLoss, keeps ? undefined : repairsMax);
    return leavers === undefined ? cost : { ...cost, departures: leavers };
  };
  const plans: WindowPlan[] = [];
  const { windows, earlyMax, noneHelped } = tries;
  const goesOn = 1 - noneHelped;
  if (noneHelped > 0) {
    const leavers = countOf(members, ({ kind }) => (kind.keepsSections ? 0 : 1));
    const cost = addCost(noCost(), costOf(Math.min(granted, total), { repairsMax: earlyMax, leavers }), noneHelped);
    plans.push({ sections: 0, times: 1, cost });
  }
  let left = full;
  windows.forEach((window, at) => {
    const times = at < windows.length - 1 ? Math.min(1, left) : left;
    if (times > 0) plans.push({ sections: granted, times: times * goesOn, cost: costOf(granted, window) });
    left -= times;
  });
  if (rest > 0)
    plans.push({ sections: rest, times: goesOn, cost: costOf(rest, windows[Math.min(full, windows.length - 1)]) });
  return plans;
}

const meanLoss = (members: readonly Members[]): number =>
  countOf(members, ({ loss }) => loss) / countOf(members, () => 1);

/** Whether members lose so much, and so much more than the others, that they leave in the first window. */
export const leavesAtOnce = (one: Members, members: readonly Members[]): boolean =>
  countOf(members, () => 1) >= GROUP_MIN && isPoor(one.loss, meanLoss(members));

export function groupCost(
  kinds: readonly Receivers[],
  sectionsTotal: number,
  sectionBytes: number,
  input: SizingInput,
  times: LinkTimes,
  control: ControlTraffic,
): GroupCost {
  const members = kinds.map((kind) => membersOf(kind, input.feederLoss));
  const onts = members.reduce((sum, one) => sum + one.onts, 0);
  const { messageSet } = kinds[0];
  const granted = Math.min(input.windowSections, ...kinds.map(({ windowSections }) => windowSections));
  const plans = windowPlans(members, sectionsTotal, granted, input);
  const frameBytes = sectionFrameBytes(input.line, messageSet, sectionBytes);
  const repeats = sendsPerExchange(members);
  const starts = kinds.filter(({ windowSections }) => Math.min(windowSections, input.windowSections) > granted);
  const startAgain = starts.reduce((sum, kind) => sum + kind.onts, 0);
  const phases = new GrantPhases(input.line);
  const start = deadlines(members, input, times);
  let beginNs = phases.round(0, onts);
  let startNs = beginNs + start.ns;
  if (startAgain > 0) {
    beginNs = startNs + phases.round(0, startAgain);
    startNs = beginNs + deadlines(members, input, times, { share: startAgain / onts }).ns;
  }
  control.starts(messageSet, (onts + startAgain) * repeats, onts + startAgain);
  const facts = { members, onts, frameBytes, input, times, phases };
  const total = noCost();
  let ns = startNs;
  let windows = 0;
  let { variance } = start;
  let deadlinesNs = start.ns;
  let last: WindowTime = { ns: 0, variance: 0, deadlinesNs: 0 };
  let leftOverSections = 0;
  let sectionsBefore = 0;
  for (const { sections, times: count, cost } of plans) {
    addCost(total, cost, count);
    ns += phases.repeat(count, () => {
      const window = windowTime(cost, sections, facts);
      last = window;
      return window.ns;
    });
    variance += count * last.variance;
    deadlinesNs += count * last.deadlinesNs;
    windows += count;
    const meanLeft = sectionsTotal - sectionsBefore - (sections * count) / 2;
    leftOverSections += count * cost.departures * meanLeft;
    sectionsBefore += sections * count;
    const asked = cost.rounds.reduce((sum, round) => sum + round.polled + round.queried, 0);
    control.bitmaps(messageSet, sections, count * asked, repeats);
    control.sectionAnswers(messageSet, count * cost.answers);
  }
  return {
    members,
    cost: total,
    windows,
    frameBytes,
    ns,
    deadlinesNs,
    variance,
    beginNs,
    lastWindowSections: plans.at(-1)?.sections ?? 0,
    leavers: total.departures,
    leftOverSections,
  };
}

interface WindowTime extends Wait {
  deadlinesNs: number;
}

interface GroupFacts {
  members: readonly Members[];
  onts: number;
  frameBytes: number;
  input: SizingInput;
  times: LinkTimes;
  phases: GrantPhases;
}

/** Time of one window: sections on their way, answers, deadlines for those that stay silent, questions and repairs. */
function windowTime(cost: WindowCost, sections: number, facts: GroupFacts): WindowTime {
  const { members, onts, frameBytes, input, times, phases } = facts;
  const pauseNs = Math.max(input.answerFloorNs, Math.min(SPREAD_PAUSE_MAX_NS, times.answersNs(onts)));
  const heard = countOf(members, (one) => one.heard) / onts;
  const requests = sections > BITMAP_LOW_SECTIONS ? 2 : 1;
  const last = new Float64Array(phases.last.length);
  let ns = 0;
  let variance = 0;
  let deadlinesNs = 0;
  /** Something is waited for so long with this chance. */
  const sometimes = (chance: number, wait: Wait): void => {
    deadlinesNs += chance * wait.ns;
    variance += chance * wait.variance + Math.max(0, chance * (1 - chance)) * wait.ns ** 2;
  };
  cost.rounds.forEach((round, at) => {
    const { happens } = round;
    if (happens < 1e-9) return;
    // Sections to single ONTs share the line, but each ONT works on its own only.
    const own = cost.aloneSections > 0 ? Math.min(sections, round.sections / happens) : round.sections / happens;
    const arriveNs = times.arriveNs(round.sections / happens, frameBytes, own);
    const roundNs = phases.round(arriveNs, (round.answerers / happens) * heard);
    ns += happens * (roundNs - times.regainedNs(roundNs - arriveNs));
    sometimes(round.silent, { ns: pauseNs, variance: 0 });
    if (round.polls > 1e-9) {
      const polled = Math.max(1, round.polled / round.polls);
      const open = round.polledOpen / round.polled;
      ns += round.polls * (1 + open * (requests - 1)) * phases.round(0, polled);
      sometimes(round.polls, pollDeadlines(members, input, times, { polled, open, requests }));
    }
    if (round.queries > 1e-9) {
      const queried = Math.max(1, round.queried / round.queries);
      ns += round.queries * requests * phases.round(0, queried);
      sometimes(round.queries, deadlines(members, input, times, { share: Math.min(1, queried / onts), requests }));
    }
    if (round.prods > 1e-9) ns += round.prods * (phases.round(0, 1) + input.answerFloorNs / 10);
    // Who is done with this round goes on to the next window from here.
    const ends = happens - (cost.rounds[at + 1]?.happens ?? 0);
    phases.last.forEach((chance, slot) => (last[slot] += ends * chance));
  });
  phases.last = last;
  return { ns: ns + deadlinesNs, variance, deadlinesNs };
}
