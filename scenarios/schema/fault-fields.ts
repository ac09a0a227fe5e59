/** What a scenario has happen in the middle of a run: power cuts, a killed OLT, an operator's commands. */
import { Schema } from "effect";
import type { PhaseWith } from "../../olt/core/types.ts";
import { choice, field, integer, maybe, quantity, seconds, whole } from "./fields.ts";
import { LIMITS } from "./limits.ts";

const DAY_SECONDS = 86_400;
const ONT_LAST = LIMITS.ontsPerPon * LIMITS.pons - 1;

/** As olt/core/phases.ts has them: at these a fault may strike. */
const STRIKE_PHASES = [
  "discovering",
  "starting",
  "downloading",
  "ending",
  "stored",
  "activating",
  "rebooting",
  "soaking",
  "committing",
] as const satisfies readonly PhaseWith<"mayStrike">[];

const rate = whole(LIMITS.rateBitsPerSecondLeast, LIMITS.rateBitsPerSecondMost, "bit/s");

const fault = Schema.Struct({
  atSeconds: maybe(seconds(DAY_SECONDS), "When: so long after the first Start."),
  whenPhase: maybe(choice(...STRIKE_PHASES), "Or as soon as the ONT (for the OLT: any) reaches this phase."),
  everySeconds: maybe(
    quantity(1, 1e9, "s"),
    "Or again and again, at random moments: mean time between two of one ONT.",
  ),
  action: choice("powerCycle", "killOlt", "pause", "abort", "skip", "rate").annotate({
    description: "What happens. The last four are an operator's; a pause ends after `offSeconds`.",
  }),
  onts: field(
    Schema.Array(integer(0, ONT_LAST)),
    [],
    "Numbers of the ONTs, from 0; for powerCycle and skip. Empty: all.",
  ),
  offSeconds: field(seconds(DAY_SECONDS), 0.2, "How long the power is off, or the pause lasts."),
  bitsPerSecond: maybe(rate, "With rate: the OMCC budget from then on; absent: as fast as the link.", 20_000_000),
}).annotate({ description: "One event, or one kind of event that comes again." });

export const faults = field(Schema.Array(fault), [], "What happens in the middle of the run.");
