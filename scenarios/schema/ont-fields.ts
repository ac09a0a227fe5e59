/** What a scenario says of an ONT: of all in `ont`, of some in a group of the fleet. */
import { Schema } from "effect";
import { choice, field, flag, integer, maybe, milliseconds, number, part, quantity, text, whole } from "./fields.ts";
import { securityVersion } from "./image-fields.ts";
import { LIMITS } from "./limits.ts";

const TIME_MS_MAX = 600_000;

/** As ont/core/download.ts has it: the largest image of a run, and room for what a bundle adds to it. */
const SLOT_BYTES = LIMITS.runImageBytes + 64 * 1024;

const boot = Schema.Union([
  Schema.Struct({ kind: Schema.Literals(["boots", "hangs", "crashes"]) }),
  Schema.Struct({
    kind: Schema.Literal("bootsAt"),
    attempt: integer(1, 100, "boots").annotate({ description: "The attempt that succeeds." }),
  }),
]).annotate({ expected: "kind: boots, hangs, crashes, or bootsAt with attempt" });

const battery = Schema.Union([Schema.Literal("mains"), number(0, 100, "percent")]).annotate({
  expected: "mains, or a number, 0 to 100 percent",
});

const configuration = Schema.NullOr(Schema.Record(Schema.String, Schema.Json)).annotate({
  expected: "a JSON object, or null",
});

/** Each with its kind, its default, and what it says. */
const PROPERTIES = {
  productCode: [text(0, 25), "PONCAST-ONT", "Product that the ONT is."],
  hardware: [text(1, 14), "HW-1", "Hardware version of the ONT."],
  version: [text(1, 14), "PONCAST-1.0.0", "Version of the factory image, which runs at the start."],
  securityVersion: [securityVersion, 0, "Security version that the ONT has committed to already."],
  allowDowngrade: [flag, false, "Take images of a lower security version all the same; for laboratories."],
  omccVersion: [
    integer(0x80, 0xff),
    0xb4,
    "OMCC version (G.988 9.1.2), which tells the message sets: 160 (0xA0) baseline only, 180 (0xB4) both.",
  ],
  maxWindowSections: [integer(1, LIMITS.windowSections, "sections"), 256, "Largest window that the ONT grants."],
  recoveryAware: [flag, true, "Shows the vendor ME 65280: bitmaps of what is missing, counts in answers."],
  parityAware: [flag, true, "Repairs windows from parity sections."],
  placeAware: [flag, true, "Takes windows in any order, and tells what it holds of the image."],
  deltaAware: [flag, true, "Rebuilds an image from a delta and the image that runs, and tells which that is."],
  slotBytes: [
    whole(1, SLOT_BYTES, "bytes"),
    SLOT_BYTES,
    "Room of each slot: an image that is larger, with all that its bundle adds, is refused.",
  ],
  stagingBytes: [
    whole(0, SLOT_BYTES, "bytes"),
    64 * 1024 * 1024,
    "Room for a delta, until it is applied: a larger one is refused.",
  ],
  batteryPercent: [battery, "mains", "Charge of the battery that the ONT runs on; mains: it has other power."],
  batteryMinPercent: [number(0, 100, "percent"), 20, "On less charge no download begins, and no image is activated."],
  temperatureCelsius: [number(-60, 200, "°C"), 40, "Temperature of the ONT."],
  temperatureMaxCelsius: [
    number(-60, 200, "°C"),
    85,
    "When it is hotter no download begins, and no image is activated.",
  ],
  locked: [flag, false, "The operator has locked the ONT: no download begins, and no image is activated."],
  call: [
    choice("none", "call", "emergency"),
    "none",
    "Somebody is on the telephone: no download begins, and Activate with flag 1 waits (flag 2: for an emergency call alone).",
  ],
  config: [
    configuration,
    null,
    "Configuration of the factory image, with its `schemaVersion`; null: the ONT has none.",
  ],
  quirk: [text(1, 64), "reference", "Quirk profile: how the ONT deviates from G.988."],
  boot: [boot, { kind: "boots" }, "How the new image boots: it runs, hangs, crashes, or runs at the n-th attempt."],
  restartDelayMs: [milliseconds(TIME_MS_MAX), 50, "From Activate's answer, or a watchdog, to the restart."],
  bootMs: [milliseconds(TIME_MS_MAX), 500, "Silent for so long when it boots."],
  watchdogMs: [milliseconds(TIME_MS_MAX), 1500, "After so long the watchdog restarts an image that does not come up."],
  imageCheckMs: [
    milliseconds(TIME_MS_MAX),
    0,
    "The SHA-256 of a stored image once more, at Activate (virtual time only) and by the boot loader before an image that is not committed; 0: within `restartDelayMs` and `bootMs`.",
  ],
  sectionMicroseconds: [quantity(0, 1_000_000, "µs"), 2, "Time for one section; virtual time only."],
  flashEraseMs: [milliseconds(TIME_MS_MAX), 100, "Time to erase a slot; virtual time only."],
  flashWriteBytesPerSecond: [
    quantity(1, 1e12, "bytes/s"),
    20e6,
    "Pace at which the flash is written; virtual time only.",
  ],
  flashVerifyBytesPerSecond: [
    quantity(1, 1e12, "bytes/s"),
    100e6,
    "Pace at which a stored image is read back; virtual time only.",
  ],
} as const satisfies Record<string, readonly [Schema.Top, unknown, string]>;

type Properties = typeof PROPERTIES;
type OntProperty = keyof Properties;

const each = <Made>(make: (property: Properties[OntProperty]) => Made) =>
  Object.fromEntries(Object.entries(PROPERTIES).map(([name, property]) => [name, make(property)]));

/** All with their defaults. */
export const ont = part(
  each(([schema, value, says]) => field(schema as Schema.Top, value, says)) as {
    [Name in OntProperty]: Schema.withDecodingDefaultKey<Properties[Name][0]>;
  },
  "Properties of all ONTs; a group of the fleet names those in which it differs.",
);

/** Those in which a group of the fleet differs. */
export const differentOnt = each(([schema, , says]) =>
  maybe(schema as Schema.Top, `${says} Of this group only.`),
) as unknown as {
  [Name in OntProperty]: Schema.optionalKey<Properties[Name][0]>;
};
