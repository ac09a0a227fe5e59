import { binomial } from "./chance.ts";

/** Branches that are rarer than this are left out. */
const CHANCE_MIN = 1e-5;
const ROUNDS_MAX = 8;

/** What one window costs beside its data sections. */
export interface WindowCost {
  /** Sections beside the window's own, on average. */
  sections: number;
  /** Repair rounds, on average. */
  rounds: number;
}

const none: WindowCost = { sections: 0, rounds: 0 };

/**
 * Parity sections of one window. With the window go `rows` of them; then, round by round, as many as the worst ONT still
 * lacks, until nobody lacks any. Each round is taken by its chances: how many the worst lacks, then what each of the
 * others lacks after that many more sections with losses of their own.
 *
 * @param silent chance that an ONT's answer does not get through: what it lacks is not known to that round
 */
export function parityCost(sections: number, rows: number, onts: number, loss: number, silent: number): WindowCost {
  if (loss === 0) return { sections: rows, rounds: 0 };
  const lost = binomial(sections + rows, loss);
  const lacking = [lost.slice(0, rows + 1).reduce((sum, chance) => sum + chance, 0), ...lost.slice(rows + 1)];
  const after = roundsFrom(lacking, onts, loss, silent, 0);
  return { sections: rows + after.sections, rounds: after.rounds };
}

function roundsFrom(lacking: readonly number[], onts: number, loss: number, silent: number, depth: number): WindowCost {
  if (depth === ROUNDS_MAX) return none;
  let sections = 0;
  let rounds = 0;
  let below = 0;
  let belowAll = 0;
  for (let worst = 0; worst < lacking.length; worst++) {
    below += lacking[worst];
    // Those who are silent do not count towards the worst.
    const upTo = Math.min(1, below + (1 - below) * silent) ** onts;
    const chance = upTo - belowAll;
    belowAll = upTo;
    if (worst === 0) {
      // Nobody said that it lacks any: those who were silent are asked, and are known then.
      const hidden = 1 - lacking[0] > 0 ? chance - Math.min(1, lacking[0]) ** onts : 0;
      if (hidden < CHANCE_MIN) continue;
      const asked = roundsFrom(lacking, Math.max(1, Math.round(onts * silent)), loss, 0, depth + 1);
      sections += hidden * asked.sections;
      rounds += hidden * asked.rounds;
      continue;
    }
    if (chance < CHANCE_MIN) continue;
    const rest = roundsFrom(afterRepair(lacking, worst, loss, silent), onts, loss, silent, depth + 1);
    sections += chance * (worst + rest.sections);
    rounds += chance * (1 + rest.rounds);
  }
  return { sections, rounds };
}

/** What an ONT lacks once `sent` more parity sections went out, given that of those who spoke none lacked more. */
function afterRepair(lacking: readonly number[], sent: number, loss: number, silent: number): number[] {
  const lost = binomial(sent, loss);
  const weights = lacking.map((chance, lacks) => (lacks <= sent ? chance : chance * silent));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const after: number[] = [0];
  weights.forEach((weight, lacks) => {
    lost.forEach((chance, lostNow) => {
      const still = lacks === 0 ? 0 : Math.max(0, lacks - sent + lostNow);
      after[still] = (after[still] ?? 0) + (weight * chance) / total;
    });
  });
  for (let index = 0; index < after.length; index++) after[index] ??= 0;
  while (after.length > 1 && after[after.length - 1] < 1e-12) after.pop();
  return after;
}
