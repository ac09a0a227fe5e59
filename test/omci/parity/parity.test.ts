import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { coefficient, invert, invertCauchy, multiply } from "../../../omci/parity/field.ts";
import { plainKernel, sharedKernel } from "../../../omci/parity/kernel.ts";
import { ParityEncoder, repairWindow } from "../../../omci/parity/parity.ts";

/** Multiplication bit by bit, as the definition has it. */
function slowMultiply(a: number, b: number): number {
  let product = 0;
  for (let bit = 0; bit < 8; bit++) if (b & (1 << bit)) product ^= a << bit;
  for (let bit = 15; bit >= 8; bit--) if (product & (1 << bit)) product ^= 0x11d << (bit - 8);
  return product;
}

const fill = (bytes: number, seed: number): Uint8Array => {
  let state = seed | 1;
  return Uint8Array.from({ length: bytes }, () => {
    state = (Math.imul(state, 1103515245) + 12345) | 0;
    return state >>> 16;
  });
};

describe("GF(2^8)", () => {
  it("multiplies as the polynomial says", () => {
    for (let a = 0; a < 256; a++) for (let b = 0; b < 256; b++) expect(multiply(a, b)).toBe(slowMultiply(a, b));
  });

  it("inverts", () => {
    for (let a = 1; a < 256; a++) expect(multiply(a, invert(a))).toBe(1);
  });

  it("inverts any square part of the code's matrix", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 240 }),
        fc.integer({ min: 1, max: 12 }),
        fc.nat(),
        (sections, size, seed) => {
          const m = Math.min(size, sections, 256 - sections);
          const pick = (count: number, from: number): number[] =>
            [...Array(from).keys()]
              .sort((a, b) => ((a * 7919 + seed) % 251) - ((b * 7919 + seed) % 251))
              .slice(0, count);
          const rows = pick(m, 256 - sections);
          const columns = pick(m, sections);
          const inverse = invertCauchy(sections, rows, columns);
          for (let i = 0; i < m; i++) {
            for (let n = 0; n < m; n++) {
              let sum = 0;
              for (let j = 0; j < m; j++)
                sum ^= multiply(inverse[i * m + j], coefficient(sections, rows[j], columns[n]));
              expect(sum).toBe(i === n ? 1 : 0);
            }
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("parity sections", () => {
  const windows = fc.record({
    sections: fc.integer({ min: 1, max: 250 }),
    sectionBytes: fc.oneof(fc.constant(31), fc.integer({ min: 1, max: 1965 })),
    short: fc.nat(1964),
    losses: fc.integer({ min: 1, max: 20 }),
    rowOffset: fc.nat(3),
    seed: fc.nat(),
  });

  it("repair any loss that is not larger than their number, bit for bit", () => {
    fc.assert(
      fc.property(windows, ({ sections, sectionBytes, short, losses, rowOffset, seed }) => {
        const m = Math.min(losses, sections, 256 - sections - rowOffset);
        if (m < 1) return;
        const lastBytes = Math.max(1, sectionBytes - (short % sectionBytes));
        const original = fill(sections * sectionBytes, seed);
        original.fill(0, (sections - 1) * sectionBytes + lastBytes);
        const encoder = new ParityEncoder();
        encoder.begin(sections, sectionBytes, original, 0, sectionBytes, lastBytes);
        const rowNumbers = Array.from({ length: m }, (_, index) => index + rowOffset);
        const rows = new Uint8Array(m * sectionBytes);
        rowNumbers.forEach((row, index) => encoder.row(row, rows, index * sectionBytes));
        const missing = [...Array(sections).keys()]
          .sort((a, b) => ((a * 31 + seed) % 257) - ((b * 31 + seed) % 257))
          .slice(0, m);
        missing.sort((a, b) => a - b);
        const window = original.slice();
        for (const section of missing) window.fill(0xa5, section * sectionBytes, (section + 1) * sectionBytes);
        expect(repairWindow({ sections, sectionBytes, window, missing, rows, rowNumbers })).toBe(true);
        expect(Buffer.compare(window, original)).toBe(0);
      }),
      { numRuns: 150 },
    );
  });

  it("leave the window alone when there are too few of them", () => {
    const window = fill(4 * 31, 1);
    const before = window.slice();
    const damaged = {
      sections: 4,
      sectionBytes: 31,
      window,
      missing: [0, 2],
      rows: new Uint8Array(31),
      rowNumbers: [0],
    };
    expect(repairWindow(damaged)).toBe(false);
    expect(window).toEqual(before);
  });

  it("are the sum the matrix says, and the same with and without SIMD", () => {
    expect(sharedKernel().kind).toBe("simd");
    const [sections, sectionBytes] = [37, 50];
    const data = fill(sections * 64, 5);
    const fast = new ParityEncoder();
    const plain = new ParityEncoder(plainKernel());
    for (const encoder of [fast, plain]) encoder.begin(sections, sectionBytes, data, 0, 64, sectionBytes);
    for (const row of [0, 1, 5, 100, 218]) {
      const wanted = new Uint8Array(sectionBytes);
      for (let column = 0; column < sections; column++) {
        const factor = coefficient(sections, row, column);
        for (let at = 0; at < sectionBytes; at++) wanted[at] ^= slowMultiply(factor, data[column * 64 + at]);
      }
      for (const encoder of [fast, plain]) {
        const out = new Uint8Array(sectionBytes);
        encoder.row(row, out, 0);
        expect(out).toEqual(wanted);
      }
    }
    expect(() => fast.row(219, new Uint8Array(sectionBytes), 0)).toThrow(/at most 256/);
  });
});
