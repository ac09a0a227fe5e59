/** AES-CMAC (RFC 4493): by the kernel where messages are short, by node:crypto where they are long. */
import { type Cipher, createCipheriv } from "node:crypto";
import { type AesKernel, CHAIN_BYTES_MAX, createAesKernel } from "./aes-kernel.ts";

const BLOCK_BYTES = 16;
/** RFC 4493: constant of the GF(2^128) doubling. */
const RB = 0x87;

/** AES-128 in cipher block chaining with a zero vector: of that a CMAC is the last block. */
interface Chain {
  /** A buffer for a message of so many bytes or more. */
  room(lengthBytes: number): Uint8Array;
  /**
   * Chains the first so many bytes of that buffer, whole blocks; their first block is lost.
   *
   * @returns the last block, until the next call.
   */
  lastBlock(lengthBytes: number): Uint8Array;
}

/**
 * By node:crypto. To make a cipher takes longer than to chain a hundred blocks, so that one serves all messages: it
 * would chain a message to the one before it, which adding that one's last block to the first block takes back.
 */
class CipherChain implements Chain {
  readonly #cipher: Cipher;
  #buffer: Uint8Array = new Uint8Array(BLOCK_BYTES);
  #last: Uint8Array;

  constructor(key: Uint8Array) {
    this.#cipher = createCipheriv("aes-128-cbc", key, new Uint8Array(BLOCK_BYTES));
    this.#cipher.setAutoPadding(false);
    this.#last = this.#cipher.update(this.#buffer);
  }

  room(lengthBytes: number): Uint8Array {
    if (lengthBytes > this.#buffer.length) this.#buffer = new Uint8Array(wholeBlocks(lengthBytes));
    return this.#buffer;
  }

  lastBlock(lengthBytes: number): Uint8Array {
    for (let at = 0; at < BLOCK_BYTES; at++) this.#buffer[at] ^= this.#last[at];
    const encrypted = this.#cipher.update(this.#buffer.subarray(0, lengthBytes));
    this.#last = encrypted.subarray(lengthBytes - BLOCK_BYTES);
    return this.#last;
  }
}

/** By our own AES, which needs no call of node:crypto: up to CHAIN_BYTES_MAX that is faster. */
class KernelChain implements Chain {
  readonly #kernel: AesKernel;
  readonly #schedule: Uint8Array;

  constructor(kernel: AesKernel, key: Uint8Array) {
    this.#kernel = kernel;
    this.#schedule = kernel.schedule(key);
  }

  room(): Uint8Array {
    return this.#kernel.input;
  }

  lastBlock(lengthBytes: number): Uint8Array {
    this.#kernel.chain(this.#schedule, lengthBytes);
    return this.#kernel.last;
  }
}

/** Made at first use; null where the engine cannot. */
let sharedKernel: AesKernel | null | undefined;

function chainFor(key: Uint8Array): Chain {
  if (sharedKernel === undefined) sharedKernel = createAesKernel() ?? null;
  return sharedKernel ? new KernelChain(sharedKernel, key) : new CipherChain(key);
}

const wholeBlocks = (lengthBytes: number): number => Math.max(1, Math.ceil(lengthBytes / BLOCK_BYTES)) * BLOCK_BYTES;

/** Doubling in GF(2^128), the step from one subkey to the next. */
function double(block: Uint8Array): Uint8Array {
  const doubled = new Uint8Array(BLOCK_BYTES);
  for (let at = 0; at < BLOCK_BYTES; at++) {
    const next = at + 1 < BLOCK_BYTES ? block[at + 1] >> 7 : 0;
    doubled[at] = ((block[at] << 1) & 0xff) | next;
  }
  if (block[0] & 0x80) doubled[BLOCK_BYTES - 1] ^= RB;
  return doubled;
}

/** Up to here a loop copies faster than a call. */
const COPY_LOOP_BYTES = 64;

/** AES-CMAC with one key, its subkeys made once (RFC 4493). */
export class AesCmac {
  readonly #key: Uint8Array;
  readonly #short: Chain;
  /** Made for the first long message. */
  #long: Chain | undefined;
  readonly #wholeSubkey: Uint8Array;
  readonly #paddedSubkey: Uint8Array;

  /** @param key 16 bytes. */
  constructor(key: Uint8Array) {
    if (key.length !== BLOCK_BYTES) throw new RangeError(`AES-CMAC key of ${key.length} bytes; 16 are needed`);
    this.#key = key.slice();
    this.#short = chainFor(key);
    this.#short.room(BLOCK_BYTES).fill(0, 0, BLOCK_BYTES);
    this.#wholeSubkey = double(this.#short.lastBlock(BLOCK_BYTES));
    this.#paddedSubkey = double(this.#wholeSubkey);
  }

  /** @returns 16 bytes. */
  mac(message: Uint8Array): Uint8Array {
    const chain = this.#chain(message.length);
    const blocks = chain.room(message.length);
    blocks.set(message);
    return Uint8Array.from(this.#macOf(chain, blocks, message.length));
  }

  /**
   * CMAC of one byte and the bytes `start`…`end - 1` behind it, cut to four bytes.
   *
   * @returns these as an unsigned number, most significant byte first.
   */
  shortMac(first: number, bytes: Uint8Array, start: number, end: number): number {
    const lengthBytes = end - start;
    const chain = this.#chain(1 + lengthBytes);
    const blocks = chain.room(1 + lengthBytes);
    blocks[0] = first;
    if (lengthBytes <= COPY_LOOP_BYTES) {
      for (let at = 0; at < lengthBytes; at++) blocks[1 + at] = bytes[start + at];
    } else {
      blocks.set(bytes.subarray(start, end), 1);
    }
    const mac = this.#macOf(chain, blocks, 1 + lengthBytes);
    return ((mac[0] << 24) | (mac[1] << 16) | (mac[2] << 8) | mac[3]) >>> 0;
  }

  #chain(lengthBytes: number): Chain {
    if (lengthBytes <= CHAIN_BYTES_MAX) return this.#short;
    this.#long ??= new CipherChain(this.#key);
    return this.#long;
  }

  /** @param blocks the chain's own buffer, with the message in front. */
  #macOf(chain: Chain, blocks: Uint8Array, lengthBytes: number): Uint8Array {
    const end = wholeBlocks(lengthBytes);
    const last = end - BLOCK_BYTES;
    const whole = lengthBytes === end;
    if (!whole) blocks[lengthBytes] = 0x80;
    for (let at = lengthBytes + 1; at < end; at++) blocks[at] = 0;
    const subkey = whole ? this.#wholeSubkey : this.#paddedSubkey;
    for (let at = 0; at < BLOCK_BYTES; at++) blocks[last + at] ^= subkey[at];
    return chain.lastBlock(end);
  }
}

/** AES-CMAC of a message, 16 bytes. */
export function aesCmac(key: Uint8Array, message: Uint8Array): Uint8Array {
  return new AesCmac(key).mac(message);
}
