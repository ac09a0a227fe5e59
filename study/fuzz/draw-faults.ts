/** Draws when the power of ONTs goes and when OLTs are killed. */
import { phasesWith, type PhaseWith } from "../../olt/index.ts";
import type { PowerCut } from "../../run/virtual/index.ts";
import type { Dice } from "./dice.ts";

const STRIKE_PHASES = phasesWith("mayStrike");

/** Flash operations of a short update, about. */
const OPERATIONS = 40;

interface DrawnFault {
  action: "powerCycle" | "killOlt" | "pause" | "abort" | "skip" | "rate";
  onts: number[];
  atSeconds?: number;
  whenPhase?: PhaseWith<"mayStrike">;
  offSeconds?: number;
  bitsPerSecond?: number;
}

/** When it strikes: at any moment of the fault phase, or as soon as a phase is reached. */
const moment = (dice: Dice, healSeconds: number): Pick<DrawnFault, "atSeconds" | "whenPhase"> =>
  dice.chance(0.5) ? { atSeconds: dice.fraction(0, healSeconds) } : { whenPhase: dice.among(STRIKE_PHASES) };

export interface DrawnFaults {
  faults: readonly DrawnFault[];
  /** Power cuts that an ONT sees at most. */
  cutsOf: (ont: number) => number;
}

/** Reboots and power cuts of ONTs, and OLTs that are killed. An ONT is hit by few of them: it has boots to waste, but not many. */
export function drawFaults(
  dice: Dice,
  { onts, healSeconds, keepsPower }: { onts: number; healSeconds: number; keepsPower: boolean },
): DrawnFaults {
  const cycles: DrawnFault[] = [];
  if (!keepsPower && dice.chance(0.45)) {
    const one = (): number[] => (dice.chance(0.3) ? [] : [dice.between(0, onts - 1)]);
    const offSeconds = (): number => dice.spread(10, 3000) / 1000;
    const make = (): DrawnFault => ({
      action: "powerCycle",
      onts: one(),
      ...moment(dice, healSeconds),
      offSeconds: offSeconds(),
    });
    cycles.push(make());
    if (dice.chance(0.3)) cycles.push(make());
  }
  const kills: DrawnFault[] = [];
  if (dice.chance(0.15)) {
    kills.push({
      action: "killOlt",
      onts: [],
      ...moment(dice, healSeconds),
      offSeconds: dice.spread(10, 5000) / 1000,
    });
  }
  const hits = ({ onts: named }: DrawnFault, ont: number): boolean => named.length === 0 || named.includes(ont);
  return {
    faults: [...cycles, ...kills],
    cutsOf: (ont) => cycles.filter((fault) => hits(fault, ont)).length,
  };
}

/** What an operator does: pauses that end, now and then an abort, an ONT that is skipped, another rate. */
export function drawOperator(dice: Dice, { onts, healSeconds }: { onts: number; healSeconds: number }): DrawnFault[] {
  const drawn: DrawnFault[] = [];
  const at = (): ReturnType<typeof moment> => moment(dice, healSeconds);
  if (dice.chance(0.25)) drawn.push({ action: "pause", onts: [], ...at(), offSeconds: dice.spread(10, 60_000) / 1000 });
  if (dice.chance(0.08)) drawn.push({ action: "pause", onts: [], ...at(), offSeconds: dice.spread(10, 5000) / 1000 });
  if (dice.chance(0.1)) drawn.push({ action: "skip", onts: [dice.between(0, onts - 1)], ...at() });
  if (dice.chance(0.1))
    drawn.push({ action: "rate", onts: [], ...at(), bitsPerSecond: dice.spread(400_000, 40_000_000) });
  if (dice.chance(0.08)) drawn.push({ action: "abort", onts: [], ...at() });
  return drawn;
}

/** Power cuts at flash operations: before, in the middle of, or just after one. */
export function drawCuts(dice: Dice, onts: number): PowerCut[] {
  const cuts: PowerCut[] = [];
  for (let ont = 0; ont < onts; ont++) {
    if (!dice.chance(0.15)) continue;
    cuts.push({
      ont,
      operation: dice.chance(0.5) ? dice.between(0, 8) : dice.between(0, OPERATIONS),
      point: dice.among(["before", "torn", "after"] as const),
      offNs: dice.spread(10, 3000) * 1e6,
    });
  }
  return cuts;
}
