/** What a scenario may say about faults of the fibre. How frames suffer from them is the room pon's business. */
import { Schema } from "effect";
import { choice, field, integer, milliseconds, number, quantity, seconds, share, text, whole } from "./fields.ts";

/** Where an impairment acts. */
const acts = (usually: "down" | "both") =>
  field(choice("down", "up", "both"), usually, "Downstream, upstream, or both ways.");
/** A field that has no default. */
const says = <S extends Schema.Top>(schema: S, description: string) => schema.annotate({ description }) as S;
const chance = says(share, "Chance for each frame.");

const start = field(
  choice("random", "same"),
  "random",
  "Each ONT begins at a place of its own, drawn from the seed, or all with the first entry.",
);

/** What may go wrong on the fibre; several act at once. */
export const impairment = Schema.Union([
  Schema.Struct({
    kind: Schema.Literal("loss"),
    chance,
    direction: acts("both"),
  }).annotate({ description: "Every frame is lost with the same chance." }),
  Schema.Struct({
    kind: Schema.Literal("burstLoss"),
    goodToBad: says(share, "Chance with each frame that the good state ends."),
    badToGood: says(share, "Chance with each frame that the bad state ends: 1 over the mean length of a burst."),
    lossGood: field(share, 0, "Chance that a frame is lost in the good state."),
    lossBad: field(share, 1, "Chance that a frame is lost in the bad state."),
    direction: acts("down"),
  }).annotate({ description: "Gilbert-Elliott: a good and a bad state." }),
  Schema.Struct({
    kind: Schema.Literal("feederLoss"),
    chance,
  }).annotate({ description: "A frame lost before the splitter is lost by all." }),
  Schema.Struct({
    kind: Schema.Literal("corruption"),
    chance,
    direction: acts("both"),
  }).annotate({ description: "Bit errors that the trailer catches." }),
  Schema.Struct({
    kind: Schema.Literal("duplication"),
    chance,
    direction: acts("both"),
  }).annotate({ description: "A frame is delivered twice." }),
  Schema.Struct({
    kind: Schema.Literal("reordering"),
    chance,
    delayMs: says(milliseconds(10_000), "How much later."),
    direction: acts("both"),
  }).annotate({ description: "A frame is delivered later than those behind it." }),
  Schema.Struct({
    kind: Schema.Literal("latency"),
    distribution: field(
      choice("constant", "uniform", "normal", "exponential", "pareto"),
      "constant",
      "How it is spread.",
    ),
    meanMs: says(milliseconds(60_000), "Mean, one way, beyond the fibre's own."),
    jitterMs: field(
      milliseconds(60_000),
      0,
      "Spread: half width (uniform), standard deviation (normal), or shape (pareto, more than 1).",
    ),
    direction: acts("both"),
  }).annotate({ description: "Frames take longer." }),
  Schema.Struct({
    kind: Schema.Literal("blackout"),
    atSeconds: says(seconds(86_400), "So long after the start."),
    forSeconds: says(seconds(86_400), "And for so long."),
    direction: acts("both"),
  }).annotate({ description: "Nothing passes from a time on, for a time." }),
  Schema.Struct({
    kind: Schema.Literal("lossTrace"),
    file: says(
      text(1, 4096),
      "Text of 0 and 1 for each frame (1: lost), or CSV: passed,lost in frames, or at_seconds,for_seconds without light.",
    ),
    at: field(
      choice("drop", "feeder"),
      "drop",
      "On each ONT's own fibre, or before the splitter, downstream for all alike.",
    ),
    start,
    direction: acts("down"),
  }).annotate({ description: "Loss as it was recorded, over and over (docs/traces.md)." }),
  Schema.Struct({
    kind: Schema.Literal("latencyTrace"),
    file: says(text(1, 4096), "Milliseconds of a frame each, a line each, or CSV with a column ms or seconds."),
    start,
    direction: acts("both"),
  }).annotate({ description: "Latency as it was recorded, a frame after the other, over and over." }),
  Schema.Struct({
    kind: Schema.Literal("rateLimit"),
    bytesPerSecond: says(quantity(1, 1e12, "bytes/s"), "So much gets through in the long run."),
    burstBytes: field(whole(2048, 1e9, "bytes"), 65_536, "So much passes at once after a pause."),
    queueBytes: field(whole(0, 1e9, "bytes"), 1_048_576, "So much may wait."),
    direction: acts("down"),
  }).annotate({ description: "A bottleneck: what has to wait queues, what does not fit the queue is lost." }),
  Schema.Struct({
    kind: Schema.Literal("slowReceiver"),
    framesPerSecond: says(number(1, 1e9, "frames/s"), "Frames that it takes."),
    queueFrames: says(integer(1, 1_000_000, "frames"), "Frames that may wait."),
  }).annotate({ description: "An ONT that takes its frames slowly: what does not fit its queue is lost." }),
]).annotate({
  expected:
    "an impairment with its kind: loss, burstLoss, feederLoss, corruption, duplication, reordering, latency, blackout, lossTrace, latencyTrace, rateLimit, slowReceiver",
});

export type Impairment = (typeof impairment)["Type"];

/** What is wrong with an impairment beyond its single fields; empty when nothing is. */
export function impairmentFault(impairment: Impairment, ofWholePort: boolean): string {
  if (impairment.kind === "feederLoss" && !ofWholePort)
    return "feederLoss acts on a whole port; put it under the run's impairments";
  if (impairment.kind === "lossTrace" && impairment.at === "feeder" && !ofWholePort)
    return "a lossTrace at the feeder acts on a whole port; put it under the run's impairments";
  const isPareto = impairment.kind === "latency" && impairment.distribution === "pareto";
  if (isPareto && !(impairment.jitterMs > 1))
    return `jitterMs ${impairment.jitterMs} is the shape of a pareto distribution; more than 1`;
  return "";
}
