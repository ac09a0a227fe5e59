/** A path step by step, in words: what happens, and what is sent because of it. */
import { ACTIONS, type Action, actionOf } from "./actions.ts";
import { endOf } from "./ends.ts";
import { Model } from "./model.ts";
import type { WorldOptions } from "./world.ts";

export interface Replay {
  /** A line each. */
  lines: string[];
  /** What went wrong; empty: nothing. */
  problem: string;
}

/**
 * Goes a path with cores that are put one input after the other, as in any run: nothing is looked up.
 *
 * @throws RangeError where a step cannot be taken
 */
export function replay(options: WorldOptions, path: readonly number[]): Replay {
  const model = new Model(options, false);
  const row = model.first();
  const lines: string[] = [];
  let atNs = 0;
  for (const [index, number] of path.entries()) {
    const action = actionOf(number);
    if (!model.actions(row, true, "all").includes(number))
      throw new RangeError(`step ${index + 1} cannot be taken: ${saysOf(action)}`);
    atNs += model.passesNs(row, number);
    const about = model.messageOf(row, number);
    const isGood = model.apply(row, number);
    const sent = model.sentTexts.map((text) => `\n        ${text}`).join("");
    lines.push(`${String(index + 1).padStart(4)}  ${(atNs / 1e9).toFixed(3)} s  ${saysOf(action)}${about}${sent}`);
    if (!isGood) return { lines, problem: model.problem };
  }
  const isOver = model.actions(row, false, "all").length === 0;
  return { lines, problem: isOver ? endOf(model, row).problem : "" };
}

function saysOf({ name, ont }: Action): string {
  const { says } = ACTIONS.find((action) => action.name === name)!;
  return name === "timerOlt" ? says : `ONT ${ont}: ${says}`;
}
