/**
 * What can be wrong with a link, as data. A link is a list of these; each draws from its own random stream (see
 * `plan.ts`), and each sees every frame that is put on the link, whatever the others do to it: so one more impairment
 * changes nothing about when another strikes.
 *
 * All of them work in the virtual driver, on the feeder fibre and on the drop fibres. In the process driver those that
 * hold frames back (`latency`, `reordering`, `rateLimit`, `slowReceiver`) work on the drop fibres only: the ONT's end
 * does it, with timers of about 1 ms and a queue bounded by DELAY_QUEUE_FRAMES. `processLimits` names what is left out.
 */
import { InputError } from "../../base/errors/index.ts";

export type ImpairmentSpec =
  /** Independent loss: each frame with the same probability. Processes and virtual. */
  | { kind: "loss"; chance: number }
  /**
   * Burst loss after Gilbert and Elliott: a good and a bad state, changed from frame to frame with these probabilities,
   * each with a loss of its own. Starts in the stationary mix. Processes and virtual.
   */
  | {
      kind: "burstLoss";
      goodToBad: number;
      badToGood: number;
      lossGood: number;
      lossBad: number;
    }
  /** Frames hit have `bitFlips` bits flipped; the trailer then tells. Processes and virtual. */
  | { kind: "corruption"; chance: number; bitFlips: number }
  /** Each bit of a frame (GEM header included) flips with this probability. Processes and virtual. */
  | { kind: "bitErrors"; ratio: number }
  /** Frames hit arrive twice, one right behind the other. Processes and virtual. */
  | { kind: "duplication"; chance: number }
  /** Frames hit are held back by a delay and so overtaken. Processes (drop fibre) and virtual. */
  | { kind: "reordering"; chance: number; delay: DelaySpec }
  /**
   * Nothing passes from `fromNs` for `forNs`, and again every `everyNs`. Times of the run's clock. Processes and virtual.
   */
  | { kind: "blackout"; fromNs: number; forNs: number; everyNs?: number }
  /**
   * Loss as it was recorded, over and over. `isSame`: from its first entry on, else each link begins at a place of its own, drawn
   * once. Processes and virtual.
   */
  | { kind: "lossTrace"; trace: LossTrace; isSame: boolean }
  /** Latencies as they were recorded, a frame after the other, over and over. Processes (drop fibre) and virtual. */
  | { kind: "latencyTrace"; delaysNs: readonly number[]; isSame: boolean }
  /**
   * Delay per frame; a fibre is 5 µs per km. `keepOrder`: no frame overtakes the one before. Processes (drop fibre) and
   * virtual.
   */
  | { kind: "latency"; delay: DelaySpec; keepOrder: boolean }
  /**
   * Token bucket: the rate in the long run, `bucketBytes` at once; what has to wait queues, what does not fit into
   * `queueBytes` is lost. Counts GEM frames. Processes (drop fibre, timers of 1 ms) and virtual.
   */
  | { kind: "rateLimit"; rateBitsPerSecond: number; bucketBytes: number; queueBytes: number }
  /**
   * A receiver that handles so many frames a second and has room for so many, and so many bytes, that wait; what finds no
   * room is lost. At least one of the two limits is given. Processes (drop fibre, timers of 1 ms) and virtual.
   */
  | {
      kind: "slowReceiver";
      framesPerSecond: number;
      queueFrames?: number;
      queueBytes?: number;
    };

export type ImpairmentKind = ImpairmentSpec["kind"];

/** Stretches of frames, passed and lost in turn, or times without light; over and over. */
export type LossTrace =
  | { by: "frames"; stretches: readonly number[] }
  | { by: "time"; outagesNs: readonly (readonly [fromNs: number, forNs: number])[]; periodNs: number };

/** A delay in nanoseconds, drawn again for each frame unless constant; never negative. */
export type DelaySpec =
  | { shape: "constant"; delayNs: number }
  | { shape: "uniform"; minNs: number; maxNs: number }
  /** What falls below 0 is 0. */
  | { shape: "normal"; meanNs: number; deviationNs: number }
  /** `minNs`, plus exponential with this mean. */
  | { shape: "exponential"; minNs: number; meanNs: number }
  /** Long tail: `minNs` times a Pareto number of this shape, cut at `maxNs`. */
  | { shape: "pareto"; minNs: number; alpha: number; maxNs: number };

/** Impairments of the two directions of a fibre. */
export interface FibreSpec {
  down?: readonly ImpairmentSpec[];
  up?: readonly ImpairmentSpec[];
}

/**
 * The impairments of a PON. The feeder fibre joins OLT and splitter: what is lost there is lost for all ONTs alike.
 * A drop fibre joins the splitter to one ONT.
 */
export interface PonSpec {
  feeder?: FibreSpec;
  /** Every ONT that `onts` does not name. */
  drop?: FibreSpec;
  /** By serial number; replaces `drop`. */
  onts?: Readonly<Record<string, FibreSpec>>;
}

/** A value of an ImpairmentSpec that is out of range; the message names field, value and what is possible. */
export class ImpairmentError extends InputError {
  override readonly name = "ImpairmentError";
}

type Rule = "share" | "positive" | "notNegative" | "count";

const rules: Record<Rule, { holds: (value: number) => boolean; allowed: string }> = {
  share: { holds: (value) => value >= 0 && value <= 1, allowed: "0 to 1" },
  positive: { holds: (value) => value > 0 && value < Infinity, allowed: "a number above 0" },
  notNegative: { holds: (value) => value >= 0 && value < Infinity, allowed: "0 or more" },
  count: {
    holds: (value) => Number.isInteger(value) && value >= 1 && value <= 64,
    allowed: "1 to 64",
  },
};

const specRules: Record<ImpairmentKind, Readonly<Record<string, Rule>>> = {
  loss: { chance: "share" },
  burstLoss: {
    goodToBad: "share",
    badToGood: "share",
    lossGood: "share",
    lossBad: "share",
  },
  corruption: { chance: "share", bitFlips: "count" },
  bitErrors: { ratio: "share" },
  duplication: { chance: "share" },
  reordering: { chance: "share" },
  blackout: { fromNs: "notNegative", forNs: "notNegative" },
  latency: {},
  lossTrace: {},
  latencyTrace: {},
  rateLimit: { rateBitsPerSecond: "positive", bucketBytes: "positive", queueBytes: "notNegative" },
  slowReceiver: { framesPerSecond: "positive" },
};

const delayRules: Record<DelaySpec["shape"], Readonly<Record<string, Rule>>> = {
  constant: { delayNs: "notNegative" },
  uniform: { minNs: "notNegative", maxNs: "notNegative" },
  normal: { meanNs: "notNegative", deviationNs: "notNegative" },
  exponential: { minNs: "notNegative", meanNs: "positive" },
  pareto: { minNs: "positive", alpha: "positive", maxNs: "positive" },
};

function checkFields(what: string, values: object, fields: Readonly<Record<string, Rule>>): void {
  for (const [field, rule] of Object.entries(fields)) {
    const value: unknown = (values as Record<string, unknown>)[field];
    if (typeof value !== "number" || !rules[rule].holds(value)) {
      throw new ImpairmentError(`${what}: ${field} ${String(value)}; possible: ${rules[rule].allowed}`);
    }
  }
}

function checkDelay(what: string, delay: DelaySpec): void {
  checkFields(`${what} (${delay.shape})`, delay, delayRules[delay.shape]);
  if ((delay.shape === "uniform" || delay.shape === "pareto") && delay.maxNs < delay.minNs) {
    throw new ImpairmentError(`${what} (${delay.shape}): maxNs ${delay.maxNs} is below minNs ${delay.minNs}`);
  }
}

/** @throws ImpairmentError naming the first field that is out of range. */
export function checkImpairment(spec: ImpairmentSpec): void {
  checkFields(spec.kind, spec, specRules[spec.kind]);
  if (spec.kind === "latency" || spec.kind === "reordering") checkDelay(spec.kind, spec.delay);
  if (spec.kind === "lossTrace" && spec.trace.by === "frames" && !spec.trace.stretches.some((length) => length > 0))
    throw new ImpairmentError("lossTrace: no frame is in it; possible: one or more");
  if (spec.kind === "latencyTrace" && spec.delaysNs.length === 0)
    throw new ImpairmentError("latencyTrace: no latency is in it; possible: one or more");
  if (spec.kind === "slowReceiver") {
    const { queueFrames, queueBytes } = spec;
    if (queueFrames !== undefined) checkFields(spec.kind, spec, { queueFrames: "notNegative" });
    if (queueBytes !== undefined || queueFrames === undefined)
      checkFields(spec.kind, spec, { queueBytes: "notNegative" });
  }
  if (spec.kind === "blackout" && spec.everyNs !== undefined && !(spec.everyNs > spec.forNs)) {
    throw new ImpairmentError(
      `blackout: everyNs ${spec.everyNs} is not above forNs ${spec.forNs}: nothing would ever pass`,
    );
  }
}

/**
 * Burst loss by what is seen of it: the share of frames lost and the mean length of a run of bad frames.
 *
 * @param lossRatio 0…lossBad (exclusive). @param meanBurstFrames 1 or more. @throws ImpairmentError.
 */
export function burstLoss(
  lossRatio: number,
  meanBurstFrames: number,
  lossBad = 1,
): Extract<ImpairmentSpec, { kind: "burstLoss" }> {
  if (!(meanBurstFrames >= 1)) {
    throw new ImpairmentError(`burstLoss: ${meanBurstFrames} frames a burst; possible: 1 or more`);
  }
  const badShare = lossRatio / lossBad;
  const badToGood = 1 / meanBurstFrames;
  const goodToBad = (badToGood * badShare) / (1 - badShare);
  if (!(lossRatio >= 0 && goodToBad <= 1)) {
    throw new ImpairmentError(
      `burstLoss: a loss of ${lossRatio} in bursts of ${meanBurstFrames} frames with ${lossBad} lost in them is not possible`,
    );
  }
  return { kind: "burstLoss", goodToBad, badToGood, lossGood: 0, lossBad };
}
