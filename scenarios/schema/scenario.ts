/**
 * What a run can be asked: every field of a scenario with its limits and its default. Nothing here says how a run is
 * done.
 */
import { Schema } from "effect";
import type { PhaseWith } from "../../olt/core/types.ts";
import { choice, flag, integer, milliseconds, number, prose, seconds, share, text, withDefault } from "./fields.ts";
import { impairment } from "./impairments.ts";

/** Strategy that a scenario has when it names none. */
export const DEFAULT_RECOVERY = "parity";

export const LIMITS = {
  ontsPerPon: 128,
  pons: 16,
  imageBytes: 256 * 1024 * 1024,
  windowSections: 256,
  sectionBytes: 1965,
  /** As olt/core/command.ts has them. */
  rateBitsPerSecondLeast: 800,
  rateBitsPerSecondMost: 8e12,
} as const;

const whole = <const Fields extends Schema.Struct.Fields>(fields: Fields) =>
  withDefault(Schema.Struct(fields), {} as never);

const boot = Schema.Union([
  Schema.Struct({ kind: Schema.Literals(["boots", "hangs", "crashes"]) }),
  Schema.Struct({ kind: Schema.Literal("bootsAt"), attempt: integer(1, 100, "boots") }),
]).annotate({ expected: "kind: boots, hangs, crashes, or bootsAt with attempt" });

/** Properties of an ONT; a fleet group names those in which it differs from the run's `ont`. */
const ontFields = {
  productCode: text(0, 25),
  hardware: text(1, 14),
  /** Version of the factory image that runs at the start. */
  version: text(1, 14),
  /** It has committed to this security version already. */
  securityVersion: integer(0, 0xffffffff),
  /** Takes images of a lower security version all the same; for laboratories. */
  allowDowngrade: flag,
  /** Message sets: 0xA0 tells of baseline only, 0xB4 of both. */
  omccVersion: integer(0x80, 0xff),
  maxWindowSections: integer(1, LIMITS.windowSections, "sections"),
  recoveryAware: flag,
  parityAware: flag,
  placeAware: flag,
  quirk: text(1, 64),
  boot,
  restartDelayMs: milliseconds(600_000),
  bootMs: milliseconds(600_000),
  watchdogMs: milliseconds(600_000),
  /**
   * The SHA-256 of a stored image once more, at Activate (virtual time only) and by the boot loader before it boots an
   * image that is not committed; 0: within restartDelayMs and bootMs.
   */
  imageCheckMs: milliseconds(600_000),
  /** Time an ONT needs for one section; virtual time only. */
  sectionMicroseconds: number(0, 1_000_000, "µs"),
  flashEraseMs: milliseconds(600_000),
  flashWriteBytesPerSecond: number(1, 1e12),
  flashVerifyBytesPerSecond: number(1, 1e12),
} as const;

type OntField = keyof typeof ontFields;
const optionalOntFields = Object.fromEntries(
  Object.entries(ontFields).map(([name, schema]) => [name, Schema.optionalKey(schema as Schema.Top)]),
) as unknown as { [Name in OntField]: Schema.optionalKey<(typeof ontFields)[Name]> };

/** What an ONT may end as: as olt/core/phases.ts has it. */
const OUTCOMES = [
  "committed",
  "stored",
  "trial",
  "rolledBack",
  "skipped",
  "failed",
] as const satisfies readonly PhaseWith<"isOutcome">[];

const fleetGroup = Schema.Struct({
  /** ONTs of this group, taken in order; the last group without a count takes the rest. */
  count: Schema.optionalKey(integer(1, LIMITS.ontsPerPon, "ONTs")),
  share: Schema.optionalKey(share),
  /** Slot it runs from: alternate = every other one from slot 1. */
  slot: withDefault(Schema.Literals([0, 1, "alternate"]).annotate({ expected: "0, 1 or alternate" }), "alternate"),
  distanceKm: Schema.optionalKey(number(0, 60, "km")),
  /** Switched on so long after the others. */
  joinAtSeconds: withDefault(seconds(86_400), 0),
  /** And from then on one after the other, evenly, the last one so long after `joinAtSeconds`; 0 = all at once. */
  joinOverSeconds: withDefault(seconds(86_400), 0),
  impairments: withDefault(Schema.Array(impairment), []),
  /** What the group's ONTs should end as; by default what their boot plan leads to. */
  expect: Schema.optionalKey(choice(...OUTCOMES)),
  ...optionalOntFields,
});

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

const fault = Schema.Struct({
  /** When: seconds after the first Start, or as soon as the ONT (any, for the OLT) reaches a phase. */
  atSeconds: Schema.optionalKey(seconds(86_400)),
  whenPhase: Schema.optionalKey(choice(...STRIKE_PHASES)),
  /** Or again and again, at random moments: mean time between two of one ONT. */
  everySeconds: Schema.optionalKey(number(1, 1e9, "s")),
  /** The last four are an operator's: a pause ends after `offSeconds`. */
  action: choice("powerCycle", "killOlt", "pause", "abort", "skip", "rate"),
  /** Numbers of the ONTs, from 0; for powerCycle and skip. None: all. */
  onts: withDefault(Schema.Array(integer(0, LIMITS.ontsPerPon * LIMITS.pons - 1)), []),
  offSeconds: withDefault(seconds(86_400), 0.2),
  /** With rate: the OMCC budget from then on; absent = as fast as the link. */
  bitsPerSecond: Schema.optionalKey(integer(LIMITS.rateBitsPerSecondLeast, LIMITS.rateBitsPerSecondMost, "bit/s")),
});

export const scenarioSchema = Schema.Struct({
  name: withDefault(text(1, 64), "run"),
  description: withDefault(prose, ""),
  /** The question this scenario answers. */
  question: withDefault(prose, ""),
  seed: withDefault(integer(0, Number.MAX_SAFE_INTEGER), 1),
  onts: withDefault(integer(1, LIMITS.ontsPerPon, "ONTs"), 128),
  pons: withDefault(integer(1, LIMITS.pons, "PON ports"), 1),
  ontsPerProcess: withDefault(integer(1, LIMITS.ontsPerPon, "ONTs"), 1),
  image: whole({
    /** A bundle made by `poncast pack`; without one an image is made from the seed. */
    file: Schema.optionalKey(prose),
    /** Public key to trust for `file`, PEM. */
    keyFile: Schema.optionalKey(prose),
    bytes: withDefault(integer(1024, LIMITS.imageBytes, "bytes"), 8 * 1024 * 1024),
    version: withDefault(text(1, 14), "PONCAST-2.0.0"),
    productCode: withDefault(text(0, 25), "PONCAST-ONT"),
    hardware: withDefault(Schema.Array(text(1, 14)), ["HW-1"]),
    minimumVersion: withDefault(text(0, 14), ""),
    /** ONTs that have committed to a higher one refuse the image. */
    securityVersion: withDefault(integer(0, 0xffffffff), 0),
    /** A fault put into the image on purpose. */
    fault: withDefault(choice("none", "wrongKey", "flippedByte", "truncated"), "none"),
  }),
  ont: whole({
    productCode: withDefault(ontFields.productCode, "PONCAST-ONT"),
    hardware: withDefault(ontFields.hardware, "HW-1"),
    version: withDefault(ontFields.version, "PONCAST-1.0.0"),
    securityVersion: withDefault(ontFields.securityVersion, 0),
    allowDowngrade: withDefault(ontFields.allowDowngrade, false),
    omccVersion: withDefault(ontFields.omccVersion, 0xb4),
    maxWindowSections: withDefault(ontFields.maxWindowSections, 256),
    recoveryAware: withDefault(ontFields.recoveryAware, true),
    parityAware: withDefault(ontFields.parityAware, true),
    placeAware: withDefault(ontFields.placeAware, true),
    quirk: withDefault(ontFields.quirk, "reference"),
    boot: withDefault(ontFields.boot, { kind: "boots" }),
    restartDelayMs: withDefault(ontFields.restartDelayMs, 50),
    bootMs: withDefault(ontFields.bootMs, 500),
    watchdogMs: withDefault(ontFields.watchdogMs, 1500),
    imageCheckMs: withDefault(ontFields.imageCheckMs, 0),
    sectionMicroseconds: withDefault(ontFields.sectionMicroseconds, 2),
    flashEraseMs: withDefault(ontFields.flashEraseMs, 100),
    flashWriteBytesPerSecond: withDefault(ontFields.flashWriteBytesPerSecond, 20e6),
    flashVerifyBytesPerSecond: withDefault(ontFields.flashVerifyBytesPerSecond, 100e6),
  }),
  fleet: withDefault(Schema.Array(fleetGroup), [{}]),
  pon: whole({
    profile: withDefault(choice("gpon", "xgpon", "xgspon"), "gpon"),
    trailer: withDefault(choice("none", "crc32", "mic"), "crc32"),
    encapsulation: withDefault(choice("gem", "plain"), "gem"),
    /** 127.0.0.1 keeps every frame on this machine. */
    interface: withDefault(prose, "127.0.0.1"),
    distanceKm: whole({
      least: withDefault(number(0, 60, "km"), 1),
      most: withDefault(number(0, 60, "km"), 20),
    }),
    /** Each ONT may send once in this time. */
    grantCycleMicroseconds: withDefault(number(125, 100_000, "µs"), 1000),
    /** Feed that all PON ports share; virtual time only. */
    headendBitsPerSecond: Schema.optionalKey(number(1000, 1e13)),
  }),
  olt: whole({
    mode: withDefault(choice("unicast", "multicast"), "multicast"),
    recovery: withDefault(choice("window", "selective", "parity", "unicast"), DEFAULT_RECOVERY),
    messageSet: withDefault(choice("baseline", "extended"), "extended"),
    windowSections: withDefault(integer(1, LIMITS.windowSections, "sections"), 240),
    /** Data bytes of a section in extended; baseline has 31 always. */
    sectionBytes: withDefault(integer(1, LIMITS.sectionBytes, "bytes"), LIMITS.sectionBytes),
    instance: withDefault(choice("any", "group"), "any"),
    padLastWindow: withDefault(flag, false),
    proactive: withDefault(
      Schema.Union([integer(0, 64, "sections"), Schema.Literal("auto")]).annotate({
        expected: "auto, or 0 to 64 sections",
      }),
      "auto",
    ),
    concurrency: withDefault(integer(1, LIMITS.ontsPerPon, "ONTs"), 16),
    /** Who was late, came back, or left the group shares the next pass: olt/core/policy.ts says when, and why so. */
    catchUp: whole({
      when: withDefault(choice("ended", "never"), "ended"),
      waitSeconds: withDefault(seconds(86_400), 30),
      onts: withDefault(integer(1, LIMITS.ontsPerPon, "ONTs"), LIMITS.ontsPerPon),
    }),
    patience: withDefault(integer(1, 100, "rounds"), 4),
    /** OMCC budget downstream, bytes of GEM frames; absent = as fast as the link. */
    rateBytesPerSecond: Schema.optionalKey(number(100, 1e12)),
    force: withDefault(flag, false),
    canary: withDefault(integer(0, LIMITS.ontsPerPon, "ONTs"), 0),
    wave: withDefault(integer(0, LIMITS.ontsPerPon, "ONTs"), 0),
    failureThreshold: withDefault(share, 0.25),
    soakMs: withDefault(milliseconds(86_400_000), 500),
    activate: withDefault(flag, true),
    commit: withDefault(flag, true),
    answerTimeoutMs: withDefault(number(1, 60_000, "ms"), 1000),
    answerTimeoutMinMs: withDefault(number(0.1, 60_000, "ms"), 20),
    sendsMax: withDefault(integer(1, 100, "sends"), 4),
    busyPollMs: withDefault(number(1, 60_000, "ms"), 200),
    busyWaitMs: withDefault(milliseconds(86_400_000), 120_000),
    rebootWaitMs: withDefault(milliseconds(86_400_000), 60_000),
    rangingPatienceMs: withDefault(milliseconds(86_400_000), 30_000),
    returnWaitMs: withDefault(milliseconds(86_400_000), 30_000),
    restartsMax: withDefault(integer(0, 100, "restarts"), 3),
    runSeconds: withDefault(number(1, 604_800, "s"), 3600),
  }),
  impairments: withDefault(Schema.Array(impairment), []),
  faults: withDefault(Schema.Array(fault), []),
});

/** A scenario with every field in place. */
export type Scenario = (typeof scenarioSchema)["Type"];
export type FleetGroup = Scenario["fleet"][number];
export type Fault = Scenario["faults"][number];
export type OntProperties = Scenario["ont"];
