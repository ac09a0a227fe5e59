/** What a scenario may say about faults of the fibre. How frames suffer from them is the room pon's business. */
import { Schema } from "effect";
import { choice, integer, milliseconds, number, seconds, share, withDefault } from "./fields.ts";

/** Where an impairment acts. */
const direction = choice("down", "up", "both");

/** What may go wrong on the fibre; several act at once. */
export const impairment = Schema.Union([
  Schema.Struct({
    /** Every frame is lost with the same chance. */
    kind: Schema.Literal("loss"),
    chance: share,
    direction: withDefault(direction, "both"),
  }),
  Schema.Struct({
    /** Gilbert-Elliott: a good and a bad state. */
    kind: Schema.Literal("burstLoss"),
    goodToBad: share,
    badToGood: share,
    lossGood: withDefault(share, 0),
    lossBad: withDefault(share, 1),
    direction: withDefault(direction, "down"),
  }),
  Schema.Struct({
    /** A frame lost before the splitter is lost by all. */
    kind: Schema.Literal("feederLoss"),
    chance: share,
  }),
  Schema.Struct({
    /** Bit errors that the trailer catches. */
    kind: Schema.Literal("corruption"),
    chance: share,
    direction: withDefault(direction, "both"),
  }),
  Schema.Struct({
    kind: Schema.Literal("duplication"),
    chance: share,
    direction: withDefault(direction, "both"),
  }),
  Schema.Struct({
    /** A frame is delivered this much later than those behind it. */
    kind: Schema.Literal("reordering"),
    chance: share,
    delayMs: milliseconds(10_000),
    direction: withDefault(direction, "both"),
  }),
  Schema.Struct({
    kind: Schema.Literal("latency"),
    distribution: withDefault(choice("constant", "uniform", "normal", "exponential", "pareto"), "constant"),
    meanMs: milliseconds(60_000),
    /** Spread: half width, standard deviation, or Pareto shape. */
    jitterMs: withDefault(milliseconds(60_000), 0),
    direction: withDefault(direction, "both"),
  }),
  Schema.Struct({
    /** Nothing passes from a time on, for a time. */
    kind: Schema.Literal("blackout"),
    atSeconds: seconds(86_400),
    forSeconds: seconds(86_400),
    direction: withDefault(direction, "both"),
  }),
  Schema.Struct({
    /** So much gets through in the long run; what has to wait queues, what does not fit the queue is lost. */
    kind: Schema.Literal("rateLimit"),
    bytesPerSecond: number(1, 1e12),
    burstBytes: withDefault(integer(2048, 1e9, "bytes"), 65_536),
    queueBytes: withDefault(integer(0, 1e9, "bytes"), 1_048_576),
    direction: withDefault(direction, "down"),
  }),
  Schema.Struct({
    /** An ONT that takes its frames slowly: what does not fit its queue is lost. */
    kind: Schema.Literal("slowReceiver"),
    framesPerSecond: number(1, 1e9),
    queueFrames: integer(1, 1_000_000, "frames"),
  }),
]).annotate({
  expected:
    "an impairment with its kind: loss, burstLoss, feederLoss, corruption, duplication, reordering, latency, blackout, rateLimit, slowReceiver",
});

export type Impairment = (typeof impairment)["Type"];

/** What is wrong with an impairment beyond its single fields; empty when nothing is. */
export function impairmentFault(impairment: Impairment, ofWholePort: boolean): string {
  if (impairment.kind === "feederLoss" && !ofWholePort)
    return "feederLoss acts on a whole port; put it under the run's impairments";
  const isPareto = impairment.kind === "latency" && impairment.distribution === "pareto";
  if (isPareto && !(impairment.jitterMs > 1))
    return `jitterMs ${impairment.jitterMs} is the shape of a pareto distribution; more than 1`;
  return "";
}
