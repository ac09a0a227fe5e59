/** Tags of datagrams, held to NH as RFC 4418 has it, and to SipHash, which is held to its own vectors. */
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { DatagramMac, sipHash } from "../../../base/kernel/index.ts";
import { bytes } from "../../omci/arbitrary.ts";

const key = bytes(16);
const head = bytes(16);
const content = fc.oneof(
  bytes(0, 100),
  bytes(4060, 4140),
  bytes(8180, 8240),
  bytes(20_000, 20_100),
  fc.constant(new Uint8Array(60_000).fill(7)),
);
const hexOf = (tag: Uint8Array): string => Buffer.from(tag).toString("hex");

/** Both word by word. */
function wanted(k: Uint8Array, h: Uint8Array, message: Uint8Array): string {
  const derived = (number: number): bigint =>
    sipHash(k, Uint8Array.from([number & 0xff, number >> 8, 0, 0, 0, 0, 0, 0]));
  const wordsOf = (numbers: number[]): Uint8Array => new Uint8Array(new BigUint64Array(numbers.map(derived)).buffer);
  const nhKey = wordsOf(Array.from({ length: 130 }, (_, index) => 2 + index));
  const keys = new DataView(nhKey.buffer);
  const sums: bigint[] = [];
  for (let from = 0; from < message.length; from += 1024) {
    const stretch = message.slice(from, from + 1024);
    const padded = new Uint8Array(Math.ceil(stretch.length / 32) * 32);
    padded.set(stretch);
    const words = new DataView(padded.buffer);
    for (const shift of [0, 16]) {
      let sum = 0n;
      for (let at = 0; at < padded.length; at += 32)
        for (let word = at; word < at + 16; word += 4) {
          const one = (words.getUint32(word, true) + keys.getUint32(word + shift, true)) >>> 0;
          const two = (words.getUint32(word + 16, true) + keys.getUint32(word + 16 + shift, true)) >>> 0;
          sum += BigInt(one) * BigInt(two);
        }
      sums.push(BigInt.asUintN(64, sum));
    }
  }
  const left = new BigUint64Array(sums);
  const tag = sipHash(wordsOf([0, 1]), Uint8Array.from([...h, ...new Uint8Array(left.buffer)]));
  return hexOf(new Uint8Array(new BigUint64Array([tag]).buffer));
}

describe("SipHash-2-4", () => {
  it.each([
    // Vectors of its authors: the key is 00 to 0f, the message 00 on.
    [0, "310e0edd47db6f72"],
    [8, "6224939a79f5f593"],
    [15, "e545be4961ca29a1"],
  ])("of %i bytes is what its authors have", (length, tag) => {
    const counting = (bytesCount: number): Uint8Array => Uint8Array.from({ length: bytesCount }, (_, at) => at);
    const hash = sipHash(counting(16), counting(length));
    expect(hexOf(new Uint8Array(new BigUint64Array([hash]).buffer))).toBe(tag);
  });
});

describe("the tag of a datagram", () => {
  it("is NH twice and SipHash over it, wherever the datagram lies", () => {
    fc.assert(
      fc.property(key, head, content, fc.nat(40), (k, h, message, before) => {
        const padded = Uint8Array.from([...new Uint8Array(before).fill(9), ...message, 7, 7]);
        const tag = new DatagramMac(k).tag(h, padded, before, before + message.length);
        expect(hexOf(tag)).toBe(wanted(k, h, message));
      }),
      { numRuns: 40 },
    );
  });

  it("is another one for any other bit, head or length", () => {
    fc.assert(
      fc.property(key, head, bytes(1, 9000), fc.nat(), fc.nat(7), (k, h, message, where, bit) => {
        const mac = new DatagramMac(k);
        const tag = hexOf(mac.tag(h, message, 0, message.length));
        const other = message.slice();
        other[where % message.length] ^= 1 << bit;
        expect(hexOf(mac.tag(h, other, 0, other.length))).not.toBe(tag);
        const otherHead = h.slice();
        otherHead[where % 16] ^= 1 << bit;
        expect(hexOf(mac.tag(otherHead, message, 0, message.length))).not.toBe(tag);
      }),
      { numRuns: 60 },
    );
  });

  it("of several keys in turn is that of each", () => {
    const keys = [1, 2, 3].map((byte) => new Uint8Array(16).fill(byte));
    const macs = keys.map((k) => new DatagramMac(k));
    const message = new Uint8Array(500).fill(5);
    for (const which of [0, 1, 0, 2, 2, 1])
      expect(hexOf(macs[which].tag(message, message, 0, 500))).toBe(wanted(keys[which], message.slice(0, 16), message));
  });

  it("is the same where the engine has no WebAssembly", async () => {
    vi.stubGlobal("WebAssembly", undefined);
    vi.resetModules();
    const plain = await import("../../../base/kernel/datagram-mac.ts");
    expect(plain.DatagramMac).not.toBe(DatagramMac);
    fc.assert(
      fc.property(key, head, content, (k, h, message) => {
        expect(hexOf(new plain.DatagramMac(k).tag(h, message, 0, message.length))).toBe(wanted(k, h, message));
      }),
      { numRuns: 10 },
    );
    vi.unstubAllGlobals();
    // Files that come later in this worker get modules that saw the engine as it is.
    vi.resetModules();
  });
});
