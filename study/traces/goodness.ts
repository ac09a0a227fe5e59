/** How well a burst model fits a trace: lengths of bursts and of gaps beside what the model has of them (chi-square). */
import { gammaBelow } from "../../base/statistics/index.ts";
import { type BurstFit, type BurstParameters, frameMatrix, stationary, type LossStretches } from "./gilbert-elliott.ts";

export interface Goodness {
  /** Of which lengths. */
  of: "bursts" | "gaps";
  /** LossStretches compared. */
  count: number;
  classes: number;
  chiSquare: number;
  degrees: number;
  /** Chance of as much or more, were the model true; null with too few classes. */
  p: number | null;
}

/** A class of fewer is put together with the next. */
const EXPECTED_MIN = 5;
const CLASSES_MAX = 40;

/**
 * Both tests of a fit. LossStretches of one trace are taken as independent, which those of a hidden chain are not quite: a p near
 * the usual bounds is no verdict, one of 10⁻⁶ is.
 */
export function goodnessOf({ parameters, model }: BurstFit, stretches: LossStretches): Goodness[] {
  // What the trace begins and ends with is cut off, and none of its lengths.
  const inner = stretches.slice(1, -1);
  const free = model.free.length;
  return (["bursts", "gaps"] as const).map((of) => {
    const own = inner.filter((length, at) => length > 0 && (at % 2 === 0) === (of === "bursts"));
    const { chiSquare, classes } = compared(own, survivalOf(parameters, of === "bursts"));
    const degrees = classes - 1 - free;
    const p = degrees < 1 ? null : 1 - gammaBelow(degrees / 2, chiSquare / 2);
    return { of, count: own.length, classes, chiSquare, degrees: Math.max(0, degrees), p };
  });
}

/** Chance that a stretch is longer than so many frames, for 0, 1, 2 … */
function survivalOf(parameters: BurstParameters, isLost: boolean): (length: number) => number {
  const [same, other] = [frameMatrix(parameters, isLost), frameMatrix(parameters, !isLost)];
  const [good, bad] = stationary(parameters);
  const step = ([g, b]: readonly [number, number], m: readonly [number, number, number, number]): [number, number] => [
    g * m[0] + b * m[2],
    g * m[1] + b * m[3],
  ];
  // The states right after a change: what came before was of the other kind.
  let [g, b] = step(step([good, bad], other), same);
  const whole = g + b;
  const known = [1];
  return (length) => {
    while (known.length <= length) {
      [g, b] = step([g, b], same);
      known.push(whole > 0 ? (g + b) / whole : 0);
    }
    return known[length];
  };
}

/** Classes grow with the lengths, so that each is expected often enough. */
function compared(
  lengths: readonly number[],
  survival: (length: number) => number,
): { chiSquare: number; classes: number } {
  const sorted = lengths.toSorted((one, other) => one - other);
  const count = sorted.length;
  const wanted = Math.max(EXPECTED_MIN, count / CLASSES_MAX);
  let [chiSquare, classes, from, seen] = [0, 0, 0, 0];
  const longest = sorted.at(-1) ?? 0;
  for (let length = 1; length <= longest; length++) {
    const expected = count * (survival(from) - survival(length));
    const rest = count * survival(length);
    if (expected < wanted || rest < wanted) continue;
    let own = 0;
    while (seen < count && sorted[seen] <= length) [own, seen] = [own + 1, seen + 1];
    chiSquare += (own - expected) ** 2 / expected;
    classes++;
    from = length;
  }
  const expected = count * survival(from);
  if (expected > 0) {
    chiSquare += (count - seen - expected) ** 2 / expected;
    classes++;
  }
  return { chiSquare, classes };
}
