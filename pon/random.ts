/** Random numbers that a seed and a name fix, the same on every machine. */
import { createHash } from "node:crypto";

/** Deterministic random numbers. All randomness of a run comes through one of these, never from elsewhere. */
export interface RandomStream {
  /** Uniform, 0…2^32 - 1. */
  nextU32(): number;
  /** Uniform in [0, 1), 53 bits. */
  nextFloat(): number;
  /** Uniform, 0…n - 1, without bias. @param n 1…2^32. */
  nextBelow(n: number): number;
  /** @param mean above 0. */
  nextExponential(mean: number): number;
  /** @param standardDeviation 0 or more. */
  nextNormal(mean: number, standardDeviation: number): number;
  /**
   * Trials that fail before the next success, each succeeding with probability p: how many frames pass before the next
   * lost one. 0 for p = 1; Infinity for p = 0, without a draw.
   */
  nextGeometric(p: number): number;
  /** As many draws of `nextU32` as these words are, one after the other. */
  fill(words: Uint32Array): void;
}

/** 2^-32 and 2^-53, to bring integers into [0, 1). */
const U32_UNIT = 2 ** -32;
const U53_UNIT = 2 ** -53;

/**
 * xoshiro128** 1.1 (Blackman and Vigna, 2018): 128 bits of state, period 2^128 - 1, 32 bits a draw. Its numbers depend on
 * integer arithmetic alone; the distributions add Math.log, Math.log1p, Math.sqrt and Math.cos of the engine.
 */
export class Xoshiro128 implements RandomStream {
  #s0: number;
  #s1: number;
  #s2: number;
  #s3: number;

  /** @param state four 32-bit words, not all zero. */
  constructor(state: readonly [number, number, number, number]) {
    [this.#s0, this.#s1, this.#s2, this.#s3] = state;
    if ((this.#s0 | this.#s1 | this.#s2 | this.#s3) === 0) {
      throw new RangeError("a state of four zeros yields nothing but zeros");
    }
  }

  nextU32(): number {
    const scrambled = Math.imul(this.#s1, 5);
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9);
    const shifted = this.#s1 << 9;
    this.#s2 ^= this.#s0;
    this.#s3 ^= this.#s1;
    this.#s1 ^= this.#s2;
    this.#s0 ^= this.#s3;
    this.#s2 ^= shifted;
    this.#s3 = (this.#s3 << 11) | (this.#s3 >>> 21);
    return result >>> 0;
  }

  nextFloat(): number {
    const high = this.nextU32() >>> 5;
    const low = this.nextU32() >>> 6;
    return (high * 0x4000000 + low) * U53_UNIT;
  }

  nextBelow(n: number): number {
    // Values of the last, incomplete round of n are drawn again: they would favour the small results.
    const limit = 2 ** 32 - (2 ** 32 % n);
    let value = this.nextU32();
    while (value >= limit) value = this.nextU32();
    return value % n;
  }

  nextExponential(mean: number): number {
    return -mean * Math.log1p(-this.nextFloat());
  }

  /** Box-Muller, the cosine half only: every call takes the same number of draws. */
  nextNormal(mean: number, standardDeviation: number): number {
    const radius = Math.sqrt(-2 * Math.log1p(-this.nextFloat()));
    const angle = 2 * Math.PI * this.nextU32() * U32_UNIT;
    return mean + standardDeviation * radius * Math.cos(angle);
  }

  nextGeometric(p: number): number {
    if (p <= 0) return Infinity;
    if (p >= 1) return 0;
    return Math.floor(Math.log1p(-this.nextFloat()) / Math.log1p(-p));
  }

  fill(words: Uint32Array): void {
    // The state in variables: an image is millions of words.
    let [s0, s1, s2, s3] = [this.#s0, this.#s1, this.#s2, this.#s3];
    for (let at = 0; at < words.length; at++) {
      const scrambled = Math.imul(s1, 5);
      words[at] = Math.imul((scrambled << 7) | (scrambled >>> 25), 9);
      const shifted = s1 << 9;
      s2 ^= s0;
      s3 ^= s1;
      s1 ^= s2;
      s0 ^= s3;
      s2 ^= shifted;
      s3 = (s3 << 11) | (s3 >>> 21);
    }
    [this.#s0, this.#s1, this.#s2, this.#s3] = [s0, s1, s2, s3];
  }
}

/**
 * The stream of a name: xoshiro128** whose state is the first 16 bytes, big endian, of SHA-256 over "poncast random 1\0",
 * the seed as 8 bytes big endian (two's complement, modulo 2^64) and the name in UTF-8. Streams of one seed are
 * independent by name, so that what one ONT draws does not depend on which others there are.
 *
 * @param seed an integer; a number must be a safe one. @throws RangeError otherwise.
 */
export function createStream(seed: number | bigint, name: string): RandomStream {
  if (typeof seed === "number" && !Number.isSafeInteger(seed)) {
    throw new RangeError(`seed ${seed}; an integer of at most 2^53 - 1 is possible`);
  }
  const seedBytes = Buffer.alloc(8);
  seedBytes.writeBigUInt64BE(BigInt.asUintN(64, BigInt(seed)));
  const digest = createHash("sha256").update("poncast random 1\0").update(seedBytes).update(name, "utf8").digest();
  const word = (index: number): number => digest.readInt32BE(index * 4);
  return new Xoshiro128([word(0), word(1), word(2), word(3)]);
}
