/** What was lost on the way, down and up, as far as the result of a run tells. */
import type { Scenario } from "../../scenarios/index.ts";
import { countText, plural } from "../../base/text/index.ts";
import type { RunResult } from "./types.ts";

export interface Losses {
  /** Sections that ONTs told they had lost, and how many ONTs that were. */
  sections: number;
  onts: number;
  windowsRepaired: number;
  /** Windows, at least, that were repaired for ONTs that had all of them: only their answers were lost, or late. */
  answers: number;
  answersOnts: number;
  /** Windows repaired for ONTs that cannot tell what they lost. */
  untold: number;
  untoldOnts: number;
}

/** A window of which sections were lost has lost one at least: what was repaired beyond that was repaired for its answer. */
export function lossesOf({ scenario, ontResults }: Pick<RunResult, "scenario" | "ontResults">): Losses {
  const losses = { sections: 0, onts: 0, windowsRepaired: 0, answers: 0, answersOnts: 0, untold: 0, untoldOnts: 0 };
  const tell = allTell(scenario);
  for (const { sectionsLost, windowsRepaired } of ontResults) {
    losses.sections += sectionsLost;
    losses.onts += sectionsLost > 0 ? 1 : 0;
    losses.windowsRepaired += windowsRepaired;
    const unexplained = Math.max(0, windowsRepaired - sectionsLost);
    if (unexplained === 0) continue;
    const kind = tell || sectionsLost > 0 ? "answers" : "untold";
    losses[kind] += unexplained;
    losses[`${kind}Onts`]++;
  }
  return losses;
}

/** Whether all ONTs of a scenario know the recovery ME, and tell in their answers what they lost. */
function allTell(scenario: unknown): boolean {
  // A result from elsewhere may not say.
  const { ont, fleet = [] } = scenario as Partial<Scenario>;
  return ont?.recoveryAware !== false && fleet.every(({ recoveryAware }) => recoveryAware !== false);
}

/** In words, "none" when nothing was lost. */
export function lossText(losses: Losses): string {
  const { sections, onts, windowsRepaired, answers, answersOnts, untold, untoldOnts } = losses;
  const parts: string[] = [];
  if (sections > 0) {
    parts.push(
      `${plural(sections, "section")} at ${plural(onts, "ONT")}, ${plural(windowsRepaired, "window")} repaired`,
    );
  }
  if (answers > 0) {
    const where = `${plural(answers, "window")} at ${plural(answersOnts, "ONT")}`;
    parts.push(
      sections > 0
        ? `of them ${countText(answers)} at least for lost answers only`
        : `upstream only: answers to ${where} that had every section`,
    );
  }
  if (untold > 0) {
    parts.push(`${plural(untold, "window")} repaired at ${plural(untoldOnts, "ONT")} that cannot tell what was lost`);
  }
  return parts.join(", ") || "none";
}
