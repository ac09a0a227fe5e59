/** The order of version texts, by which an image is older, newer or the same as another. */

type Token = { rank: number; digits: string; code: number };

const RANK = { tilde: 0, end: 1, number: 2, character: 3 } as const;
const end: Token = { rank: RANK.end, digits: "", code: 0 };

function tokensOf(version: string): Token[] {
  const parts = version.match(/\d+|\D/gsu) ?? [];
  return parts.map((part) => {
    if (part === "~") return { rank: RANK.tilde, digits: "", code: 0 };
    if (/\d/.test(part)) return { rank: RANK.number, digits: part.replace(/^0+/, ""), code: 0 };
    return { rank: RANK.character, digits: "", code: part.codePointAt(0) ?? 0 };
  });
}

const textOrder = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function tokenOrder(a: Token, b: Token): number {
  return a.rank - b.rank || a.digits.length - b.digits.length || textOrder(a.digits, b.digits) || a.code - b.code;
}

/**
 * Orders versions as people read them: a run of digits counts as a number of any length, any other character by its code,
 * digits before other characters, and a version before what continues it ("1.9" < "1.10" < "1.10b"). "~" comes before
 * everything, the end included, for what precedes a release ("2.0~rc1" < "2.0"). Versions that differ only in
 * leading zeros are ordered by their text, so that 0 means the same text.
 *
 * @returns below 0, 0 or above 0, as a sort function wants it
 */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [tokensOf(a), tokensOf(b)];
  const length = Math.max(left.length, right.length);
  for (let at = 0; at < length; at++) {
    const order = tokenOrder(left[at] ?? end, right[at] ?? end);
    if (order !== 0) return order;
  }
  return textOrder(a, b);
}
