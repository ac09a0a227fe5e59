/** The one order of events that happened in the queues of several parts: that in which one queue would have had them. */
import type { Lineage } from "../../../pon/virtual/index.ts";

/** A lineage to which nothing more comes. */
export interface EndedLineage {
  timeNs: Float64Array;
  origin: Int32Array;
  target: Int32Array;
}

/** An event and all it came from, itself first; where it came from nothing, what that was for. */
export interface Descent {
  timesNs: number[];
  target: number;
}

/** Descent of the event with this place in the lineage, or of one that comes next. */
export function descentOf(
  lineage: Lineage,
  { timeNs, origin, target }: { timeNs: number; origin: number; target: number },
): Descent {
  const timesNs = [timeNs];
  let root = target;
  for (let at = origin; at >= 0; at = lineage.origin[at]) {
    timesNs.push(lineage.timeNs[at]);
    root = lineage.target[at];
  }
  return { timesNs, target: root };
}

/** Below 0: the first is earlier. Of two at one time that which was scheduled first: whose origin was earlier; what was there before all, first. */
export function compareDescents(a: Descent, b: Descent): number {
  for (let at = 0; at < a.timesNs.length && at < b.timesNs.length; at++) {
    const difference = a.timesNs[at] - b.timesNs[at];
    if (difference !== 0) return difference;
  }
  return a.timesNs.length - b.timesNs.length || a.target - b.target;
}

/**
 * Takes the events of all parts in their one order.
 *
 * @param take called for each: part, and place in its lineage
 */
export function inOrder(lineages: readonly EndedLineage[], take: (part: number, event: number) => void): void {
  const next = lineages.map(() => 0);
  /** Of each part's events, the place in the whole. */
  const places = lineages.map(({ timeNs }) => new Float64Array(timeNs.length));
  const isBefore = (part: number, other: number): boolean => {
    const [a, b] = [next[part], next[other]];
    const [one, two] = [lineages[part], lineages[other]];
    if (one.timeNs[a] !== two.timeNs[b]) return one.timeNs[a] < two.timeNs[b];
    const [from, fromOther] = [one.origin[a], two.origin[b]];
    if (from < 0 && fromOther < 0) return one.target[a] < two.target[b];
    if (from < 0 || fromOther < 0) return from < 0;
    return places[part][from] < places[other][fromOther];
  };
  for (let place = 0; ; place++) {
    let first = -1;
    for (let part = 0; part < lineages.length; part++)
      if (next[part] < lineages[part].timeNs.length && (first < 0 || isBefore(part, first))) first = part;
    if (first < 0) return;
    places[first][next[first]] = place;
    take(first, next[first]++);
  }
}
