/** Long work in one process that lets others have their turn: who interrupts it, and who shows how far it is. */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { PartContext } from "./types.ts";

/**
 * @param step does number `number`; what it returns is wrong, a line; after `problemsMax` of them it ends
 * @returns how many were done
 */
export async function eachInTurn(
  count: number,
  { signal, progress }: Pick<PartContext, "signal" | "progress">,
  problems: string[],
  step: (number: number) => string | undefined | Promise<string | undefined>,
  unit: string,
): Promise<number> {
  for (let number = 0; number < count; number++) {
    await nextTurn();
    if (signal.aborted || problems.length >= PROBLEMS_MAX) return number;
    const problem = await step(number);
    if (problem !== undefined) problems.push(problem);
    progress(`${number + 1} of ${count} ${unit}, ${problems.length} failed`);
  }
  return count;
}

/** After which it is not worth going on. */
const PROBLEMS_MAX = 20;
