/**
 * Gilbert-Elliott and its simpler relatives, fitted to a trace of losses by maximum likelihood. The hidden state is summed over
 * exactly (forward recursion), run by run: a stretch of frames that all passed is a power of one matrix.
 */
import { maximum, standardErrors } from "./optimum.ts";

/** The parameters as a scenario's `burstLoss` has them. */
export interface BurstParameters {
  goodToBad: number;
  badToGood: number;
  lossGood: number;
  lossBad: number;
}
export type BurstParameter = keyof BurstParameters;

/** A trace as lengths of stretches: passed, lost, passed, lost …; the first may be 0. */
export type LossStretches = readonly number[];

/** Which parameters a model has free, the others being fixed. */
export interface BurstModel {
  name: "independent" | "gilbert" | "gilbertElliott3" | "gilbertElliott";
  about: string;
  free: readonly BurstParameter[];
  fixed: Partial<BurstParameters>;
}

export const BURST_MODELS: readonly BurstModel[] = [
  {
    name: "independent",
    about: "each frame with the same chance",
    free: ["lossGood"],
    fixed: { goodToBad: 0, badToGood: 1, lossBad: 0 },
  },
  {
    name: "gilbert",
    about: "bad: all lost, good: none",
    free: ["goodToBad", "badToGood"],
    fixed: { lossGood: 0, lossBad: 1 },
  },
  {
    name: "gilbertElliott3",
    about: "bad: some lost, good: none",
    free: ["goodToBad", "badToGood", "lossBad"],
    fixed: { lossGood: 0 },
  },
  {
    name: "gilbertElliott",
    about: "some lost in both",
    free: ["goodToBad", "badToGood", "lossGood", "lossBad"],
    fixed: {},
  },
];

export interface Estimate {
  value: number;
  /** 95 % interval; null where the trace says too little. */
  low: number | null;
  high: number | null;
}

export interface BurstFit {
  model: BurstModel;
  parameters: BurstParameters;
  estimates: Partial<Record<BurstParameter, Estimate>>;
  logLikelihood: number;
  /** Less is better: 2k − 2 ln L, and k ln n − 2 ln L. */
  aic: number;
  bic: number;
}

const NORMAL_95 = 1.959964;
/** Chances nearer to 0 or 1 than this are at the edge: exp(−14) is about a millionth. */
const LOGIT_MAX = 14;

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));
const logit = (p: number): number => Math.log(p / (1 - p));

export function fitBurst(model: BurstModel, stretches: LossStretches): BurstFit {
  const parametersAt = (logits: readonly number[]): BurstParameters => ({
    ...NOTHING,
    ...model.fixed,
    ...Object.fromEntries(model.free.map((name, at) => [name, logistic(logits[at])])),
  });
  const frames = stretches.reduce((sum, length) => sum + length, 0);
  const likelihood = (logits: readonly number[]): number =>
    logits.some((x) => Math.abs(x) > LOGIT_MAX) ? -Infinity : logLikelihoodOf(parametersAt(logits), stretches);
  const starts = startsOf(stretches).map((start) => model.free.map((name) => logit(start[name])));
  const found = starts
    .map((start) => maximum(likelihood, start))
    // Once more from where it came to rest: a simplex may have become flat on the way.
    .map(({ at }) => maximum(likelihood, at, 0.3))
    .reduce((best, next) => (next.value > best.value ? next : best));
  const errors = standardErrors((at) => logLikelihoodOf(parametersAt(at), stretches), found.at);
  const estimates = model.free.map((name, at): [BurstParameter, Estimate] => {
    const error = errors[at];
    const end = (side: number): number | null =>
      error === null ? null : logistic(found.at[at] + side * NORMAL_95 * error);
    return [name, { value: logistic(found.at[at]), low: end(-1), high: end(1) }];
  });
  const free = model.free.length;
  return {
    model,
    ...ordered(parametersAt(found.at), Object.fromEntries(estimates)),
    logLikelihood: found.value,
    aic: 2 * free - 2 * found.value,
    bic: free * Math.log(frames) - 2 * found.value,
  };
}

const NOTHING: BurstParameters = { goodToBad: 0, badToGood: 1, lossGood: 0, lossBad: 0 };

type Ordered = Pick<BurstFit, "parameters" | "estimates">;

/** The bad state is the one that loses more; which of two states is which, the likelihood does not know. */
function ordered(parameters: BurstParameters, estimates: Ordered["estimates"]): Ordered {
  const { goodToBad, badToGood, lossGood, lossBad } = parameters;
  if (estimates.lossBad === undefined || lossBad >= lossGood) return { parameters, estimates };
  return {
    parameters: { goodToBad: badToGood, badToGood: goodToBad, lossGood: lossBad, lossBad: lossGood },
    estimates: {
      goodToBad: estimates.badToGood,
      badToGood: estimates.goodToBad,
      lossGood: estimates.lossBad,
      lossBad: estimates.lossGood,
    },
  };
}

/** Where searches begin: what is seen of losses and bursts, taken strictly and loosely. */
function startsOf(stretches: LossStretches): BurstParameters[] {
  const sum = (parity: number): number =>
    stretches.reduce((total, length, at) => (at % 2 === parity ? total + length : total), 0);
  const [passed, lost] = [sum(0) + 1, sum(1) + 1];
  const bursts = Math.max(1, stretches.filter((length, at) => at % 2 === 1 && length > 0).length);
  const loss = lost / (passed + lost);
  const burst = Math.max(1.05, lost / bursts);
  const near = (chance: number): number => Math.min(0.99, Math.max(1e-5, chance));
  const start = (length: number, lossGood: number, lossBad: number): BurstParameters => {
    const badToGood = near(1 / length);
    const share = near(loss / lossBad);
    return {
      badToGood,
      goodToBad: near((badToGood * share) / (1 - share)),
      lossGood: near(lossGood),
      lossBad: near(lossBad),
    };
  };
  return [
    start(burst, loss / 10, 0.9),
    start(burst * 4, loss / 5, 0.5),
    start(burst * 20, loss / 2, Math.max(0.1, loss * 3)),
  ];
}

/** Product of 2 by 2 matrices, row by row. */
type Matrix = readonly [number, number, number, number];

const times = ([a, b, c, d]: Matrix, [e, f, g, h]: Matrix): Matrix => [
  a * e + b * g,
  a * f + b * h,
  c * e + d * g,
  c * f + d * h,
];

/** Powers of 2 of a matrix, each divided by its largest element, whose logarithm is beside it. */
function powersOf(matrix: Matrix, count: number): { matrix: Matrix; log: number }[] {
  const powers: { matrix: Matrix; log: number }[] = [];
  let [current, log] = [matrix, 0];
  for (let at = 0; at < count; at++) {
    const most = Math.max(...current) || 1;
    const scaled = current.map((value) => value / most) as [number, number, number, number];
    log += Math.log(most);
    powers.push({ matrix: scaled, log });
    current = times(scaled, scaled);
    log *= 2;
  }
  return powers;
}

/** Transition and then what became of the frame: element from state to state. */
export function frameMatrix({ goodToBad, badToGood, lossGood, lossBad }: BurstParameters, isLost: boolean): Matrix {
  const [good, bad] = isLost ? [lossGood, lossBad] : [1 - lossGood, 1 - lossBad];
  return [(1 - goodToBad) * good, goodToBad * bad, badToGood * good, (1 - badToGood) * bad];
}

/** Shares of the two states in the long run, good first. */
export function stationary({ goodToBad, badToGood }: BurstParameters): [number, number] {
  const changes = goodToBad + badToGood;
  return changes === 0 ? [1, 0] : [badToGood / changes, goodToBad / changes];
}

/** ln P(trace | parameters), from the stationary mix on. */
export function logLikelihoodOf(parameters: BurstParameters, stretches: LossStretches): number {
  const bits = 1 + Math.floor(Math.log2(Math.max(1, ...stretchMax(stretches))));
  const powers = [false, true].map((isLost) => powersOf(frameMatrix(parameters, isLost), bits));
  // A transition leaves the stationary mix as it is, so that the first frame is one as any other.
  let [good, bad] = stationary(parameters);
  let log = 0;
  for (let at = 0; at < stretches.length; at++) {
    const of = powers[at & 1];
    for (let length = stretches[at], bit = 0; length > 0; length >>>= 1, bit++) {
      if ((length & 1) === 0) continue;
      const { matrix, log: scale } = of[bit];
      const nextGood = good * matrix[0] + bad * matrix[2];
      bad = good * matrix[1] + bad * matrix[3];
      good = nextGood;
      log += scale;
    }
    const sum = good + bad;
    if (!(sum > 0)) return -Infinity;
    log += Math.log(sum);
    good /= sum;
    bad /= sum;
  }
  return log;
}

function stretchMax(stretches: LossStretches): [number] {
  let most = 1;
  for (const length of stretches) if (length > most) most = length;
  return [most];
}
