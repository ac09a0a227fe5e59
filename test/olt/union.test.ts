/** The choice of sections for several ONTs gives each what it needs, with few for all. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { sectionsFor } from "../../olt/core/union.ts";

const SECTIONS = 24;
const lack = fc
  .array(fc.boolean(), { minLength: SECTIONS, maxLength: SECTIONS })
  .filter((missing) => missing.includes(true))
  .chain((missing) => {
    const most = missing.filter(Boolean).length;
    return fc.record({ missing: fc.constant(missing), count: fc.integer({ min: 1, max: most }) });
  });

it("every ONT gets as many of the sections it misses as it needs, and nobody's all where fewer do", () => {
  fc.assert(
    fc.property(fc.array(lack, { minLength: 1, maxLength: 8 }), (lacks) => {
      const chosen = sectionsFor(lacks, SECTIONS);
      expect(chosen[SECTIONS - 1]).toBe(true);
      for (const { missing, count } of lacks) {
        expect(chosen.filter((sent, number) => sent && missing[number]).length).toBeGreaterThanOrEqual(count);
      }
      const needed = lacks.reduce((sum, { count }) => sum + count, 0);
      expect(chosen.filter(Boolean).length).toBeLessThanOrEqual(needed + 1);
    }),
  );
});

it("one section that all miss serves all", () => {
  const missing = (...numbers: number[]): boolean[] =>
    Array.from({ length: 8 }, (_, number) => numbers.includes(number));
  const chosen = sectionsFor(
    [
      { missing: missing(1, 2), count: 1 },
      { missing: missing(2, 3), count: 1 },
    ],
    8,
  );
  expect(chosen.flatMap((sent, number) => (sent ? [number] : []))).toEqual([2, 7]);
});
