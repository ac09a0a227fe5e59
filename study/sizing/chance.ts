/** Chances below this change no figure. */
export const NEGLIGIBLE = 1e-12;
/** Terms of a series at most. */
const SERIES_MAX = 1000;

/** Chance of at least one of `count` independent events of this chance. */
export const anyOf = (count: number, chance: number): number =>
  chance >= 1 ? 1 : -Math.expm1(count * Math.log1p(-chance));

/** Sum over j from 0 on of a sequence that falls to nothing. */
export function series(term: (j: number) => number): number {
  let sum = 0;
  for (let j = 0; j < SERIES_MAX; j++) {
    const value = term(j);
    sum += value;
    if (value < 1e-9) break;
  }
  return sum;
}

/** Chances of 0…n successes in n tries, each with chance `p`. */
export function binomial(n: number, p: number): Float64Array {
  const chances = new Float64Array(n + 1);
  if (p <= 0) chances[0] = 1;
  else if (p >= 1) chances[n] = 1;
  else {
    // From the most likely count outwards, so that nothing underflows; then scaled to 1.
    const peak = Math.min(n, Math.floor((n + 1) * p));
    const odds = p / (1 - p);
    chances[peak] = 1;
    for (let k = peak; k < n; k++) chances[k + 1] = (chances[k] * (n - k) * odds) / (k + 1);
    for (let k = peak; k > 0; k--) chances[k - 1] = (chances[k] * k) / ((n - k + 1) * odds);
    let sum = 0;
    for (const chance of chances) sum += chance;
    for (let k = 0; k <= n; k++) chances[k] /= sum;
  }
  return chances;
}

/** A two-state channel (Gilbert-Elliott) as chances per frame. */
export interface BurstChannel {
  goodToBad: number;
  badToGood: number;
  lossGood: number;
  lossBad: number;
}

/** Mean share of frames that a two-state channel loses. */
export function meanBurstLoss({ goodToBad, badToGood, lossGood, lossBad }: BurstChannel): number {
  const bad = goodToBad + badToGood === 0 ? 0 : goodToBad / (goodToBad + badToGood);
  return bad * lossBad + (1 - bad) * lossGood;
}

/** Chances of 0…n losses among n frames in a row of a two-state channel that has been running for long. */
export function burstLosses(n: number, channel: BurstChannel): Float64Array {
  const { goodToBad, badToGood, lossGood, lossBad } = channel;
  const bad = goodToBad + badToGood === 0 ? 0 : goodToBad / (goodToBad + badToGood);
  let inGood = new Float64Array(n + 1);
  let inBad = new Float64Array(n + 1);
  inGood[0] = 1 - bad;
  inBad[0] = bad;
  for (let frame = 1; frame <= n; frame++) {
    const nextGood = new Float64Array(n + 1);
    const nextBad = new Float64Array(n + 1);
    for (let lost = 0; lost <= frame; lost++) {
      const good = inGood[lost] * (1 - lossGood) + (lost > 0 ? inGood[lost - 1] * lossGood : 0);
      const other = inBad[lost] * (1 - lossBad) + (lost > 0 ? inBad[lost - 1] * lossBad : 0);
      nextGood[lost] = good * (1 - goodToBad) + other * badToGood;
      nextBad[lost] = good * goodToBad + other * (1 - badToGood);
    }
    inGood = nextGood;
    inBad = nextBad;
  }
  return inGood.map((chance, lost) => chance + inBad[lost]);
}

/** Mean and variance of a count with these chances. */
export function momentsOf(chances: ArrayLike<number>): { mean: number; variance: number } {
  let mean = 0;
  let square = 0;
  for (let value = 0; value < chances.length; value++) {
    mean += value * chances[value];
    square += value * value * chances[value];
  }
  return { mean, variance: Math.max(0, square - mean * mean) };
}

/** Chances of the largest of several independent counts; each given as its chances and how many of them there are. */
export function largestOf(counts: readonly { chances: ArrayLike<number>; times: number }[]): Float64Array {
  const length = Math.max(1, ...counts.map(({ chances }) => chances.length));
  const largest = new Float64Array(length);
  const sums = counts.map(() => 0);
  let before = 0;
  for (let value = 0; value < length; value++) {
    let all = 1;
    counts.forEach(({ chances, times }, at) => {
      sums[at] += chances[value] ?? 0;
      all *= Math.min(1, sums[at]) ** times;
    });
    largest[value] = Math.max(0, all - before);
    before = all;
  }
  return largest;
}

/** Points of a standard normal distribution that stand for it: the middles of parts of equal chance. */
export const QUANTILES = [-1.593, -0.967, -0.589, -0.282, 0, 0.282, 0.589, 0.967, 1.593] as const;

const GAMMA = [
  676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
  -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
] as const;

/** Natural logarithm of the gamma function, x > 0 (Lanczos). */
function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const shifted = x - 1;
  const base = shifted + GAMMA.length - 0.5;
  const sum = GAMMA.reduce((total, term, at) => total + term / (shifted + at + 1), 0.99999999999980993);
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(base) - base + Math.log(sum);
}

/** Distribution function of a gamma distribution with this shape and scale 1: its series below, else its continued fraction. */
export function gammaBelow(shape: number, x: number): number {
  if (x <= 0) return 0;
  const front = Math.exp(shape * Math.log(x) - x - logGamma(shape));
  if (x < shape + 1) {
    let term = 1 / shape;
    let sum = term;
    for (let at = 1; term > sum * 1e-12; at++) sum += term *= x / (shape + at);
    return Math.min(1, front * sum);
  }
  let b = x + 1 - shape;
  let c = 1e300;
  let d = 1 / b;
  let fraction = d;
  for (let at = 1; at < 500; at++) {
    const a = at * (shape - at);
    b += 2;
    d = 1 / (a * d + b);
    c = b + a / c;
    fraction *= d * c;
    if (Math.abs(d * c - 1) < 1e-12) break;
  }
  return Math.max(0, 1 - front * fraction);
}

/** Mean of the largest of `count` times of which mean and variance are known, taken as gamma distributed. */
export function meanOfLargest({ mean, variance }: { mean: number; variance: number }, count: number): number {
  if (mean <= 0 || variance <= mean ** 2 * 1e-9 || count <= 1) return mean;
  const shape = mean ** 2 / variance;
  const scale = variance / mean;
  // The chance that the largest is above x, summed over x.
  const step = Math.sqrt(variance) / 50;
  let sum = 0;
  for (let x = step / 2, above = 1; above > 1e-6; x += step) {
    above = 1 - gammaBelow(shape, x / scale) ** count;
    sum += above * step;
  }
  return sum;
}
