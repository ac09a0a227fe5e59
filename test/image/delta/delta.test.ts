/** Deltas are made, read and applied: the target comes back, block by block, from a base that is the right one. */
import { createHash } from "node:crypto";
import { brotliCompressSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  DeltaRebuilder,
  FIXED_HEAD_BYTES,
  type DeltaFilter,
  type ReadBase,
  applyDelta,
  bodyOf,
  deltaHeadBytes,
  makeDelta,
  readDeltaHead,
} from "../../../image/delta/index.ts";
import { armPair, numbers } from "./fixture.ts";

const FILTERS: DeltaFilter[] = ["none", "arm", "armThumb", "arm64", "mips", "mipsLe", "x86", "x64"];
const reader =
  (bytes: Uint8Array): ReadBase =>
  (offsetBytes, lengthBytes) =>
    bytes.subarray(offsetBytes, offsetBytes + lengthBytes);

function apply(base: Uint8Array, delta: Uint8Array, targetBytes: number): Uint8Array {
  const target = new Uint8Array(targetBytes);
  const write = (block: Uint8Array, offsetBytes: number): void => target.set(block, offsetBytes);
  applyDelta({ readDelta: reader(delta), readBase: reader(base), deltaBytes: delta.length, write });
  return target;
}

const random = (seed: number, bytes: number): Uint8Array => {
  const next = numbers(seed);
  return Uint8Array.from({ length: bytes }, () => next());
};

describe("a delta", () => {
  const { base, target } = armPair(1, 900);

  test("gives the target back, is small, and smaller when branches are aimed anew", async () => {
    const sizes = new Map<DeltaFilter, number>();
    for (const filter of FILTERS) {
      const delta = await makeDelta(base, target, { filter, blockBytes: 65_536 });
      expect(Buffer.compare(apply(base, delta, target.length), target)).toBe(0);
      sizes.set(filter, delta.length);
    }
    const none = sizes.get("none")!;
    expect(none).toBeLessThan(brotliCompressSync(target).length / 3);
    expect(sizes.get("arm")!).toBeLessThan(none / 2);
    const auto = await makeDelta(base, target, { blockBytes: 65_536 });
    expect(readDeltaHead(auto).filter).toBe("arm");
    expect(auto.length).toBe(sizes.get("arm"));
  });

  test("is the same each time", async () => {
    const one = await makeDelta(base, target);
    expect(Buffer.compare(one, await makeDelta(base.slice(), target.slice()))).toBe(0);
  });

  test("says what it is, and where bodies lie", async () => {
    const delta = await makeDelta(base, target, { filter: "arm", blockBytes: 65_536 });
    const head = readDeltaHead(delta);
    expect(head).toMatchObject({
      filter: "arm",
      blockBytes: 65_536,
      baseBytes: base.length,
      targetBytes: target.length,
    });
    expect(Buffer.from(head.baseSha256).equals(createHash("sha256").update(base).digest())).toBe(true);
    expect(deltaHeadBytes(delta.subarray(0, FIXED_HEAD_BYTES))).toBe(head.headBytes);
    expect(head.blocks).toBe(Math.ceil(target.length / 65_536));
    expect(bodyOf(head, 0).offsetBytes).toBe(head.headBytes);
    const last = bodyOf(head, head.blocks - 1);
    expect(last.offsetBytes + last.lengthBytes).toBe(delta.length);
  });

  test("has blocks that are rebuilt in any order, and again", async () => {
    const delta = await makeDelta(base, target, { filter: "arm", blockBytes: 65_536 });
    const head = readDeltaHead(delta);
    const rebuilder = new DeltaRebuilder(head);
    for (const index of [...Array(head.blocks).keys()].reverse().concat(1, 0, 1)) {
      const { offsetBytes, lengthBytes } = bodyOf(head, index);
      const block = rebuilder.rebuild(index, delta.slice(offsetBytes, offsetBytes + lengthBytes), reader(base));
      expect(Buffer.compare(block, target.subarray(index * 65_536, (index + 1) * 65_536))).toBe(0);
    }
  });

  test("of images without octets, of one, and of such as have nothing in common", async () => {
    const images = [new Uint8Array(0), Uint8Array.of(7), random(3, 70_000), new Uint8Array(200_000), random(4, 65_536)];
    for (const before of images)
      for (const after of images) {
        const delta = await makeDelta(before, after, { blockBytes: 65_536 });
        expect(Buffer.compare(apply(before, delta, after.length), after)).toBe(0);
        expect(delta.length).toBeLessThan(after.length + 300);
      }
  });

  test("of a base with pieces cut out, put in and turned round", async () => {
    const piece = fc.record({
      at: fc.nat(99_999),
      length: fc.nat(9000),
      kind: fc.constantFrom("cut", "copy", "new", "flip"),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 6 }), fc.constantFrom(...FILTERS), async (pieces, filter) => {
        const before = Buffer.from(base.subarray(0, 100_000));
        let after = before;
        for (const { at, length, kind } of pieces) {
          const [head, taken, tail] = [
            after.subarray(0, at),
            after.subarray(at, at + length),
            after.subarray(at + length),
          ];
          const put = {
            cut: [],
            copy: [taken, taken],
            new: [random(at, length)],
            flip: [taken.map((octet) => ~octet)],
          }[kind];
          after = Buffer.concat([head, ...put, tail]);
        }
        const delta = await makeDelta(before, after, { filter, blockBytes: 65_536 });
        expect(Buffer.compare(apply(before, delta, after.length), after)).toBe(0);
      }),
      { numRuns: 25, seed: 1 },
    );
  });
});

describe("is refused", () => {
  const { base, target } = armPair(2, 400);

  test("with another base, before anything is written", async () => {
    const delta = await makeDelta(base, target);
    const other = base.slice();
    other[5] ^= 1;
    const written: number[] = [];
    const options = { readDelta: reader(delta), write: (_: Uint8Array, at: number) => written.push(at) };
    expect(() => applyDelta({ ...options, readBase: reader(other) })).toThrow("made from another base");
    expect(() => applyDelta({ ...options, readBase: reader(base.subarray(0, 50)) })).toThrow("this one is shorter");
    expect(written).toEqual([]);
  });

  test("with more or fewer octets than its head says", async () => {
    const delta = await makeDelta(base, target);
    expect(() => apply(base, Buffer.concat([delta, Uint8Array.of(0)]), target.length)).toThrow("its head says");
    expect(() => apply(base, delta.subarray(0, -1), target.length)).toThrow("its head says");
  });

  test("when images or blocks are larger than allowed", async () => {
    await expect(makeDelta(base, target, { blockBytes: 100_000 })).rejects.toThrow("a power of two");
    const delta = await makeDelta(base, target);
    const changed = (at: number, ...octets: number[]): Uint8Array => {
      const copy = Uint8Array.from(delta);
      copy.set(octets, at);
      return copy;
    };
    expect(() => readDeltaHead(changed(0, 0))).toThrow("PONDELT1");
    expect(() => readDeltaHead(changed(8, 99))).toThrow("filter 99");
    expect(() => readDeltaHead(changed(9, 30))).toThrow("2^30");
    expect(() => readDeltaHead(changed(10, 2))).toThrow("form 2");
    expect(() => readDeltaHead(changed(11, 1))).toThrow("has to be 0");
    expect(() => readDeltaHead(changed(16, 255, 255, 255, 255))).toThrow("at most");
    expect(() => readDeltaHead(changed(20, 255, 255, 255, 255))).toThrow("do not make");
    expect(() => readDeltaHead(changed(28, 255, 255, 255, 255))).toThrow("unpacked");
    expect(() => readDeltaHead(changed(96, 0, 0, 0, 0, 0))).toThrow("not as it was made");
    expect(() => readDeltaHead(delta.subarray(0, 60))).toThrow("no head");
    expect(() => readDeltaHead(delta.subarray(0, 120))).toThrow("are there");
  });
});
