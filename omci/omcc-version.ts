/** What the OMCC version of an ONU2-G says about the ONT (G.988 9.1.2). */

/** G.984.4 (2008) amendment 2, with the extended message set; 0x86 is the same without. */
const G984_4_EXTENDED = 0x96;

/** Upper half of the byte of G.988's editions with both message sets, 0xB0, 0xB1, …; 0xA0, 0xA1, … are the same without. */
const G988_EXTENDED = 0xb;

/**
 * Whether an ONT of this OMCC version takes the extended message set. Versions that no edition has, such as 0xC0, promise
 * nothing: baseline is what every ONT takes.
 */
export const supportsExtended = (omccVersion: number): boolean =>
  omccVersion === G984_4_EXTENDED || omccVersion >> 4 === G988_EXTENDED;
