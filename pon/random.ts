import { createHash } from "node:crypto";

/**
 * A named stream of random numbers: xoshiro128** seeded with the SHA-256 of seed and name. Streams of different names
 * are independent, so that adding an ONT or a strategy does not change what happens to the others.
 */
export class RandomStream {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  constructor(state: readonly [number, number, number, number]) {
    [this.#a, this.#b, this.#c, this.#d] = state;
  }

  /** 0…2^32 - 1. */
  nextU32(): number {
    const product = Math.imul(this.#b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = (this.#d << 11) | (this.#d >>> 21);
    return result;
  }

  /** 0 <= x < 1, 32 bits fine. */
  nextFloat(): number {
    return this.nextU32() / 0x1_0000_0000;
  }

  /** 0…n - 1. */
  nextBelow(n: number): number {
    return Math.floor(this.nextFloat() * n);
  }

  nextBetween(least: number, most: number): number {
    return least + this.nextFloat() * (most - least);
  }

  /** Exponential distribution. */
  nextExponential(mean: number): number {
    return -mean * Math.log(1 - this.nextFloat());
  }

  /** Normal distribution (Box-Muller, one of the pair). */
  nextNormal(mean: number, deviation: number): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.nextFloat()));
    return mean + deviation * radius * Math.cos(2 * Math.PI * this.nextFloat());
  }

  /** Pareto distribution with a least value and a shape > 0. */
  nextPareto(least: number, shape: number): number {
    return least / (1 - this.nextFloat()) ** (1 / shape);
  }

  /** Trials before the first that hits, each with chance p: 0, 1, … or Infinity for p = 0. */
  nextGeometric(p: number): number {
    if (p <= 0) return Infinity;
    if (p >= 1) return 0;
    return Math.floor(Math.log(1 - this.nextFloat()) / Math.log(1 - p));
  }
}

/** @param name says what the stream decides, e.g. `ont/PCST00000001/down/broadcast`. */
export function createStream(seed: number, name: string): RandomStream {
  const digest = createHash("sha256").update(`poncast ${seed} ${name}`).digest();
  // All zeros is the one state that has no successor; SHA-256 does not yield it in practice.
  return new RandomStream([
    digest.readInt32LE(0),
    digest.readInt32LE(4),
    digest.readInt32LE(8),
    digest.readInt32LE(12),
  ]);
}
