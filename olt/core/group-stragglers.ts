/** Who leaves a group: an ONT leaves for what it does again and again; one long burst of losses is repaired within it. */
import type { Member } from "./group-member.ts";
import type { GroupRounds } from "./group-rounds.ts";
import { GROUP_MIN, TRIES_MAX, triesMax, usualFailures } from "./policy.ts";

/** @param windowSections of a full window. @returns those who are better served alone, and why */
export function stragglersOf(
  { context, members: all, windowNumber, lossMean }: GroupRounds,
  windowSections: number,
  sectionsTotal: number,
  isQuiet: boolean,
): { member: Member; cause: string }[] {
  const { patience } = context.config;
  const members = [...all.values()];
  const windows = Math.max(1, sectionsTotal / windowSections);
  const silencesMax = isQuiet ? triesMax(patience, lossMean, members.length * windows) : Infinity;
  const isTelling = members.length >= GROUP_MIN;
  const usual = isTelling ? usualFailures(members) : 0;
  const roundsMax = triesMax(patience, lossMean, members.length * sectionsTotal, usual);
  return members.flatMap((member) => {
    const { state, missing, rounds, tellingRounds, silences } = member;
    if (isTelling && member.holdsUp(lossMean)) {
      const cause = `misses ${missing} sections of window ${windowNumber}, and loses what is repaired as well`;
      return [{ member, cause }];
    }
    if (state === "missing" && (tellingRounds >= roundsMax || rounds >= Math.max(TRIES_MAX, roundsMax)))
      return [{ member, cause: `window ${windowNumber} not complete after ${rounds} repairs` }];
    if (state === "waiting" && silences >= silencesMax) return [{ member, cause: `silent in window ${windowNumber}` }];
    return [];
  });
}
