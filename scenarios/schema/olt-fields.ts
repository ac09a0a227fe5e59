/** What a scenario says of the OLT: the distribution, its pace, its patience. */
import { Schema } from "effect";
import { choice, field, flag, integer, maybe, milliseconds, part, quantity, seconds, share, whole } from "./fields.ts";
import { LIMITS } from "./limits.ts";

/** Strategy that a scenario has when it names none. */
export const DEFAULT_RECOVERY = "parity";

const DAY_SECONDS = 86_400;
const DAY_MS = DAY_SECONDS * 1000;
const WEEK_SECONDS = 7 * DAY_SECONDS;
const TIME_MS_MAX = 60_000;

const onts = integer(1, LIMITS.ontsPerPon, "ONTs");
const ontsOrNone = integer(0, LIMITS.ontsPerPon, "ONTs");

const proactive = Schema.Union([integer(0, 64, "sections"), Schema.Literal("auto")]).annotate({
  expected: "auto, or 0 to 64 sections",
});

/** olt/core/policy.ts says when groups form, and why so. */
const catchUp = part(
  {
    when: field(
      choice("ended", "never"),
      "ended",
      "The next group begins when the one before is over; never: each is served alone.",
    ),
    waitSeconds: field(
      seconds(DAY_SECONDS),
      30,
      "So long after the first began to wait, the group begins without those who are still away.",
    ),
    onts: field(onts, LIMITS.ontsPerPon, "So many who wait begin at once, whoever is away."),
  },
  "Who was late, came back, or left the group shares the next pass.",
);

export const olt = part(
  {
    mode: field(
      choice("unicast", "multicast"),
      "multicast",
      "unicast is plain G.988; multicast, sections once for all, is an extension.",
    ),
    recovery: field(
      choice("window", "selective", "parity", "unicast"),
      DEFAULT_RECOVERY,
      "How a window is repaired that some ONTs did not get whole; multicast only.",
    ),
    messageSet: field(
      choice("baseline", "extended"),
      "extended",
      "Message set of the sections, where the ONTs know it.",
    ),
    windowSections: field(
      integer(1, LIMITS.windowSections, "sections"),
      240,
      "Window that the OLT proposes; window and parity sections are 256 together at most.",
    ),
    sectionBytes: field(
      whole(1, LIMITS.sectionBytes, "bytes"),
      LIMITS.sectionBytes,
      "Data of a section in extended; baseline has 31 always.",
    ),
    instance: field(
      choice("any", "group"),
      "any",
      "any: one stream for ONTs whatever slot they write (0xFFFF); group: one group for each slot.",
    ),
    padLastWindow: field(flag, false, "Fill the last window up with null sections (baseline; G.988 I.3 permits both)."),
    proactive: field(
      proactive,
      "auto",
      "Parity sections sent with each window before anybody asks; auto: by the loss seen.",
    ),
    resume: field(
      flag,
      true,
      "In unicast too, ask each ONT what it holds of the image (vendor ME 65280) and go on from there; false: plain G.988, every download from its beginning.",
    ),
    concurrency: field(onts, 16, "Downloads at the same time in unicast."),
    catchUp,
    patience: field(
      integer(1, 100, "rounds"),
      4,
      "Repair rounds of a window that every ONT has before it leaves the group; more where all lose much.",
    ),
    rateBytesPerSecond: maybe(
      quantity(100, 1e12, "bytes/s"),
      "OMCC budget downstream, in GEM frames; a percentage is of the line's rate, as 2% is 49.8 Mbit/s in G-PON; absent: as fast as the link.",
      "20Mbit/s",
    ),
    force: field(flag, false, "Send to ONTs that are not eligible too: what is tested then is the ONTs' own check."),
    canary: field(ontsOrNone, 0, "ONTs activated first; 0: no such stage."),
    wave: field(ontsOrNone, 0, "ONTs activated together after the canaries; 0: all at once."),
    failureThreshold: field(share, 0.25, "The rollout stops when more than this share of a stage fails."),
    soakMs: field(milliseconds(DAY_MS), 500, "So long the new image has to answer before it is committed."),
    activate: field(flag, true, "false: stop when the image is stored."),
    commit: field(flag, true, "false: leave the new image active, not committed."),
    answerTimeoutMs: field(quantity(1, TIME_MS_MAX, "ms"), 1000, "Deadline of an answer (B.2: about one second)."),
    answerTimeoutMinMs: field(
      quantity(0.1, TIME_MS_MAX, "ms"),
      5,
      "The deadline of answers, which follows what is seen, is never shorter.",
    ),
    sendsMax: field(integer(1, 100, "sends"), 4, "Sends of one message before the ONT counts as silent."),
    busyPollMs: field(quantity(1, TIME_MS_MAX, "ms"), 200, "Between two Ends to an ONT that is busy."),
    busyWaitMs: field(milliseconds(DAY_MS), 120_000, "And for so long at most."),
    rebootWaitMs: field(milliseconds(DAY_MS), 60_000, "From Activate until the ONT is ranged again and answers."),
    rangingPatienceMs: field(
      milliseconds(DAY_MS),
      30_000,
      "From the first ranging until the download begins without ONTs that are missing.",
    ),
    returnWaitMs: field(milliseconds(DAY_MS), 30_000, "So long an ONT that was lost may take to come back."),
    restartsMax: field(integer(0, 100, "restarts"), 3, "Fresh starts of one ONT's download."),
    runSeconds: field(quantity(1, WEEK_SECONDS, "s"), 3600, "The whole run at most."),
  },
  "The OLT.",
);
