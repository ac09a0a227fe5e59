/**
 * Where sequences of the base stand: two hash tables with chains, one of long sequences at every fourth octet and one of short ones.
 * A suffix array would find the longest match of all, but takes far longer to be made; measured, these find as much.
 */

/** Octets of a long sequence: instructions are four, so that eight of them seldom stand twice. */
export const LONG_BYTES = 32;
const LONG_STEP_BYTES = 4;
/** Octets of a short one. */
export const SHORT_BYTES = 8;
/** Links of a chain that are followed. */
const LONG_TRIES = 32;
const SHORT_TRIES = 24;
const NONE = 0;

/** Entries are one more than what they say, so that memory as it comes says that there is none. */
export interface IndexTables {
  longHeads: Int32Array;
  longLinks: Int32Array;
  shortHeads: Int32Array;
  shortLinks: Int32Array;
}

const mix = (hash: number, word: number): number => {
  const product = Math.imul(hash ^ word, 0x9e3779b1);
  return product ^ (product >>> 15);
};

const wordAt = (bytes: Uint8Array, at: number): number =>
  bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);

const longHash = (bytes: Uint8Array, at: number): number => {
  let hash = 0;
  for (let i = 0; i < LONG_BYTES; i += 4) hash = mix(hash, wordAt(bytes, at + i));
  return hash;
};

const shortHash = (bytes: Uint8Array, at: number): number => mix(mix(0, wordAt(bytes, at)), wordAt(bytes, at + 4));

/** Memory that threads share. */
const table = (entries: number): Int32Array =>
  new Int32Array(new SharedArrayBuffer(entries * Int32Array.BYTES_PER_ELEMENT));

const headsFor = (entries: number): Int32Array =>
  table(2 ** Math.min(24, Math.max(10, Math.ceil(Math.log2(entries + 1)))));

/** Room for the index of a base, without what stands in it. */
export function tablesFor(baseBytes: number): IndexTables {
  const longs = Math.max(0, Math.floor((baseBytes - LONG_BYTES) / LONG_STEP_BYTES) + 1);
  const shorts = Math.max(0, baseBytes - SHORT_BYTES + 1);
  return {
    longHeads: headsFor(longs),
    longLinks: table(longs),
    shortHeads: headsFor(shorts),
    shortLinks: table(shorts),
  };
}

export function indexBase(base: Uint8Array): IndexTables {
  const tables = tablesFor(base.length);
  indexLongs(base, tables);
  indexShorts(base, tables);
  return tables;
}

/** Puts the long sequences in. Each has all words but one in common with the one before, so that one is read for each. */
export function indexLongs(base: Uint8Array, { longHeads, longLinks }: IndexTables): void {
  const mask = longHeads.length - 1;
  let [a, b, c, d, e, f, g] = [0, 4, 8, 12, 16, 20, 24].map((at) => wordAt(base, at));
  for (let i = 0; i < longLinks.length; i++) {
    const h = wordAt(base, i * LONG_STEP_BYTES + LONG_BYTES - 4);
    const slot = mix(mix(mix(mix(mix(mix(mix(mix(0, a), b), c), d), e), f), g), h) & mask;
    longLinks[i] = longHeads[slot];
    longHeads[slot] = i + 1;
    a = b;
    b = c;
    c = d;
    d = e;
    e = f;
    f = g;
    g = h;
  }
}

/** Puts the short sequences in; of each, one octet is read. */
export function indexShorts(base: Uint8Array, { shortHeads, shortLinks }: IndexTables): void {
  const mask = shortHeads.length - 1;
  let low = wordAt(base, -1);
  let high = wordAt(base, 3);
  for (let i = 0; i < shortLinks.length; i++) {
    low = (low >>> 8) | (base[i + 3] << 24);
    high = (high >>> 8) | (base[i + SHORT_BYTES - 1] << 24);
    const slot = mix(mix(0, low), high) & mask;
    shortLinks[i] = shortHeads[slot];
    shortHeads[slot] = i + 1;
  }
}

/** Looks up what stands in the target. */
export class BaseIndex {
  readonly #base: Uint8Array;
  readonly #tables: IndexTables;
  /** Of the last `find` that found something. */
  foundAt = 0;

  constructor(base: Uint8Array, tables: IndexTables) {
    this.#base = base;
    this.#tables = tables;
  }

  /**
   * The longest match that the chains know; of two as long, that which is nearer to `nearAt`.
   *
   * @param end of the target that counts. @returns its octets, 0 for none; `foundAt` says where in the base
   */
  find(target: Uint8Array, at: number, end: number, nearAt: number): number {
    const { longHeads, longLinks, shortHeads, shortLinks } = this.#tables;
    let best = 0;
    if (at + LONG_BYTES <= end) {
      let entry = longHeads[longHash(target, at) & (longHeads.length - 1)];
      for (let tries = LONG_TRIES; entry !== NONE && tries > 0; tries--, entry = longLinks[entry - 1])
        best = this.#better(target, at, end, (entry - 1) * LONG_STEP_BYTES, best, nearAt);
    }
    if (best >= LONG_BYTES || at + SHORT_BYTES > end) return best;
    let entry = shortHeads[shortHash(target, at) & (shortHeads.length - 1)];
    for (let tries = SHORT_TRIES; entry !== NONE && tries > 0; tries--, entry = shortLinks[entry - 1])
      best = this.#better(target, at, end, entry - 1, best, nearAt);
    return best >= SHORT_BYTES ? best : 0;
  }

  #better(target: Uint8Array, at: number, end: number, candidate: number, best: number, nearAt: number): number {
    const base = this.#base;
    const most = Math.min(end - at, base.length - candidate);
    if (most < best || (best > 0 && base[candidate + best - 1] !== target[at + best - 1])) return best;
    let length = 0;
    while (length < most && base[candidate + length] === target[at + length]) length++;
    if (length < best || (length === best && Math.abs(candidate - nearAt) >= Math.abs(this.foundAt - nearAt)))
      return best;
    this.foundAt = candidate;
    return length;
  }
}
