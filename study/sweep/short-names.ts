/** Impairments by a short name, as sweeps vary them: one number for each, where a scenario takes a list of records. */
import { type Impairment, type Override, ScenarioError } from "../../scenarios/index.ts";

/** Traces are files, no numbers. */
type Kind = Exclude<Impairment["kind"], "lossTrace" | "latencyTrace">;

interface ShortName {
  kind: Kind;
  /** Of the impairment; undefined: made of two names together. */
  property?: string;
  /** 0: there is no such impairment. Only one name of a kind is so. */
  decides?: true;
  /** What its number is. */
  says: string;
}

/** Every kind of impairment has one that decides whether it is there, and some have more. */
export const SHORT_NAMES = {
  loss: { kind: "loss", property: "chance", decides: true, says: "chance that a frame is lost, each way" },
  burstLoss: { kind: "burstLoss", decides: true, says: "share of the frames lost in bursts, downstream" },
  burstFrames: { kind: "burstLoss", says: "mean length of a burst in frames, 10" },
  feederLoss: { kind: "feederLoss", property: "chance", decides: true, says: "chance that a frame is lost by all" },
  corruption: { kind: "corruption", property: "chance", decides: true, says: "chance of bit errors, each way" },
  duplication: { kind: "duplication", property: "chance", decides: true, says: "chance of a second copy, each way" },
  reordering: { kind: "reordering", property: "chance", decides: true, says: "chance to come later, each way" },
  reorderingMs: { kind: "reordering", property: "delayMs", says: "how much later in ms, 1" },
  latency: { kind: "latency", property: "meanMs", decides: true, says: "ms one way, beyond the fibre's own" },
  jitter: { kind: "latency", property: "jitterMs", says: "ms to either side of the latency, evenly spread" },
  blackout: { kind: "blackout", property: "forSeconds", decides: true, says: "length in s of a time without light" },
  blackoutAt: { kind: "blackout", property: "atSeconds", says: "when it begins in s, 1" },
  rateLimit: { kind: "rateLimit", property: "bytesPerSecond", decides: true, says: "bytes/s that pass downstream" },
  slowReceiver: {
    kind: "slowReceiver",
    property: "framesPerSecond",
    decides: true,
    says: "frames/s that an ONT takes",
  },
  queueFrames: { kind: "slowReceiver", property: "queueFrames", says: "frames that wait for it, 256" },
} as const satisfies Record<string, ShortName>;

export type ShortNameOf = keyof typeof SHORT_NAMES;
export const isShortName = (field: string): field is ShortNameOf => Object.hasOwn(SHORT_NAMES, field);

/** For people: each name with what its number is. */
export const shortNameLines = (): [string, string][] =>
  Object.entries(SHORT_NAMES).map(([name, { says }]) => [name, says]);

const BURST_FRAMES = 10;

/** What the names do not say. */
const REST: Readonly<Record<Kind, Readonly<Record<string, unknown>>>> = {
  loss: { direction: "both" },
  burstLoss: {},
  feederLoss: {},
  corruption: { direction: "both" },
  duplication: { direction: "both" },
  reordering: { delayMs: 1, direction: "both" },
  latency: { direction: "both" },
  blackout: { atSeconds: 1, direction: "both" },
  rateLimit: {},
  slowReceiver: { queueFrames: 256 },
};

/** A short name with its value, and how people know the field. */
export interface ShortValue {
  name: ShortNameOf;
  value: unknown;
  option: string;
}

/**
 * The overrides for short names. Each takes the place of what the scenario has of its kind; the other kinds stay.
 *
 * @param list the scenario's own impairments, as written in `file`; what is no list is left to its schema
 * @param values each name once
 * @throws ScenarioError where a name has nothing to change
 */
export function shortOverrides(list: unknown, file: string, values: readonly ShortValue[]): Override[] {
  if (list !== undefined && !Array.isArray(list)) return [];
  const kinds = new Set<Kind>(values.map(({ name }) => SHORT_NAMES[name].kind));
  const own: readonly unknown[] = list ?? [];
  const others = own.filter((each) => !kinds.has((each as { kind: Kind } | null)?.kind as Kind));
  const made = [...kinds].flatMap((kind) => ofKind(kind, values, own) ?? []);
  return [
    { path: "impairments", value: [...others, ...made.map(({ value }) => value)], option: `${file}: impairments` },
    // Each part under the name that it comes from, for what is wrong with it.
    ...made.flatMap(({ value, options }, at) =>
      Object.entries(options).map(([property, option]) => ({
        path: `impairments.${others.length + at}.${property}`,
        value: value[property],
        option,
      })),
    ),
  ];
}

interface Made {
  value: Record<string, unknown>;
  /** By property: how people know the field that it comes from. */
  options: Record<string, string>;
}

/** undefined: there is none of this kind. */
function ofKind(kind: Kind, values: readonly ShortValue[], own: readonly unknown[]): Made | undefined {
  const given = values.filter(({ name }) => SHORT_NAMES[name].kind === kind);
  const deciding = given.find(({ name }) => "decides" in SHORT_NAMES[name]);
  const known = own.find((each) => (each as { kind: Kind } | null)?.kind === kind) as
    | Record<string, unknown>
    | undefined;
  const [first] = given;
  if (deciding === undefined && known === undefined && first.name !== "jitter")
    throw new ScenarioError([`${first.option}: there is no ${kind} that it could change; say ${kind} beside it`]);
  if (kind === "burstLoss") return ofBursts(given, known);
  const jitter = kind === "latency" ? given.find(({ name }) => name === "jitter") : undefined;
  const hasSpread = jitter !== undefined && jitter.value !== 0;
  if (deciding?.value === 0 && !hasSpread) return undefined;
  if (deciding === undefined && known === undefined && !hasSpread) return undefined;
  // Without the name that decides, the scenario's own is changed.
  const value: Record<string, unknown> = { kind, ...REST[kind], ...(deciding === undefined && known) };
  const options: Record<string, string> = {};
  for (const { name, value: of, option } of given) {
    const { property } = SHORT_NAMES[name] as ShortName;
    if (property === undefined) continue;
    value[property] = of;
    options[property] = option;
  }
  if (jitter !== undefined) {
    value.distribution = hasSpread ? "uniform" : "constant";
    // By itself it is a latency of its own mean: from nothing to twice of it.
    value.meanMs ??= jitter.value;
  }
  return { value, options };
}

/** Gilbert-Elliott by what people measure: the share lost, and how many in a row. */
function ofBursts(given: readonly ShortValue[], known: Record<string, unknown> | undefined): Made | undefined {
  const share = given.find(({ name }) => name === "burstLoss");
  const length = given.find(({ name }) => name === "burstFrames");
  if (share?.value === 0) return undefined;
  const frames = length?.value ?? BURST_FRAMES;
  const badToGood = typeof frames === "number" ? 1 / frames : frames;
  const options: Record<string, string> = length === undefined ? {} : { badToGood: length.option };
  if (share === undefined) return { value: { ...known, badToGood }, options };
  options.goodToBad = share.option;
  return { value: { kind: "burstLoss", goodToBad: startsOf(share.value, badToGood), badToGood }, options };
}

/** How often a burst has to begin, for a share of the time in bursts; what is no share is for the schema to refuse. */
const startsOf = (share: unknown, badToGood: unknown): unknown =>
  typeof share !== "number" || typeof badToGood !== "number" || share < 0 || share >= 1
    ? share
    : Math.min(1, (share * badToGood) / (1 - share));
