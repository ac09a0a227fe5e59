/** Highest low-priority TCI; TCI 0 is that of autonomous messages and never a request's. */
const lowPriorityMax = 0x7fff;

/** Highest TCI of a group stream (extension); what lies above is for unicast, so that the two never meet. */
export const groupTciMax = 0x5fff;

/** High-priority requests have the most significant bit set (baseline; extended has no priority but keeps the ranges). */
export const isHighPriority = (tci: number): boolean => tci > lowPriorityMax;

/**
 * TCI of section 0 of the window a section belongs to, for TCIs that count up by one from section to section and skip 0.
 * All sections of one sending of a window share it, which is how a repeated window is told from the next one.
 */
export function windowBaseOf(tci: number, sectionNumber: number): number {
  if (tci > lowPriorityMax) return wrap(tci - 0x8000 - sectionNumber, 0x8000) + 0x8000;
  return wrap(tci - 1 - sectionNumber, lowPriorityMax) + 1;
}

const wrap = (value: number, modulus: number): number => (value < 0 ? value + modulus : value);

/** TCI `sections` after `tci`, skipping 0. */
export const tciAfter = (tci: number, sections: number): number => {
  const sum = tci + sections;
  if (tci > lowPriorityMax) return sum > 0xffff ? sum - 0x8000 : sum;
  return sum > lowPriorityMax ? sum - lowPriorityMax : sum;
};
