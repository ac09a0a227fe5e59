/** The impairments that work on time: latency, rate limit, slow receiver. They read no clock: the time is handed in. */
import type { RandomStream } from "../random.ts";
import type { DelaySpec, ImpairmentSpec } from "./spec.ts";
import { latencyTraceDelay } from "./traces.ts";
import type { Delay } from "./types.ts";

export type { Delay };

/** What `Delay.pass` answers for a frame that found the queue full. */
export const OVERFLOW = -1;

/** @returns a function that draws one delay, whole nanoseconds, 0 or more. */
export function delaySampler(spec: DelaySpec, stream: RandomStream): () => number {
  switch (spec.shape) {
    case "constant": {
      const constantNs = Math.round(spec.delayNs);
      return () => constantNs;
    }
    case "uniform":
      return () => Math.round(spec.minNs + stream.nextFloat() * (spec.maxNs - spec.minNs));
    case "normal":
      return () => Math.max(0, Math.round(stream.nextNormal(spec.meanNs, spec.deviationNs)));
    case "exponential":
      return () => Math.round(spec.minNs + stream.nextExponential(spec.meanNs));
    case "pareto":
      // The logarithm of a Pareto number is exponential with mean 1 / alpha.
      return () => Math.round(Math.min(spec.maxNs, spec.minNs * Math.exp(stream.nextExponential(1 / spec.alpha))));
  }
}

function latency(spec: Extract<ImpairmentSpec, { kind: "latency" }>, stream: RandomStream): Delay {
  const sample = delaySampler(spec.delay, stream);
  const constantNs = spec.delay.shape === "constant" ? sample() : undefined;
  let lastNs = 0;
  return {
    kind: spec.kind,
    constantNs,
    pass: (nowNs) => {
      const outNs = nowNs + sample();
      if (!spec.keepOrder) return outNs;
      lastNs = Math.max(lastNs, outNs);
      return lastNs;
    },
  };
}

/** Token bucket kept as one number: when it would be empty of debt, had it no depth. */
function rateLimit(spec: Extract<ImpairmentSpec, { kind: "rateLimit" }>): Delay {
  const bytesPerNs = spec.rateBitsPerSecond / 8e9;
  const depthNs = spec.bucketBytes / bytesPerNs;
  let paidNs = -Infinity;
  return {
    kind: spec.kind,
    constantNs: undefined,
    pass: (nowNs, frameBytes) => {
      const costNs = frameBytes / bytesPerNs;
      const start = Math.max(paidNs, nowNs - depthNs);
      // A frame goes when its last byte is paid for; one larger than the bucket goes when the bucket is full.
      const goesNs = Math.max(nowNs, start + Math.min(costNs, depthNs));
      const waitingBytes = (goesNs - nowNs) * bytesPerNs;
      if (waitingBytes > spec.queueBytes) return OVERFLOW;
      paidNs = start + costNs;
      return Math.ceil(goesNs);
    },
  };
}

/** First come, first served, so many frames a second; frames in the queue take memory until they are served. */
function slowReceiver(spec: Extract<ImpairmentSpec, { kind: "slowReceiver" }>): Delay {
  const serviceNs = 1e9 / spec.framesPerSecond;
  const { queueFrames = Infinity, queueBytes = Infinity } = spec;
  /** Times and sizes of the frames that wait, oldest at `head`. */
  let served: number[] = [];
  let sizes: number[] = [];
  let head = 0;
  let waitingBytes = 0;
  let freeNs = 0;
  return {
    kind: spec.kind,
    constantNs: undefined,
    pass: (nowNs, frameBytes) => {
      while (head < served.length && served[head] <= nowNs) waitingBytes -= sizes[head++];
      if (head > 1024) {
        served = served.slice(head);
        sizes = sizes.slice(head);
        head = 0;
      }
      const waiting = served.length - head;
      const full = waiting > queueFrames || waitingBytes + frameBytes > queueBytes;
      // The one that is being served is not in the way: a receiver at rest takes any frame.
      if (waiting > 0 && full) return OVERFLOW;
      freeNs = Math.max(freeNs, nowNs) + serviceNs;
      served.push(freeNs);
      sizes.push(frameBytes);
      waitingBytes += frameBytes;
      return Math.ceil(freeNs);
    },
  };
}

/** @returns undefined for an impairment that works on single frames, not on time (see marks.ts). */
export function createDelay(spec: ImpairmentSpec, stream: RandomStream): Delay | undefined {
  switch (spec.kind) {
    case "latency":
      return latency(spec, stream);
    case "rateLimit":
      return rateLimit(spec);
    case "slowReceiver":
      return slowReceiver(spec);
    case "latencyTrace":
      return latencyTraceDelay(spec, stream);
    case "lossTrace":
    case "loss":
    case "burstLoss":
    case "corruption":
    case "bitErrors":
    case "duplication":
    case "reordering":
    case "blackout":
      return undefined;
  }
}
