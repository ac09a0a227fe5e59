/** What a scenario says of the fleet: groups of ONTs that differ from the others, and what each should end as. */
import { Schema } from "effect";
import type { PhaseWith } from "../../olt/core/types.ts";
import { road } from "./campaign-fields.ts";
import { choice, field, integer, maybe, number, seconds, share, text } from "./fields.ts";
import { impairment } from "./impairments.ts";
import { LIMITS } from "./limits.ts";
import { differentOnt } from "./ont-fields.ts";

const DAY_SECONDS = 86_400;

/** What an ONT may end as: as olt/core/phases.ts has it. */
const OUTCOMES = [
  "committed",
  "stored",
  "trial",
  "rolledBack",
  "skipped",
  "failed",
] as const satisfies readonly PhaseWith<"isOutcome">[];

const slot = Schema.Literals([0, 1, "alternate"]).annotate({ expected: "0, 1 or alternate" });

const fleetGroup = Schema.Struct({
  count: maybe(
    integer(1, LIMITS.ontsPerPon, "ONTs"),
    "ONTs of this group, taken in order; the last group without a count takes the rest.",
  ),
  share: maybe(share, "Instead of `count`: their share of the port's ONTs."),
  slot: field(slot, "alternate", "Slot that the ONTs run from; alternate: every other one from slot 1."),
  distanceKm: maybe(number(0, 60, "km"), "Fibre to the ONTs of this group; absent: by `pon.distanceKm`."),
  joinAtSeconds: field(seconds(DAY_SECONDS), 0, "Switched on so long after the others."),
  joinOverSeconds: field(
    seconds(DAY_SECONDS),
    0,
    "And from then on one after the other, evenly, the last one so long after `joinAtSeconds`; 0: all at once.",
  ),
  impairments: field(Schema.Array(impairment), [], "What the fibre does to these ONTs, beside what it does to all."),
  road: maybe(road, "The only road to these ONTs; absent: all roads of the campaign, or `road`."),
  label: maybe(text(1, 64), "For the campaign's filter."),
  expect: maybe(choice(...OUTCOMES), "What these ONTs should end as; absent: what their boot plan leads to."),
  ...differentOnt,
}).annotate({ description: "ONTs that are alike." });

export const fleet = field(Schema.Array(fleetGroup), [{}], "Groups of ONTs, each with what sets it apart.");
