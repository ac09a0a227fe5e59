/**
 * Order of version texts as people read them: runs of digits by value, everything else by character; a text that ends
 * first comes first. A total order: 0 only for texts that differ at most in leading zeros.
 *
 * @returns negative, zero or positive, as for sort.
 */
export function compareVersions(a: string, b: string): number {
  const left = partsOf(a);
  const right = partsOf(b);
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const order = compareParts(left[index], right[index]);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

const partsOf = (version: string): string[] => version.match(/\d+|\D+/g) ?? [];

function compareParts(a: string, b: string): number {
  const digitsA = /^\d/.test(a);
  const digitsB = /^\d/.test(b);
  if (digitsA !== digitsB) return digitsA ? -1 : 1;
  if (!digitsA) return a < b ? -1 : a > b ? 1 : 0;
  const valueA = a.replace(/^0+/, "");
  const valueB = b.replace(/^0+/, "");
  if (valueA.length !== valueB.length) return valueA.length - valueB.length;
  return valueA < valueB ? -1 : valueA > valueB ? 1 : 0;
}
