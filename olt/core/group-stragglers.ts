/** Who leaves a group: an ONT leaves for what it does again and again; one long burst of losses is repaired within it. */
import { unansweredShare } from "./answer-share.ts";
import type { Member } from "./group-member.ts";
import type { GroupRounds } from "./group-rounds.ts";
import { GROUP_MIN, POOR_SHARE, TRIES_MAX, triesMax, usualFailures } from "./policy.ts";

export interface Straggler {
  member: Member;
  cause: string;
  /** It loses far more than the others, or never has it all: else it is silent. */
  forLosses: boolean;
}

/** Whether what it told before it fell silent is losses far beyond bad luck. */
const losesMuch = ({ lost, session }: Member, sections: number): boolean =>
  Math.max(lost / sections, session.progress.lossShare) > POOR_SHARE;

/** @param windowSections of a full window. @returns those who are better served alone, and why */
export function stragglersOf(
  { context, members: all, windowNumber, openWindow, lossMean, loss }: GroupRounds,
  windowSections: number,
  sectionsTotal: number,
  isQuiet: boolean,
): Straggler[] {
  const { patience } = context.config;
  const members = [...all.values()];
  const windows = Math.max(1, sectionsTotal / windowSections);
  const unanswered = unansweredShare(loss);
  const silencesMax = isQuiet ? triesMax(patience, lossMean, members.length * windows, unanswered) : Infinity;
  const isTelling = members.length >= GROUP_MIN;
  const usual = Math.max(unanswered, isTelling ? usualFailures(members) : 0);
  const roundsMax = triesMax(patience, lossMean, members.length * sectionsTotal, usual);
  const { sections } = openWindow;
  return members.flatMap((member): Straggler[] => {
    const { state, missing, rounds, tellingRounds, silences } = member;
    if (isTelling && member.holdsUp(lossMean)) {
      const cause = `misses ${missing} sections of window ${windowNumber}, and loses what is repaired as well`;
      return [{ member, cause, forLosses: true }];
    }
    if (state === "missing" && (tellingRounds >= roundsMax || rounds >= Math.max(TRIES_MAX, roundsMax)))
      return [{ member, cause: `window ${windowNumber} not complete after ${rounds} repairs`, forLosses: true }];
    if (state === "waiting" && silences >= silencesMax)
      return [{ member, cause: `silent in window ${windowNumber}`, forLosses: losesMuch(member, sections) }];
    return [];
  });
}
