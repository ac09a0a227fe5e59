/** What a path may end in. */
import type { Model } from "./model.ts";
import type { PartyOutcome } from "./party.ts";

/** How a legal end is told of: of each ONT whether it has the new image, or why not. */
export interface EndVerdict {
  /** One line; empty: it is legal. */
  problem: string;
  /** Kind of end, to count by. */
  kind: string;
}

/** What each has come to so far, the OLT first. */
export const outcomesOf = (model: Model, row: Int32Array): PartyOutcome[] => [
  model.oltFacts(row).outcome,
  ...model.onts.map((_, ont) => model.ontFacts(row, ont).outcome),
];

/** Looks at a row in which nothing more can happen, faults aside. */
export function endOf(model: Model, row: Int32Array): EndVerdict {
  const { outcome: olt } = model.oltFacts(row);
  if (olt.kind !== "olt") throw new Error("no OLT");
  const wrong = (problem: string): EndVerdict => ({ problem, kind: "" });
  if (!olt.isFinished) return wrong("end: nothing is left to happen, and the OLT is not done");
  const kinds: string[] = [];
  for (let ont = 0; ont < model.onts.length; ont++) {
    const { outcome } = model.ontFacts(row, ont);
    if (outcome.kind !== "ont") throw new Error("no ONT");
    const { phase, cause } = olt.onts.at(ont) ?? { phase: "unknown", cause: "" };
    if (outcome.isOnTarget) kinds.push("committed");
    else if (!outcome.isOnOld) return wrong(`end: ONT ${ont} runs neither the new image, committed, nor its old one`);
    else if (phase === "committed") return wrong(`end: ONT ${ont} runs its old image, and the OLT calls it committed`);
    else if (cause === "" && outcome.cause === "")
      return wrong(`end: ONT ${ont} runs its old image, and nobody says why`);
    else kinds.push(`old image (${phase}: ${cause || outcome.cause})`);
  }
  return { problem: "", kind: kinds.toSorted().join("; ") };
}
