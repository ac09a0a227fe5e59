/** What a scenario says of the campaign: who is updated when, by which road, how many at once. */
import { Schema } from "effect";
import { choice, field, integer, maybe, part, prose, seconds, share, text } from "./fields.ts";
import { LIMITS } from "./limits.ts";

export const ROADS = ["omci", "https", "cwmp"] as const;
/** By which a campaign can have ONTs updated. */
export type CampaignRoad = (typeof ROADS)[number];
export const road = choice(...ROADS);

const DAY_SECONDS = 86_400;
const NIGHTS_MAX = 90;
const ONTS = integer(0, LIMITS.ontsPerPon * LIMITS.pons, "ONTs");
const HOURS = "hours and a zone, such as 02:00-05:00 Europe/Berlin, days before them where not all are meant";
const INSTANT = "a time in UTC, such as 2026-03-28T20:00Z";

/** As base/maintenance reads it. */
const window = Schema.String.annotate({ expected: HOURS }).check(
  Schema.isPattern(/^([a-z,-]+ +)?([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d( +[\w/+-]+)?$/, { expected: HOURS }),
);
const instant = Schema.String.annotate({ expected: INSTANT }).check(
  Schema.isPattern(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?Z$/, {
    expected: INSTANT,
  }),
);

const roadPlan = Schema.Struct({
  road: road.annotate({ description: "Which road." }),
  attempts: field(integer(1, 100, "attempts"), 1, "Failures by this road after which an ONT is given to the next one."),
  takesLate: field(
    Schema.Boolean.annotate({ expected: "true or false" }),
    false,
    "Whether it takes those, too, who come after their wave has begun; others are given to the next road that does.",
  ),
  concurrency: maybe(integer(1, LIMITS.ontsPerPon * LIMITS.pons, "ONTs"), "ONTs under way by it at most; absent: all."),
  updateSeconds: field(
    seconds(DAY_SECONDS),
    1800,
    "What an update takes, from its start to Commit: none is started that would not be done before its window closes.",
  ),
  limitSeconds: maybe(
    seconds(DAY_SECONDS),
    "After so long it is stopped, and counts as a failure; absent: when its window closes.",
  ),
});

const filter = part(
  {
    hardware: maybe(Schema.Array(prose), "Of these hardware versions; absent: of any."),
    products: maybe(Schema.Array(prose), "Of these product codes; absent: of any."),
    versions: maybe(Schema.Array(prose), "Running these versions; absent: any."),
    labels: maybe(Schema.Array(text(1, 64)), "With all of these labels, which groups of the fleet have."),
  },
  "Whom it is for; others are left as they are.",
);

export const campaign = Schema.Struct({
  roads: field(
    Schema.Array(roadPlan),
    [{ road: "omci" }, { road: "https", attempts: 3, takesLate: true }],
    "Roads in the order in which they are tried.",
  ),
  filter,
  windows: field(Schema.Array(window), ["02:00-05:00 UTC"], "When ONTs may be updated; an empty list: always.", [
    "mon-fri 02:00-05:00 Europe/Berlin",
  ]),
  nights: field(integer(1, NIGHTS_MAX, "nights"), 1, "It ends when its windows have closed so often."),
  beginsAt: field(instant, "1970-01-01T00:00Z", "Where the clock stands when the run begins."),
  gatherSeconds: field(
    seconds(DAY_SECONDS),
    30,
    "So long after the first ONT was there, the first wave waits for others.",
  ),
  concurrency: maybe(
    integer(1, LIMITS.ontsPerPon * LIMITS.pons, "ONTs"),
    "ONTs under way at most, by all roads; absent: all.",
  ),
  canary: field(ONTS, 0, "ONTs of the first wave, some of each hardware and version; 0: there is none."),
  wave: field(ONTS, 0, "ONTs of each wave after that; 0: all that are left."),
  success: field(share, 1, "The next wave begins as soon as this share of one has succeeded."),
  failure: field(share, 0.25, "The campaign stops by itself when more than this share of a wave has failed."),
}).annotate({
  description: "A campaign above all ports and roads: who is updated when, by which road, how many at once.",
});
