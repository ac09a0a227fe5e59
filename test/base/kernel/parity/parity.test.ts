/** The parity code repairs what it promises, held to arithmetic by definition; so does its JavaScript twin. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { coefficient, invert, invertCauchy, multiply } from "../../../../base/kernel/parity/field.ts";
import { type Kernel, plainKernel, sharedKernel } from "../../../../base/kernel/parity/kernel.ts";
import { ParityEncoder, repairWindow } from "../../../../base/kernel/parity/parity.ts";

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
    const wrong: string[] = [];
    for (let a = 0; a < 256; a++)
      for (let b = 0; b < 256; b++) if (multiply(a, b) !== slowMultiply(a, b)) wrong.push(`${a} × ${b}`);
    expect(wrong).toEqual([]);
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

/** `count` different numbers below `below`, in an order that the seed decides. */
function pick(count: number, below: number, seed: number): number[] {
  const weight = (value: number): number => Math.imul(value + seed, 2654435761) >>> 7;
  return Array.from({ length: below }, (_, value) => value)
    .sort((a, b) => weight(a) - weight(b) || a - b)
    .slice(0, count);
}

interface Damage {
  sections: number;
  sectionBytes: number;
  lastBytes: number;
  missing: number[];
  rowNumbers: number[];
  seed: number;
}

/** A window, its parity sections as the encoder makes them, and the window with its missing sections overwritten. */
function damage({ sections, sectionBytes, lastBytes, missing, rowNumbers, seed }: Damage, kernel: Kernel) {
  const original = fill(sections * sectionBytes, seed);
  original.fill(0, (sections - 1) * sectionBytes + lastBytes);
  const encoder = new ParityEncoder(kernel);
  encoder.begin(sections, sectionBytes, original, 0, sectionBytes, lastBytes);
  const rows = new Uint8Array(rowNumbers.length * sectionBytes);
  rowNumbers.forEach((row, index) => encoder.row(row, rows, index * sectionBytes));
  const window = original.slice();
  for (const section of missing) window.fill(0xa5, section * sectionBytes, (section + 1) * sectionBytes);
  return { original, damaged: { sections, sectionBytes, window, missing, rows, rowNumbers } };
}

const plain = plainKernel();
const simd = sharedKernel();

describe("parity sections", () => {
  const damages = fc
    .record({
      sections: fc.integer({ min: 1, max: 255 }),
      sectionBytes: fc.oneof(fc.constant(31), fc.constant(1965), fc.integer({ min: 1, max: 1965 })),
      short: fc.nat(1964),
      losses: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 64 })),
      spare: fc.nat(3),
      seed: fc.nat(1 << 20),
    })
    .map(({ sections, sectionBytes, short, losses, spare, seed }): Damage => {
      const m = Math.min(losses, sections, 256 - sections);
      const missing = pick(m, sections, seed).sort((a, b) => a - b);
      const rowNumbers = pick(Math.min(m + spare, 256 - sections), 256 - sections, seed);
      return { sections, sectionBytes, lastBytes: sectionBytes - (short % sectionBytes), missing, rowNumbers, seed };
    });

  it("repair any loss that is not larger than their number, bit for bit", () => {
    expect(simd.kind).toBe("simd");
    fc.assert(
      fc.property(damages, (lost) => {
        const { original, damaged } = damage(lost, simd);
        expect(repairWindow(damaged)).toBe(true);
        expect(Buffer.compare(damaged.window, original)).toBe(0);
      }),
      { numRuns: 200 },
    );
  });

  it("repair the same in plain JavaScript, the two halves mixed", () => {
    fc.assert(
      fc.property(damages, fc.boolean(), (lost, encodesPlain) => {
        const { original, damaged } = damage(lost, encodesPlain ? plain : simd);
        expect(repairWindow(damaged, encodesPlain ? simd : plain)).toBe(true);
        expect(Buffer.compare(damaged.window, original)).toBe(0);
      }),
      { numRuns: 40 },
    );
  });

  it("leave the window alone when there are too few of them", () => {
    fc.assert(
      fc.property(damages, fc.integer({ min: 1, max: 64 }), (lost, fewer) => {
        const { damaged } = damage(lost, simd);
        const before = damaged.window.slice();
        const rowNumbers = damaged.rowNumbers.slice(0, Math.max(0, lost.missing.length - fewer));
        expect(repairWindow({ ...damaged, rowNumbers })).toBe(false);
        expect(Buffer.compare(damaged.window, before)).toBe(0);
      }),
      { numRuns: 30 },
    );
  });

  it("count once when they come twice, and not at all when the code has no such row", () => {
    const lost = { sections: 250, sectionBytes: 31, lastBytes: 31, missing: [7, 249], rowNumbers: [4, 4, 2], seed: 9 };
    const { original, damaged } = damage(lost, simd);
    expect(repairWindow({ ...damaged, rowNumbers: [4, 4] })).toBe(false);
    expect(repairWindow({ ...damaged, rowNumbers: [4, 6, 255] })).toBe(false);
    expect(damaged.window).not.toEqual(original);
    expect(repairWindow(damaged)).toBe(true);
    expect(damaged.window).toEqual(original);
  });

  it("take the memory of one window, however many are repaired", () => {
    const lost = { sections: 240, sectionBytes: 1965, lastBytes: 5, missing: [0, 1, 2, 239], rowNumbers: [0, 1, 2, 3] };
    const { damaged } = damage({ ...lost, seed: 3 }, simd);
    repairWindow(damaged);
    const memoryBytes = simd.bytes.length;
    expect(memoryBytes).toBeLessThan(2 * 256 * 1965);
    for (let round = 0; round < 20; round++) repairWindow(damaged);
    expect(simd.bytes.length).toBe(memoryBytes);
  });

  it("are the sum the matrix says, whatever the stride of the sections", () => {
    const [sections, sectionBytes] = [37, 50];
    const data = fill(sections * 64, 5);
    const encoders = [simd, plain].map((kernel) => new ParityEncoder(kernel));
    for (const encoder of encoders) encoder.begin(sections, sectionBytes, data, 0, 64, sectionBytes);
    for (const row of [0, 1, 5, 100, 218]) {
      const wanted = new Uint8Array(sectionBytes);
      for (let column = 0; column < sections; column++) {
        const factor = coefficient(sections, row, column);
        for (let at = 0; at < sectionBytes; at++) wanted[at] ^= slowMultiply(factor, data[column * 64 + at]);
      }
      for (const encoder of encoders) {
        const out = new Uint8Array(sectionBytes);
        encoder.row(row, out, 0);
        expect(out).toEqual(wanted);
      }
    }
    expect(() => encoders[0].row(219, new Uint8Array(sectionBytes), 0)).toThrow(/at most 256/);
  });
});
