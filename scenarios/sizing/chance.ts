/** Chances that the sizing model is made of; all of them sums, nothing is drawn. */

/** P(X = 0), P(X = 1), … of so many trials, cut where the rest is below 1e-12. */
export function binomial(trials: number, chance: number): number[] {
  if (chance <= 0) return [1];
  if (chance >= 1) return [...Array.from({ length: trials }, () => 0), 1];
  const terms: number[] = [];
  // By logarithms: the first terms of many trials with a high chance are smaller than numbers can be.
  const odds = Math.log(chance) - Math.log1p(-chance);
  let logTerm = trials * Math.log1p(-chance);
  let sum = 0;
  for (let successes = 0; successes <= trials && 1 - sum > 1e-12; successes++) {
    const term = Math.exp(logTerm);
    terms.push(term);
    sum += term;
    logTerm += Math.log(trials - successes) - Math.log(successes + 1) + odds;
  }
  return terms;
}

/** P(at least one of `count` independent events of this chance). */
export const anyOf = (count: number, chance: number): number =>
  chance >= 1 ? 1 : -Math.expm1(count * Math.log1p(-chance));

/** Chance that one of two independent things fails. */
export const either = (a: number, b: number): number => 1 - (1 - a) * (1 - b);

/** Sum over j from 0 on of a sequence that falls to nothing. */
export function series(term: (j: number) => number): number {
  let sum = 0;
  for (let j = 0; j < 1000; j++) {
    const value = term(j);
    sum += value;
    if (value < 1e-9) break;
  }
  return sum;
}

/** Mean of the largest of `count` independent numbers with this distribution. */
export function meanOfLargest(distribution: readonly number[], count: number): number {
  let below = 0;
  let mean = 0;
  for (const chance of distribution) {
    below += chance;
    mean += 1 - Math.min(1, below) ** count;
  }
  return mean;
}
