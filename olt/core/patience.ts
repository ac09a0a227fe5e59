/** Chance that a whole download costs some ONT the group by bad luck alone. */
const BAD_LUCK = 0.01;
/** Tries in a row that a bad link alone never earns more of. */
export const TRIES_MAX = 16;

/**
 * Tries in a row after which an ONT is not one of the group any more: so many that, at the losses of the others, one that
 * is no worse would fail all of them once in a hundred downloads. One bad ONT then never holds up the rest, and bad luck
 * costs nobody the group.
 *
 * @param patience tries that everybody has
 * @param loss mean share of sections that the members lose; twice that is still ordinary
 * @param cases what may go wrong in a download: once for each ONT and window, or for each ONT and section
 */
export function triesMax(patience: number, loss: number, cases: number): number {
  const fails = Math.min(0.5, Math.max(0.001, 2 * loss));
  const chance = BAD_LUCK / Math.max(1, cases);
  return Math.max(patience, Math.min(TRIES_MAX, Math.ceil(Math.log(chance) / Math.log(fails))));
}
