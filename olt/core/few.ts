/** When few of many members have not got the window yet: they are dealt with by themselves, and the others left in peace. */

/** As many times as those who are not done have to be there in all: to wake the others would cost more than to serve them. */
const OTHERS_TIMES = 8;

const areFew = (some: number, members: number): boolean => OTHERS_TIMES * some <= members;

/** Whether a repair for one goes to it alone, and those that were silent are asked. @param some members without the window */
export const isRepairedAlone = areFew;

/** Losses explain so many times the usual number of silent members. */
const LOST_TIMES = 4;

/**
 * Whether those who have not answered are so few that their answers, or what they are to answer, were lost rather than late.
 *
 * @param loss mean share of sections that the members lose; 0: nobody is silent for that
 */
export const areLostRather = (silent: number, members: number, loss: number): boolean =>
  areFew(silent, members) && silent <= LOST_TIMES * loss * members;
