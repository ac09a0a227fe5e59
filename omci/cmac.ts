import { createCipheriv } from "node:crypto";

const BLOCK_BYTES = 16;
/** RFC 4493: constant of the GF(2^128) doubling. */
const RB = 0x87;

/** AES-128 of one block. */
function encryptBlock(key: Uint8Array, block: Uint8Array): Uint8Array {
  const cipher = createCipheriv("aes-128-ecb", key, null);
  cipher.setAutoPadding(false);
  return cipher.update(block);
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

/** AES-CMAC with one key, its subkeys made once (RFC 4493). */
export class AesCmac {
  readonly #key: Uint8Array;
  readonly #wholeSubkey: Uint8Array;
  readonly #paddedSubkey: Uint8Array;

  /** @param key 16 bytes. */
  constructor(key: Uint8Array) {
    if (key.length !== BLOCK_BYTES) throw new RangeError(`AES-CMAC key of ${key.length} bytes; 16 are needed`);
    this.#key = key;
    this.#wholeSubkey = double(encryptBlock(key, new Uint8Array(BLOCK_BYTES)));
    this.#paddedSubkey = double(this.#wholeSubkey);
  }

  /** @returns 16 bytes. */
  mac(message: Uint8Array): Uint8Array {
    const blocks = Math.max(1, Math.ceil(message.length / BLOCK_BYTES));
    const chained = new Uint8Array(blocks * BLOCK_BYTES);
    chained.set(message);
    const last = (blocks - 1) * BLOCK_BYTES;
    const whole = message.length === blocks * BLOCK_BYTES;
    if (!whole) chained[message.length] = 0x80;
    const subkey = whole ? this.#wholeSubkey : this.#paddedSubkey;
    for (let at = 0; at < BLOCK_BYTES; at++) chained[last + at] ^= subkey[at];
    // CMAC is the last block of a CBC encryption with a zero vector.
    const cipher = createCipheriv("aes-128-cbc", this.#key, new Uint8Array(BLOCK_BYTES));
    cipher.setAutoPadding(false);
    return Uint8Array.from(cipher.update(chained).subarray(last));
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
