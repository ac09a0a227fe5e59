import { type Cipher, createCipheriv } from "node:crypto";

const BLOCK_BYTES = 16;
/** RFC 4493: constant of the GF(2^128) doubling. */
const RB = 0x87;

/** AES-128 in cipher block chaining, with a zero vector and without padding. */
function chaining(key: Uint8Array): Cipher {
  const cipher = createCipheriv("aes-128-cbc", key, new Uint8Array(BLOCK_BYTES));
  cipher.setAutoPadding(false);
  return cipher;
}

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

/**
 * AES-CMAC with one key, its subkeys made once (RFC 4493).
 *
 * A CMAC is the last block of a CBC encryption with a zero vector. To make a cipher costs four times as much as a
 * baseline frame's three blocks, so that one cipher serves all messages: it would chain a message to the one before it,
 * which adding that one's last block to the first block takes back.
 */
export class AesCmac {
  readonly #cipher: Cipher;
  readonly #wholeSubkey: Uint8Array;
  readonly #paddedSubkey: Uint8Array;
  /** The message at hand, padded; grows with the longest. */
  #blocks = new Uint8Array(4 * BLOCK_BYTES);
  /** Its blocks that the last message filled. */
  #part: Uint8Array = this.#blocks;
  /** The last message encrypted, and where its last block is: what the next message will be chained to. */
  #encrypted: Uint8Array;
  #macAt = 0;

  /** @param key 16 bytes. */
  constructor(key: Uint8Array) {
    if (key.length !== BLOCK_BYTES) throw new RangeError(`AES-CMAC key of ${key.length} bytes; 16 are needed`);
    this.#cipher = chaining(key);
    this.#encrypted = this.#cipher.update(new Uint8Array(BLOCK_BYTES));
    this.#wholeSubkey = double(this.#encrypted);
    this.#paddedSubkey = double(this.#wholeSubkey);
  }

  /** @returns 16 bytes. */
  mac(message: Uint8Array): Uint8Array {
    this.#reserve(message.length);
    this.#blocks.set(message);
    this.#close(message.length);
    return Uint8Array.from(this.#encrypted.subarray(this.#macAt));
  }

  /**
   * CMAC of one byte and the bytes `start`…`end - 1` behind it, cut to four bytes.
   *
   * @returns these as an unsigned number, most significant byte first.
   */
  shortMac(first: number, bytes: Uint8Array, start: number, end: number): number {
    const lengthBytes = end - start;
    this.#reserve(1 + lengthBytes);
    const blocks = this.#blocks;
    blocks[0] = first;
    if (lengthBytes <= COPY_LOOP_BYTES) {
      for (let at = 0; at < lengthBytes; at++) blocks[1 + at] = bytes[start + at];
    } else {
      blocks.set(bytes.subarray(start, end), 1);
    }
    this.#close(1 + lengthBytes);
    const mac = this.#encrypted;
    const at = this.#macAt;
    return ((mac[at] << 24) | (mac[at + 1] << 16) | (mac[at + 2] << 8) | mac[at + 3]) >>> 0;
  }

  #reserve(lengthBytes: number): void {
    if (lengthBytes <= this.#blocks.length) return;
    this.#blocks = new Uint8Array(Math.ceil(lengthBytes / BLOCK_BYTES) * BLOCK_BYTES);
    this.#part = this.#blocks;
  }

  /** Encrypts the message of so many bytes in `#blocks`. */
  #close(lengthBytes: number): void {
    const blocks = this.#blocks;
    const end = Math.max(1, Math.ceil(lengthBytes / BLOCK_BYTES)) * BLOCK_BYTES;
    const last = end - BLOCK_BYTES;
    const whole = lengthBytes === end;
    if (!whole) blocks[lengthBytes] = 0x80;
    for (let at = lengthBytes + 1; at < end; at++) blocks[at] = 0;
    const subkey = whole ? this.#wholeSubkey : this.#paddedSubkey;
    const before = this.#encrypted;
    const beforeAt = this.#macAt;
    for (let at = 0; at < BLOCK_BYTES; at++) {
      blocks[last + at] ^= subkey[at];
      blocks[at] ^= before[beforeAt + at];
    }
    // Frames of one length follow each other.
    if (this.#part.length !== end) this.#part = blocks.subarray(0, end);
    this.#encrypted = this.#cipher.update(this.#part);
    this.#macAt = last;
  }
}

/** AES-CMAC of a message, 16 bytes. */
export function aesCmac(key: Uint8Array, message: Uint8Array): Uint8Array {
  return new AesCmac(key).mac(message);
}

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

/**
 * Keys of an XG(S)-PON session (G.987.3 clause 15): SK from the master session key, OMCI_IK from SK.
 *
 * @param from `msk` (16 bytes), or `registrationId` (36 bytes) for the default master session key;
 *   `serial` and `ponTag` 8 bytes each.
 */
export function deriveOmciKeys(
  from: { serial: Uint8Array; ponTag: Uint8Array } & ({ msk: Uint8Array } | { registrationId: Uint8Array }),
): { sessionKey: Uint8Array; omciIk: Uint8Array } {
  const msk = "msk" in from ? from.msk : aesCmac(new Uint8Array(BLOCK_BYTES).fill(0x55), from.registrationId);
  const sessionKey = aesCmac(msk, Uint8Array.from([...from.serial, ...from.ponTag, ...ascii("SessionK")]));
  return { sessionKey, omciIk: aesCmac(sessionKey, ascii("OMCIIntegrityKey")) };
}
