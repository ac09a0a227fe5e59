/** The windows of a parity group from first to last, while the OLT learns how much its members lose. */
import { parityWindowLimit, proactiveRows, worstLostWindows } from "../../olt/index.ts";
import { binomial, largestOf, momentsOf, NORMAL_QUANTILES } from "../../base/statistics/index.ts";
import { NEGLIGIBLE } from "./chance.ts";
import { lossesOf, type Members } from "./member.ts";
import { parityRounds } from "./parity-rounds.ts";
import type { SizingInput } from "./types.ts";
import { addCost, noCost, type WindowCost } from "./window-cost.ts";

/** Windows after which the estimate of the losses no longer changes. */
const SETTLED = 24;
export interface WindowPlan {
  sections: number;
  /** How many windows of this kind there are, in the mean. */
  times: number;
  cost: WindowCost;
}

/** Sections that the worst member loses in a window of `sections`. */
function worstLosses(
  members: readonly Members[],
  sections: number,
  feederLoss: number,
): { mean: number; variance: number } {
  const worst = momentsOf(largestOf(members.map((one) => ({ chances: lossesOf(one, sections), times: one.onts }))));
  const common = momentsOf(binomial(sections, feederLoss));
  return { mean: worst.mean + common.mean, variance: worst.variance + common.variance };
}

/** Costs of windows asked for before: questions such as "at which rate" ask for the same again and again. */
const known = new Map<string, WindowCost>();
const KNOWN_MAX = 4096;

function knownCost(members: readonly Members[], sections: number, rows: number, feederLoss: number): WindowCost {
  const key = JSON.stringify([members, sections, rows, feederLoss]);
  let cost = known.get(key);
  if (cost === undefined) {
    if (known.size >= KNOWN_MAX) known.clear();
    known.set(key, (cost = parityRounds(members, sections, rows, feederLoss)));
  }
  return cost;
}

/**
 * The windows of a group that repairs by parity. The OLT smooths what the worst member lost into an estimate, by which it
 * chooses the parity sections of the next window, and its length: the estimate is followed by mean and variance.
 */
export function parityWindows(
  members: readonly Members[],
  sectionsTotal: number,
  granted: number,
  input: SizingInput,
): WindowPlan[] {
  const { proactive, feederLoss, windowSections } = input;
  const costOf = (sections: number, rows: number): WindowCost => knownCost(members, sections, rows, feederLoss);
  const rowsOf = (estimate: number, sections: number): number => Math.max(0, proactiveRows(input, sections, estimate));
  const plans: WindowPlan[] = [];
  let left = sectionsTotal;
  let mean = 0;
  let variance = 0;
  for (let seen = 0; left > 0.5; seen++) {
    const cost = noCost();
    let sections = 0;
    for (const quantile of seen === 0 ? [0] : NORMAL_QUANTILES) {
      const estimate = Math.max(0, mean + quantile * Math.sqrt(variance));
      const length = Math.min(parityWindowLimit(granted, seen === 0 ? undefined : estimate), Math.ceil(left));
      const share = seen === 0 ? 1 : 1 / NORMAL_QUANTILES.length;
      sections += share * length;
      addCost(cost, costOf(length, seen === 0 && proactive === "auto" ? 0 : rowsOf(estimate, length)), share);
    }
    const times = seen < SETTLED ? Math.min(1, left / sections) : left >= sections ? Math.floor(left / sections) : 1;
    plans.push({ sections, times, cost });
    left -= times * sections;
    const whole = Math.round(sections);
    const worst = worstLosses(members, whole, feederLoss);
    const scale = windowSections / whole;
    const weight = 1 / worstLostWindows(seen + 1);
    mean += (worst.mean * scale - mean) * weight;
    variance = variance * (1 - weight) ** 2 + worst.variance * scale ** 2 * weight ** 2;
    if (variance < NEGLIGIBLE) variance = 0;
  }
  return plans;
}
