/**
 * AES-128 in cipher block chaining in WebAssembly (aes.wat), for short messages: a call of node:crypto costs as much as
 * ten blocks here. In a run of 16 ONTs with baseline frames under OMCI-MIC it saves a fifteenth of all processor time.
 *
 * Table look-ups take times that depend on the key. That is of no concern here: keys and frames are both of this
 * project's own making.
 */
import { instantiate, type KernelExports } from "./instantiate.ts";
import { AES } from "./modules.ts";

const ROUNDS = 10;
const BLOCK_BYTES = 16;
const SCHEDULE_BYTES = (ROUNDS + 1) * BLOCK_BYTES;
/** Longest message, in bytes of whole blocks. */
export const CHAIN_BYTES_MAX = 256;

interface AesExports extends KernelExports {
  readonly sbox: WebAssembly.Global;
  readonly schedule: WebAssembly.Global;
  readonly last: WebAssembly.Global;
  readonly input: WebAssembly.Global;
  chain(from: number, to: number): void;
}

/** Doubling in the field of AES. */
const double = (byte: number): number => ((byte << 1) ^ (byte & 0x80 ? 0x11b : 0)) & 0xff;

/** FIPS 197 5.1.1: inverse in the field, then an affine map. */
function makeSbox(): Uint8Array {
  const powers = [1];
  // 3 generates all of the field but zero.
  for (let exponent = 1; exponent < 255; exponent++) powers.push(powers[exponent - 1] ^ double(powers[exponent - 1]));
  const sbox = new Uint8Array(256).fill(0x63);
  for (let exponent = 0; exponent < 255; exponent++) {
    const inverse = powers[(255 - exponent) % 255] * 0x101;
    sbox[powers[exponent]] ^= inverse ^ (inverse >> 4) ^ (inverse >> 5) ^ (inverse >> 6) ^ (inverse >> 7);
  }
  return sbox;
}

export interface AesKernel {
  /** Where a message goes, filled up to whole blocks. */
  readonly input: Uint8Array;
  /** The last block of the last chain. */
  readonly last: Uint8Array;
  /** @param key 16 bytes. @returns its round keys. */
  schedule(key: Uint8Array): Uint8Array;
  /** Chains the first so many bytes of `input`. */
  chain(schedule: Uint8Array, lengthBytes: number): void;
}

/** @returns undefined where the engine has no WebAssembly. */
export function createAesKernel(): AesKernel | undefined {
  const exports = instantiate<AesExports>(AES);
  if (!exports) return undefined;
  const { buffer } = exports.memory;
  const inputAt = exports.input.value;
  const sbox = makeSbox();
  new Uint8Array(buffer).set(sbox, exports.sbox.value);
  const tables = new Uint32Array(buffer, 0, 4 * 256);
  for (let byte = 0; byte < 256; byte++) {
    const once = sbox[byte];
    const twice = double(once);
    const column = twice | (once << 8) | (once << 16) | ((once ^ twice) << 24);
    for (let row = 0; row < 4; row++) tables[256 * row + byte] = (column << (8 * row)) | (column >>> (32 - 8 * row));
  }
  const scheduled = new Uint8Array(buffer, exports.schedule.value, SCHEDULE_BYTES);
  let current: Uint8Array | undefined;
  return {
    input: new Uint8Array(buffer, inputAt, CHAIN_BYTES_MAX),
    last: new Uint8Array(buffer, exports.last.value, BLOCK_BYTES),
    schedule: (key) => expand(key, sbox),
    chain(schedule, lengthBytes) {
      if (schedule !== current) scheduled.set(schedule);
      current = schedule;
      exports.chain(inputAt, inputAt + lengthBytes);
    },
  };
}

/** Key expansion (FIPS 197 5.2). */
function expand(key: Uint8Array, sbox: Uint8Array): Uint8Array {
  const schedule = new Uint8Array(SCHEDULE_BYTES);
  schedule.set(key);
  let constant = 1;
  for (let at = BLOCK_BYTES; at < SCHEDULE_BYTES; at += 4) {
    let [a, b, c, d] = schedule.subarray(at - 4, at);
    if (at % BLOCK_BYTES === 0) {
      [a, b, c, d] = [sbox[b] ^ constant, sbox[c], sbox[d], sbox[a]];
      constant = double(constant);
    }
    [a, b, c, d].forEach((byte, row) => (schedule[at + row] = schedule[at + row - BLOCK_BYTES] ^ byte));
  }
  return schedule;
}
