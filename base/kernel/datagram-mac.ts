/** A fast keyed tag for whole datagrams: NH of UMAC over the bytes (RFC 4418), AES-CMAC over what it leaves (RFC 4493). */
import { createCipheriv } from "node:crypto";
import { AesCmac } from "./cmac.ts";
import { frameKernel, NH_BYTES, NH_KEY_BYTES, NH_STRETCH_BYTES } from "./frame-kernel.ts";

/** Of a datagram's head, which goes into the CMAC as it is; it has to hold the length, as NH fills up with zeros. */
export const MAC_HEAD_BYTES = 16;
export const MAC_KEY_BYTES = 16;
/** A forged datagram is taken by a chance of 2^-64. */
export const MAC_TAG_BYTES = 8;

/** Each of the keys that are made of one has its own text. */
const NH_PURPOSE = "poncast datagram NH";
const CMAC_PURPOSE = "poncast datagram AES-CMAC";

/** A key of 16 bytes for one purpose, made of another key: AES-CMAC as pseudo-random function (NIST SP 800-108). */
export const derivedKey = (key: Uint8Array, purpose: string): Uint8Array =>
  new AesCmac(key).mac(new TextEncoder().encode(purpose));

/** Whose NH key the kernel has at the moment. */
let loadedKey: Uint8Array | undefined;

/**
 * Tags of datagrams with one key. NH reads some gigabytes a second where CMAC alone would read a tenth of one, and a
 * receiver has the datagram in the kernel's memory anyway. NH alone must not be shown: what CMAC makes of it may be.
 */
export class DatagramMac {
  readonly #cmac: AesCmac;
  readonly #nhKey: Uint8Array;
  readonly #kernel = frameKernel();
  /** Head, then what NH left. */
  #message: Uint8Array = new Uint8Array(MAC_HEAD_BYTES + 16 * NH_BYTES);

  /** @param key 16 bytes, for nothing else. */
  constructor(key: Uint8Array) {
    this.#cmac = new AesCmac(derivedKey(key, CMAC_PURPOSE));
    const cipher = createCipheriv("aes-128-ctr", derivedKey(key, NH_PURPOSE), new Uint8Array(16));
    this.#nhKey = cipher.update(new Uint8Array(NH_KEY_BYTES));
  }

  /**
   * Tag of a head and of the bytes `start`…`end - 1`; the first MAC_TAG_BYTES of what is returned.
   *
   * @param head its first MAC_HEAD_BYTES
   * @param isLoaded the kernel has `bytes`, from the first on, as a burst
   */
  tag(head: Uint8Array, bytes: Uint8Array, start: number, end: number, isLoaded = false): Uint8Array {
    const stretches = Math.ceil((end - start) / NH_STRETCH_BYTES);
    const messageBytes = MAC_HEAD_BYTES + stretches * NH_BYTES;
    if (messageBytes > this.#message.length) this.#message = new Uint8Array(messageBytes);
    for (let at = 0; at < MAC_HEAD_BYTES; at++) this.#message[at] = head[at];
    this.#compress(bytes, start, end, isLoaded);
    return this.#cmac.mac(this.#message.subarray(0, messageBytes));
  }

  /** Puts what NH leaves behind the head. */
  #compress(bytes: Uint8Array, start: number, end: number, isLoaded: boolean): void {
    const kernel = this.#kernel;
    if (kernel === null || end - start > kernel.burstBytesMax - 32)
      return nhPlain(this.#nhKey, bytes, start, end, this.#message);
    const { memory, burstAt, outgoingAt, compressedAt } = kernel;
    if (loadedKey !== this.#nhKey) memory.set((loadedKey = this.#nhKey), kernel.keyAt);
    if (!isLoaded) memory.set(bytes.subarray(start, end), outgoingAt);
    const from = isLoaded ? burstAt + start : outgoingAt;
    const leftEnd = kernel.compress(from, from + (end - start));
    for (let at = compressedAt, to = MAC_HEAD_BYTES; at < leftEnd; at++, to++) this.#message[to] = memory[at];
  }
}

/** The same in plain JavaScript, see `compress` in frames.wat; for engines without WebAssembly SIMD. */
function nhPlain(key: Uint8Array, bytes: Uint8Array, start: number, end: number, message: Uint8Array): void {
  const keys = new DataView(key.buffer, key.byteOffset, NH_KEY_BYTES);
  const out = new DataView(message.buffer, message.byteOffset);
  const padded = new DataView(new ArrayBuffer(NH_STRETCH_BYTES));
  for (let from = start, to = MAC_HEAD_BYTES; from < end; from += NH_STRETCH_BYTES) {
    const stretch = bytes.subarray(from, Math.min(end, from + NH_STRETCH_BYTES));
    new Uint8Array(padded.buffer).fill(0).set(stretch);
    for (const shift of [0, 16]) {
      out.setBigUint64(to, nhOf(padded, stretch.length, keys, shift), true);
      to += 8;
    }
  }
}

function nhOf(words: DataView, lengthBytes: number, keys: DataView, shift: number): bigint {
  const added = (at: number): bigint =>
    BigInt((words.getUint32(at, true) + keys.getUint32(at + shift, true)) % 0x1_0000_0000);
  let sum = 0n;
  for (let step = 0; step < lengthBytes; step += 32) {
    for (let word = step; word < step + 16; word += 4) sum += added(word) * added(word + 16);
  }
  return BigInt.asUintN(64, sum);
}
