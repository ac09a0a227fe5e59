/** Compares how each ONT ended with what the scenario expects of it, and says in a few lines what differs. */
import type { OntOutcome, OntResult } from "./types.ts";

/** Numbers as people write them: 0-3, 7. */
function ranges(numbers: readonly number[]): string {
  const parts: string[] = [];
  for (let at = 0; at < numbers.length;) {
    let end = at;
    while (numbers[end + 1] === numbers[end] + 1) end++;
    parts.push(end === at ? `${numbers[at]}` : `${numbers[at]}-${numbers[end]}`);
    at = end + 1;
  }
  return parts.join(", ");
}

/**
 * Why a run is not as expected: a line for each cause, with the ONTs it holds for. Empty = as expected (exit 0).
 *
 * @param expected outcome of each ONT, in the order of `onts`
 * @param remarks lines about the run as a whole; they come first, and count
 */
export function reasonsOf(
  onts: readonly OntResult[],
  expected: readonly OntOutcome[],
  remarks: readonly string[] = [],
): string[] {
  const groups = new Map<string, { text: string; ids: number[] }>();
  for (const [index, ont] of onts.entries()) {
    if (ont.outcome === expected[index]) continue;
    const cause = ont.cause === "" ? "" : `: ${ont.cause}`;
    const text = `${ont.outcome}, expected ${expected[index]}${cause}`;
    const group = groups.get(text) ?? { text, ids: [] };
    group.ids.push(ont.id);
    groups.set(text, group);
  }
  const lines = [...groups.values()].map(({ text, ids }) => `ONT${ids.length > 1 ? "s" : ""} ${ranges(ids)}: ${text}`);
  return [...remarks.filter((remark) => remark !== ""), ...lines];
}
