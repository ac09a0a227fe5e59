/** A window to one ONT alone that loses what it has of it with each refusal. */
import { TRIES_PER_SIZE } from "../../olt/index.ts";
import { binomial } from "../../base/statistics/index.ts";
import { SENDS_MAX } from "./alone-cost.ts";
import { NEGLIGIBLE } from "./chance.ts";
import { completeAfter, type Members } from "./member.ts";

/**
 * The window is sent until it is taken, or halved: as many tries of a size as there may be, without one that lacks less than any
 * before. What one of them lacks tells nothing of the next.
 *
 * @returns sends for each window that is taken in this size, and halvings for each
 */
export function windowFromNothing(one: Members, size: number): { sends: number; halved: number } {
  const sends = sendsFromNothing(one, size);
  if (size === 1 || one.loss === 0) return { sends, halved: 0 };
  // What silence keeps is as if a few more sends came through whole.
  const whole = 1 / (sends * one.heard);
  const lacks = binomial(size - 1, one.loss).map((chance, lack, [none]) =>
    lack === 0 ? whole : (chance * (1 - whole)) / (1 - none),
  );
  const { tries, halved } = one.kind.recoveryAware ? triesTold(lacks) : triesUntold(lacks[0]);
  const ends = Math.max(NEGLIGIBLE, 1 - halved);
  return { sends: tries / one.heard / ends, halved: halved / ends };
}

interface Tries {
  /** Until the window is taken or halved. */
  tries: number;
  halved: number;
}

const triesUntold = (taken: number): Tries => {
  const halved = (1 - taken) ** TRIES_PER_SIZE;
  return { tries: (1 - halved) / Math.max(NEGLIGIBLE, taken), halved };
};

/** @param lacks chances to lack 0, 1, 2… sections after a send */
function triesTold(lacks: ArrayLike<number>): Tries {
  /** Sums over what was lacked at least so far, being less than the number that is looked at: tries and halvings from there on. */
  let triesOfLess = 0;
  let halvedOfLess = 0;
  let atLeast = 1 - lacks[0];
  for (let least = 1; least < lacks.length && lacks[least] > 0; least++) {
    // No better: as many, or more. The try that set the number counts as the first.
    const noBetter = Math.max(0, atLeast);
    let reached = 0;
    for (let more = 0; more < TRIES_PER_SIZE - 1; more++) reached += noBetter ** more;
    const tries = reached * (1 + triesOfLess);
    const halved = noBetter ** (TRIES_PER_SIZE - 1) + reached * halvedOfLess;
    triesOfLess += lacks[least] * tries;
    halvedOfLess += lacks[least] * halved;
    atLeast -= lacks[least];
  }
  return { tries: 1 + triesOfLess, halved: halvedOfLess };
}

/** Sends until a good answer is heard, were the window never halved: only silence keeps what came in. */
function sendsFromNothing(one: Members, size: number): number {
  let constant = 1 / one.heard;
  let again = 0;
  for (let kept = SENDS_MAX - 1; kept >= 0; kept--) {
    const whole = completeAfter(one, size - 1, kept + 1);
    const acceptedUnheard = (one.asked - one.heard) * whole;
    const silent = 1 - one.heard - acceptedUnheard;
    constant = 1 + acceptedUnheard / one.heard + silent * constant;
    again = one.heard * (1 - whole) + silent * again;
  }
  return constant / (1 - again);
}
