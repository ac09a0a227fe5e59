/** The mean cost of one window that is repaired by sending it, or what is missing of it, to all again. */
import { all, countOf, type Members } from "./member.ts";
import { type RepeatProgress, progressOf } from "./repeat-progress.ts";
import { noCost, roundOf, type WindowCost } from "./window-cost.ts";

const ROUNDS_MAX = 60;

/** Chance that somebody still misses a given section after `sends` sends of it: losses on the feeder hit all alike. */
function stillMissed(members: readonly Members[], feederLoss: number, sends: number): number {
  let served = 0;
  let ways = 1;
  for (let passed = 0; passed <= sends; passed++) {
    if (passed > 0) ways = (ways * (sends - passed + 1)) / passed;
    const chance = ways * (1 - feederLoss) ** passed * feederLoss ** (sends - passed);
    served += chance * all(members, ({ ownLoss }) => 1 - ownLoss ** passed);
  }
  return 1 - served;
}

/**
 * A window that is repeated until every member has it: whole (`window`), or only what somebody misses (`selective`).
 *
 * @param repairsMax after so many, whoever still misses something leaves
 */
export function repeatRounds(
  members: readonly Members[],
  sections: number,
  how: "window" | "selective",
  feederLoss: number,
  repairsMax = ROUNDS_MAX - 1,
): WindowCost {
  const roundsMax = repairsMax + 1;
  const progress = members.map((one) => progressOf(one, sections, roundsMax));
  const cost = noCost();
  // A window is not sent again for the section that asks: that one alone is.
  const isOver = how === "window" ? "whole" : "accepted";
  let happens = 1;
  for (let number = 1; number <= roundsMax && happens > 1e-9; number++) {
    const before = number - 1;
    const round = roundOf(cost, number);
    round.happens = happens;
    if (number === 1 || how === "window") round.sections = happens * sections;
    else round.sections = happens + (sections - 1) * stillMissed(members, feederLoss, before);
    cost.sections += round.sections;
    // Who is done answers the repeat of its window as well.
    cost.answers += happens * countOf(members, ({ heard }) => heard);

    const open = (at: number): number => 1 - progress[at].known[before];
    const silent = (one: Members, at: number): number => open(at) * (1 - one.heard);
    const missing = (one: Members, at: number): number => one.heard * (1 - progress[at].whole[number]);
    round.answerers = Math.max(
      happens,
      countOf(members, (_one, at) => open(at)),
    );
    // Where it was over before, there was no such round: that part is taken off each chance.
    const wasOver = (at: number): number => (number === 1 ? 0 : progress[at][isOver][before]);
    const heardOf = (one: Members, at: number): number =>
      wasOver(at) - (wasOver(at) - (number === 1 ? 0 : progress[at].known[before])) * (1 - one.heard);
    const noneBefore = number === 1 ? 0 : all(members, (_one, at) => wasOver(at));
    const allHeardBefore = number === 1 ? 0 : all(members, heardOf);
    round.silent = Math.max(0, happens - (all(members, (one, at) => 1 - silent(one, at)) - allHeardBefore));
    const noneMissing = all(members, (one, at) => 1 - missing(one, at)) - noneBefore;
    const allKnown = all(members, (_one, at) => progress[at].known[number]) - allHeardBefore;
    const polled = Math.max(0, noneMissing - allKnown);
    round.polls = polled;
    round.polled = polled * Math.max(1, countOf(members, silent) / happens);
    const unheardOf = countOf(members, (_one, at) => progress[at].accepted[number] - progress[at].known[number]);
    round.polledOpen = round.polled * (1 - unheardOf / Math.max(1e-12, countOf(members, silent)));
    happens = 1 - all(members, (_one, at) => progress[at][isOver][number]);
    if (how === "window") {
      const allOf = (fact: keyof RepeatProgress, round: number): number =>
        all(members, (_one, at) => progress[at][fact][round]);
      const nowAsked = allOf("whole", number) - allOf("accepted", number);
      const askedBefore = noneBefore - (number === 1 ? 0 : allOf("acceptedOfWhole", number));
      // It may be lost as well.
      round.prods = Math.max(0, nowAsked - askedBefore) / Math.min(...members.map(({ asked }) => asked));
      round.sections += round.prods;
      cost.sections += round.prods;
    }
    if (how === "selective") {
      round.queries = happens;
      round.queried = Math.max(
        happens,
        countOf(members, (_one, at) => 1 - progress[at].known[number]),
      );
    }
  }
  cost.departures = countOf(members, (_one, at) => 1 - (progress[at].whole[roundsMax] ?? 1));
  return cost;
}
