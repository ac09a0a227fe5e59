/** Where a member stands after each send of a window that is repeated to all until everybody has it. */
import { completeAfter, type Members } from "./member.ts";

/** After each round, the first being 0: nothing sent yet. */
export interface RepeatProgress {
  /** It has all sections but perhaps the last. */
  whole: number[];
  /** It has accepted the window: whole, and a section with AR came after that. */
  accepted: number[];
  /** The same, of those that were whole a round before. */
  acceptedOfWhole: number[];
  /** The OLT heard of it. */
  known: number[];
}

/** From when it is whole on, a member takes one round whose section with AR arrives (and whose answer does). */
export function progressOf(members: Members, sections: number, rounds: number): RepeatProgress {
  const whole = members.kind.keepsSections
    ? wholeKept(members, sections - 1, rounds)
    : wholeFromNothing(members, sections - 1, rounds);
  const accepted = [0];
  const acceptedOfWhole = [0];
  const known = [0];
  let unaccepted = 0;
  let unknown = 0;
  for (let round = 1; round <= rounds; round++) {
    const became = whole[round] - whole[round - 1];
    unaccepted = (unaccepted + became) * (1 - members.asked);
    unknown = (unknown + became) * (1 - members.heard);
    accepted.push(whole[round] - unaccepted);
    acceptedOfWhole.push(whole[round] - unaccepted - became * members.asked);
    known.push(whole[round] - unknown);
  }
  return { whole, accepted, acceptedOfWhole, known };
}

/** A section is missing after j sends with chance p^j, so that a member is whole by round j with chance (1 - p^j)^(k - 1). */
function wholeKept(members: Members, others: number, rounds: number): number[] {
  const whole = [0];
  for (let round = 1; round <= rounds; round++)
    whole.push(Math.max(whole[round - 1], completeAfter(members, others, round)));
  return whole;
}

/** Sends in a row without a section with AR that are followed. */
const KEPT_MAX = 40;

/** A refused window is lost to the member: it needs all of one send, or of several where no section with AR came to be refused. */
function wholeFromNothing(members: Members, others: number, rounds: number): number[] {
  const complete = Array.from({ length: KEPT_MAX + 2 }, (_, sends) => completeAfter(members, others, sends));
  const whole = [0];
  /** Chances to hold what came of 0, 1, 2… sends, and to miss something still. */
  let holds: number[] = [1];
  for (let round = 1; round <= rounds; round++) {
    const next = Array.from({ length: Math.min(KEPT_MAX, holds.length) + 1 }, () => 0);
    let became = 0;
    holds.forEach((chance, sends) => {
      const isSure = complete[sends] >= 1;
      const now = chance * (isSure ? 1 : (complete[sends + 1] - complete[sends]) / (1 - complete[sends]));
      became += now;
      next[0] += (chance - now) * members.asked;
      next[Math.min(KEPT_MAX, sends + 1)] += (chance - now) * (1 - members.asked);
    });
    holds = next;
    whole.push(Math.min(1, whole[round - 1] + became));
  }
  return whole;
}
