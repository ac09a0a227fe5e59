/** Sections whose size changes inside a window (G.988 A.2, TP-247 6.10.9): taken in order, whatever adds up. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { BenchOnt } from "./hands.ts";
import { testImage } from "./images.ts";
import { lastAnswer, started, written } from "./windows.ts";

const image = testImage(20_000);

/** Sections of these sizes, each a span of its own; some are lost. */
function send(bench: BenchOnt, base: number, sizes: readonly number[], lost: readonly number[] = [], from = 0): void {
  let dataOffset = from;
  for (const [section, bytes] of sizes.entries()) {
    if (!lost.includes(section)) {
      bench.run("omcc", {
        messageSet: "extended",
        classId: 7,
        instanceId: 1,
        firstTci: base + section,
        firstSection: section,
        count: 1,
        ackRequested: section === sizes.length - 1,
        data: image,
        dataOffset,
        dataStride: bytes,
        sectionBytes: bytes,
        lastSectionBytes: bytes,
        parityOf: null,
        lasting: false,
      });
    }
    dataOffset += bytes;
  }
}

const total = (sizes: readonly number[]): number => sizes.reduce((sum, bytes) => sum + bytes, 0);

describe("a size that changes inside a window", () => {
  it.each([
    [[100, 100, 100, 200]],
    [[100, 50, 100, 100]],
    [[50, 100, 100, 100]],
    [[100, 100, 50, 30]],
    [[1965, 1, 1965]],
  ])("%j", (sizes) => {
    const bench = started(image, 0x6100, "extended");
    send(bench, 0x6200, sizes);
    expect(lastAnswer(bench)).toMatchObject({ result: 0, missingSections: 0 });
    expect(written(bench)).toEqual(image.subarray(0, total(sizes)));
    // The window behind it is of one size again.
    send(bench, 0x6300, [70, 70, 20], [], total(sizes));
    expect(lastAnswer(bench)).toMatchObject({ result: 0 });
    expect(written(bench)).toEqual(image.subarray(0, total(sizes) + 160));
  });

  it("one lost leaves those behind it without a place; the repeat brings them, with the same TCIs or with new ones", () => {
    for (const again of [0x6200, 0x6300]) {
      const bench = started(image, 0x6100, "extended");
      const sizes = [100, 50, 100, 200];
      send(bench, 0x6200, sizes, [1]);
      expect(lastAnswer(bench)).toMatchObject({ result: 1, missingSections: 3 });
      send(bench, again, sizes);
      expect(lastAnswer(bench)).toMatchObject({ result: 0 });
      expect(written(bench)).toEqual(image.subarray(0, total(sizes)));
    }
  });

  it("what came before the gap need not come again with the same TCIs", () => {
    const bench = started(image, 0x6100, "extended");
    const sizes = [100, 50, 100, 200];
    send(bench, 0x6200, sizes, [2]);
    expect(lastAnswer(bench)).toMatchObject({ result: 1, missingSections: 2 });
    send(bench, 0x6200, sizes, [0, 1]);
    expect(lastAnswer(bench)).toMatchObject({ result: 0 });
    expect(written(bench)).toEqual(image.subarray(0, total(sizes)));
  });

  it("any sizes, any losses: what is taken in is right, and a repeat without loss is taken in", () => {
    const size = fc.constantFrom(1, 30, 50, 100, 200, 1965);
    const attempt = fc.record({ lost: fc.array(fc.nat(7)), hasNewTcis: fc.boolean() });
    const window = fc.array(size, { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(window, fc.array(attempt, { maxLength: 4 }), (sizes, attempts) => {
        const bench = started(image, 0x6100, "extended");
        let base = 0x6200;
        for (const { lost, hasNewTcis } of [...attempts, { lost: [], hasNewTcis: true }]) {
          if (hasNewTcis) base += 0x100;
          send(bench, base, sizes, lost);
          if (bench.eventsOf("windowAccepted").length > 0) break;
        }
        expect(bench.eventsOf("windowAccepted")).toHaveLength(1);
        expect(Buffer.compare(written(bench), image.subarray(0, total(sizes)))).toBe(0);
      }),
      { numRuns: 500, seed: 6109 },
    );
  });
});
