/** Which sections to send so that several ONTs get what each lacks. */

/** What one ONT lacks of a window. */
export interface Lack {
  /** Data sections it does not have (true). */
  missing: readonly boolean[];
  /** How many of them it needs, whichever: what parity sections make up for is left out. */
  count: number;
}

/**
 * Data sections to send so that each ONT gets as many as it needs of those it misses, few for all together: what most of
 * them can use goes first.
 *
 * @param sections of the window; the last one is always among them, because it asks for the answer
 * @returns for each section whether to send it
 */
export function sectionsFor(lacks: readonly Lack[], sections: number): boolean[] {
  const chosen = Array.from({ length: sections }, (_, number) => number === sections - 1);
  const uses = Array.from({ length: sections }, () => 0);
  const open = lacks.map(({ missing, count }) => ({ missing, left: count }));
  for (const { missing } of lacks) missing.forEach((lacking, number) => (uses[number] += lacking ? 1 : 0));
  const take = (number: number): void => {
    chosen[number] = true;
    uses[number] = 0;
    for (const one of open) {
      if (one.left <= 0 || !one.missing[number]) continue;
      if (--one.left > 0) continue;
      // It needs no more: what else it misses is of no use to it.
      one.missing.forEach((lacking, other) => (uses[other] -= lacking && !chosen[other] ? 1 : 0));
    }
  };
  take(sections - 1);
  for (;;) {
    let best = 0;
    for (let number = 1; number < sections; number++) if (uses[number] > uses[best]) best = number;
    if (uses[best] <= 0) return chosen;
    take(best);
  }
}
