/** Chance that a whole download costs some ONT the group by bad luck alone. */
const BAD_LUCK = 0.01;
/** Tries in a row that a bad link alone never earns more of. */
export const TRIES_MAX = 16;
/** And tries that nobody gets more of, however many fail for all. */
const TRIES_LIMIT = 256;
/** Tries that fail more often than this are as good as hopeless: they earn no more. */
const FAILS_MAX = 0.95;

/**
 * Tries in a row after which an ONT is not one of the group any more: so many that, at the losses of the others, one that
 * is no worse would fail all of them once in a hundred downloads. One bad ONT then never holds up the rest, and bad luck
 * costs nobody the group.
 *
 * @param patience tries that everybody has
 * @param loss mean share of sections that the members lose; twice that is still ordinary
 * @param cases what may go wrong in a download: once for each ONT and window, or for each ONT and section
 * @param usual share of tries that fail for the usual member, when it is known: ONTs that drop a refused window fail most of
 *   them, all alike
 */
export function triesMax(patience: number, loss: number, cases: number, usual = 0): number {
  const chance = Math.log(BAD_LUCK / Math.max(1, cases));
  const byLoss = Math.ceil(chance / Math.log(Math.min(0.5, Math.max(0.001, 2 * loss))));
  const byUse = usual > 0 ? Math.ceil(chance / Math.log(Math.min(FAILS_MAX, usual))) : 0;
  return Math.max(patience, Math.min(TRIES_MAX, byLoss), Math.min(TRIES_LIMIT, byUse));
}
