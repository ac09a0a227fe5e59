/** Latencies of a trace beside the distributions that a scenario knows: maximum likelihood, Kolmogorov and Smirnov's distance. */

export interface LatencyFit {
  /** As `latency` of a scenario has them. */
  distribution: "constant" | "uniform" | "normal" | "exponential" | "pareto";
  meanMs: number;
  jitterMs: number;
  logLikelihood: number;
  aic: number;
  /** Largest distance between the two distribution functions. */
  distance: number;
  /** Chance of as much or more, were the distribution true and not fitted: too kind, as it was. */
  p: number;
}

interface Candidate {
  distribution: LatencyFit["distribution"];
  parameters: number;
  jitterMs: number;
  meanMs: number;
  density: (ms: number) => number;
  below: (ms: number) => number;
}

/** Best first, by AIC. @param latenciesMs one for each frame */
export function fitLatency(latenciesMs: readonly number[]): LatencyFit[] {
  const sorted = latenciesMs.toSorted((one, other) => one - other);
  const count = sorted.length;
  const mean = sorted.reduce((sum, value) => sum + value, 0) / count;
  const deviation = Math.sqrt(sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count);
  const [least, most] = [sorted[0], sorted[count - 1]];
  if (deviation === 0)
    return [{ distribution: "constant", meanMs: mean, jitterMs: 0, logLikelihood: 0, aic: 2, distance: 0, p: 1 }];
  return candidates({ sorted, mean, deviation, least, most })
    .map(({ distribution, parameters, meanMs, jitterMs, density, below }): LatencyFit => {
      const logLikelihood = sorted.reduce((sum, value) => sum + Math.log(Math.max(1e-300, density(value))), 0);
      const distance = sorted.reduce((worst, value, at) => {
        const own = below(value);
        return Math.max(worst, own - at / count, (at + 1) / count - own);
      }, 0);
      const aic = 2 * parameters - 2 * logLikelihood;
      return { distribution, meanMs, jitterMs, logLikelihood, aic, distance, p: kolmogorov(distance, count) };
    })
    .sort((one, other) => one.aic - other.aic);
}

interface Facts {
  sorted: readonly number[];
  mean: number;
  deviation: number;
  least: number;
  most: number;
}

function candidates({ sorted, mean, deviation, least, most }: Facts): Candidate[] {
  const scale = mean - least;
  const found: Candidate[] = [
    {
      distribution: "uniform",
      parameters: 2,
      meanMs: (least + most) / 2,
      jitterMs: (most - least) / 2,
      density: () => 1 / (most - least),
      below: (ms) => Math.min(1, Math.max(0, (ms - least) / (most - least))),
    },
    {
      distribution: "normal",
      parameters: 2,
      meanMs: mean,
      jitterMs: deviation,
      density: (ms) => Math.exp(-0.5 * ((ms - mean) / deviation) ** 2) / (deviation * Math.sqrt(2 * Math.PI)),
      below: (ms) => normalBelow((ms - mean) / deviation),
    },
    {
      distribution: "exponential",
      parameters: 2,
      meanMs: mean,
      jitterMs: scale,
      density: (ms) => (ms < least ? 0 : Math.exp(-(ms - least) / scale) / scale),
      below: (ms) => (ms < least ? 0 : -Math.expm1(-(ms - least) / scale)),
    },
  ];
  if (least <= 0) return found;
  const shape = sorted.length / sorted.reduce((sum, value) => sum + Math.log(value / least), 0);
  // A mean it has from 1 on only, and a scenario says it by its mean.
  if (!(shape > 1)) return found;
  found.push({
    distribution: "pareto",
    parameters: 2,
    meanMs: (least * shape) / (shape - 1),
    jitterMs: shape,
    density: (ms) => (ms < least ? 0 : (shape * least ** shape) / ms ** (shape + 1)),
    below: (ms) => (ms < least ? 0 : 1 - (least / ms) ** shape),
  });
  return found;
}

/** Abramowitz and Stegun, 7.1.26 by the error function: right to 10⁻⁷. */
function normalBelow(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const sum = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const half = 0.5 * sum * Math.exp(-x * x);
  return z > 0 ? 1 - half : half;
}

/** Asymptotic distribution of the distance, with Stephens' correction for few values. */
function kolmogorov(distance: number, count: number): number {
  const root = Math.sqrt(count);
  const lambda = (root + 0.12 + 0.11 / root) * distance;
  if (lambda < 0.2) return 1;
  let sum = 0;
  for (let term = 1; term <= 100; term++) sum += 2 * (-1) ** (term - 1) * Math.exp(-2 * term ** 2 * lambda ** 2);
  return Math.min(1, Math.max(0, sum));
}
