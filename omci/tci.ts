/** Transaction correlation identifiers: ranges (G.988 11.2.1), and how they count through windows. */

/** Highest low-priority TCI; TCI 0 is that of autonomous messages and never a request's. */
export const LOW_PRIORITY_TCI_LAST = 0x7fff;

/** Bit of high-priority requests: in baseline the TCIs from here on. */
export const HIGH_PRIORITY_TCI = 0x8000;
const TCI_LAST = 0xffff;

/** First TCI of the group stream (extension): the Starts of the first group carry it. */
export const GROUP_TCI_FIRST = 1;
/** Last TCI of the group stream; everything else an OLT sends has TCIs above it, so that the two never meet. */
export const GROUP_TCI_LAST = 0x5fff;

/** TCIs of everything that is not the group stream. */
export const UNICAST_TCI_FIRST = GROUP_TCI_LAST + 1;
export const UNICAST_TCI_LAST = LOW_PRIORITY_TCI_LAST;

/** High-priority requests have the most significant bit set (baseline; extended has no priority but keeps the ranges). */
export const isHighPriority = (tci: number): boolean => tci > LOW_PRIORITY_TCI_LAST;

/**
 * TCI of section 0 of the window a section belongs to, for TCIs that count up by one from section to section and skip 0.
 * All sections of one sending of a window share it, which is how a repeated window is told from the next one.
 */
export function windowBaseOf(tci: number, sectionNumber: number): number {
  if (tci > LOW_PRIORITY_TCI_LAST)
    return wrap(tci - HIGH_PRIORITY_TCI - sectionNumber, HIGH_PRIORITY_TCI) + HIGH_PRIORITY_TCI;
  return wrap(tci - 1 - sectionNumber, LOW_PRIORITY_TCI_LAST) + 1;
}

const wrap = (value: number, modulus: number): number => (value < 0 ? value + modulus : value);

/** TCI `sections` after `tci`, skipping 0. */
export const tciAfter = (tci: number, sections: number): number => {
  const sum = tci + sections;
  if (tci > LOW_PRIORITY_TCI_LAST) return sum > TCI_LAST ? sum - HIGH_PRIORITY_TCI : sum;
  return sum > LOW_PRIORITY_TCI_LAST ? sum - LOW_PRIORITY_TCI_LAST : sum;
};

/** Sections, parity included, that may follow a window's base. */
const WINDOW_TCIS = 256;

/**
 * Base (TCI of section 0) of the window that follows a section with TCI `lastTci` in the group stream. Windows never
 * straddle the wrap, so both ends compute the same base without a word (chain rule, extension).
 */
export function nextWindowBase(lastTci: number): number {
  const next = lastTci + 1;
  return next + WINDOW_TCIS > GROUP_TCI_LAST ? GROUP_TCI_FIRST : next;
}
