/** Chances that are the model's own: how many frames a channel loses in bursts, and what is too rare to count. */

/** Chances below this change no figure. */
export const NEGLIGIBLE = 1e-12;

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
