/** The mean cost of a window in a group whose members are repaired one by one (`recovery: unicast`). */
import { all, countOf, type Members } from "./member.ts";
import { progressOf } from "./repeat-progress.ts";
import { noCost, roundOf, type WindowCost } from "./window-cost.ts";

/**
 * A window sent to all once; whoever misses a section gets the whole window again alone, until it has it. Silent members
 * are asked by the window's last section, or, where nobody misses anything, by a Get.
 */
export function aloneRounds(
  members: readonly Members[],
  sections: number,
  { patience }: { patience: number },
): WindowCost {
  const cost = noCost();
  const roundsMax = patience + 1;
  const progress = members.map((one) => progressOf(one, sections, roundsMax));
  /** Of each kind, the chance that a member is not known to have the window before this round. */
  let open = members.map(() => 1);
  /** And that it gets the window in this round. */
  let served = members.map(() => 1);
  for (let number = 1; number <= roundsMax; number++) {
    const happens = number === 1 ? 1 : 1 - all(members, (_one, at) => 1 - open[at]);
    if (happens < 1e-9) break;
    const round = roundOf(cost, number);
    round.happens = happens;
    round.sections = number === 1 ? sections : sections * countOf(members, (_one, at) => served[at]);
    const incomplete = members.map((_one, at) => 1 - progress[at].whole[number]);
    const silent = members.map((one, at) => open[at] * (1 - one.heard));
    const missing = members.map((one, at) => Math.min(open[at], incomplete[at]) * one.heard);
    round.answerers = countOf(members, (_one, at) => open[at]);
    round.silent = happens - Math.max(0, all(members, (_one, at) => 1 - silent[at]) - (1 - happens));
    cost.answers += countOf(members, (one, at) => open[at] * one.heard);
    const noneMissing = all(members, (_one, at) => 1 - missing[at]);
    const prodded = countOf(members, (_one, at) => silent[at]);
    const polled = Math.max(0, noneMissing - all(members, (_one, at) => 1 - missing[at] - silent[at]));
    const aware = members.every(({ kind }) => kind.recoveryAware);
    const byGet = aware ? polled : 0;
    // Beside a repair, and wherever the ONTs know no better, the question is the window's last section.
    const byGetShare = round.silent > 0 ? byGet / round.silent : 0;
    round.polls = byGet;
    round.polled = byGetShare * prodded;
    round.polledOpen = round.polled / 2;
    const sent = (1 - byGetShare) * prodded;
    round.prods = aware ? 0 : polled;
    cost.sections += round.sections + sent;
    cost.aloneSections += (number === 1 ? 0 : round.sections) + sent;
    cost.answers += countOf(members, (one, at) => (1 - byGetShare) * silent[at] * one.heard);
    if (number === roundsMax) cost.departures = countOf(members, (_one, at) => missing[at]);
    // A silent one that is asked tells what it misses, and gets the window in the round after.
    served = members.map((_one, at) => missing[at] + Math.min(silent[at], incomplete[at] * silent[at]));
    open = members.map((one, at) => Math.min(1, missing[at] + silent[at] * (incomplete[at] + (1 - one.heard))));
  }
  return cost;
}
