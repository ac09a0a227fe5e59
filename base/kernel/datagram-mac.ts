/** A fast keyed tag for whole datagrams: NH of UMAC over the bytes (RFC 4418), SipHash over what it leaves. */
import {
  type FrameKernel,
  frameKernel,
  NH_BYTES,
  NH_KEY_BYTES,
  NH_STRETCH_BYTES,
  SIP_KEY_BYTES,
} from "./frame-kernel.ts";
import { sipHash } from "./sip-hash.ts";

/** Of a datagram's head, which goes into SipHash as it is; it has to hold the length, as NH fills up with zeros. */
export const MAC_HEAD_BYTES = 16;
export const MAC_KEY_BYTES = SIP_KEY_BYTES;
/** A forged datagram is taken by a chance of 2^-64. */
export const MAC_TAG_BYTES = 8;

const KEYS_BYTES = NH_KEY_BYTES + SIP_KEY_BYTES;

/** Whose keys the kernel has at the moment. */
let loaded: Uint8Array | undefined;

/**
 * Tags of datagrams with one key. NH reads some gigabytes a second, and a receiver has the datagram in the kernel's memory
 * anyway; what it leaves must not be shown: what SipHash makes of it may be. All of it is in the kernel, as a process that has
 * just started runs everything else slowly.
 */
export class DatagramMac {
  readonly #kernel: FrameKernel | null = frameKernel();
  readonly #keys: Uint8Array;
  /** Without a kernel. */
  readonly #plainTag = new Uint8Array(MAC_TAG_BYTES);

  /** @param key 16 bytes. */
  constructor(key: Uint8Array) {
    if (key.length !== MAC_KEY_BYTES) throw new RangeError(`key of ${key.length} bytes; 16 are needed`);
    const kernel = this.#kernel;
    if (kernel === null) {
      this.#keys = keysPlain(key);
      return;
    }
    const { memory, keysAt } = kernel;
    memory.set(key, keysAt + NH_KEY_BYTES);
    kernel.derive();
    this.#keys = memory.slice(keysAt, keysAt + KEYS_BYTES);
    loaded = this.#keys;
  }

  /**
   * Tag of a head and of the bytes `start`…`end - 1`.
   *
   * @param head its first MAC_HEAD_BYTES
   * @param isLoaded the kernel has `bytes`, from the first on, as a burst
   * @returns where the first MAC_TAG_BYTES are the tag, until the next call
   */
  tag(head: Uint8Array, bytes: Uint8Array, start: number, end: number, isLoaded = false): Uint8Array {
    const kernel = this.#kernel;
    if (kernel === null || end - start > kernel.burstBytesMax - NH_PADDING_MAX)
      return this.#plain(head, bytes, start, end);
    const { memory, headAt, keysAt } = kernel;
    if (loaded !== this.#keys) memory.set((loaded = this.#keys), keysAt);
    for (let at = 0; at < MAC_HEAD_BYTES; at++) memory[headAt + at] = head[at];
    const from = isLoaded ? kernel.burstAt + start : kernel.outgoingAt;
    if (!isLoaded) memory.set(bytes.subarray(start, end), from);
    kernel.tag(from, from + end - start);
    const tag = this.#plainTag;
    for (let at = 0; at < MAC_TAG_BYTES; at++) tag[at] = memory[headAt + at];
    return tag;
  }

  #plain(head: Uint8Array, bytes: Uint8Array, start: number, end: number): Uint8Array {
    const stretches = Math.ceil((end - start) / NH_STRETCH_BYTES);
    const message = new Uint8Array(MAC_HEAD_BYTES + stretches * NH_BYTES);
    message.set(head.subarray(0, MAC_HEAD_BYTES));
    nhPlain(this.#keys, bytes, start, end, message);
    new DataView(this.#plainTag.buffer).setBigUint64(0, sipHash(this.#keys.subarray(NH_KEY_BYTES), message), true);
    return this.#plainTag;
  }
}

/** Bytes behind a datagram that NH fills with zeros. */
export const NH_PADDING_MAX = 32;

/** `derive` of frames.wat in plain JavaScript, for engines without WebAssembly SIMD. */
function keysPlain(key: Uint8Array): Uint8Array {
  const keys = new Uint8Array(KEYS_BYTES);
  const out = new DataView(keys.buffer);
  const number = new DataView(new ArrayBuffer(8));
  const put = (at: number, value: number): void => {
    number.setUint32(0, value, true);
    out.setBigUint64(at, sipHash(key, new Uint8Array(number.buffer)), true);
  };
  for (let at = 0; at < NH_KEY_BYTES; at += 8) put(at, 2 + at / 8);
  put(NH_KEY_BYTES, 0);
  put(NH_KEY_BYTES + 8, 1);
  return keys;
}

/** `compress` of frames.wat. */
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
