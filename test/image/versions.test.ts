/** The order of versions: as people expect it, and total. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareVersions } from "../../image/index.ts";

describe("versions", () => {
  test("are ordered as people read them", () => {
    const ascending = [
      "~1",
      "",
      "0.9",
      "1",
      "1.0~beta",
      "1.0",
      "1.0-5",
      "1.0.1",
      "1.2",
      "1.9",
      "1.10",
      "1.10b",
      "2.0~rc1",
      "2.0~rc2",
      "2.0~rc10",
      "2.0",
      "02.1",
      "2.1",
      "R9",
      "R10",
      "R2147483648",
      "R99999999999999999999",
      "v1",
    ];
    const shuffled = ascending.toReversed();
    expect(shuffled.toSorted(compareVersions)).toEqual(ascending);
  });

  // Few characters, so that equal runs, leading zeros and prefixes come up often.
  const version = fc.string({
    unit: fc.constantFrom("0", "1", "2", "9", ".", "-", "~", "a", "B"),
    maxLength: 6,
  });

  test("have a total order: each pair has one, both ways round, and 0 means the same text", () => {
    fc.assert(
      fc.property(version, version, (a, b) => {
        expect(Math.sign(compareVersions(a, b))).toBe(-Math.sign(compareVersions(b, a)) + 0);
        expect(compareVersions(a, b) === 0).toBe(a === b);
      }),
      { numRuns: 2000 },
    );
  });

  test("have a total order: it is transitive", () => {
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        const [low, middle, high] = [a, b, c].toSorted(compareVersions);
        expect(compareVersions(low!, middle!)).toBeLessThanOrEqual(0);
        expect(compareVersions(middle!, high!)).toBeLessThanOrEqual(0);
        expect(compareVersions(low!, high!)).toBeLessThanOrEqual(0);
      }),
      { numRuns: 5000 },
    );
  });

  test("numbers count by value at any length", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 13n }), fc.bigInt({ min: 0n, max: 10n ** 13n }), (a, b) => {
        const order = a < b ? -1 : a > b ? 1 : 0;
        expect(Math.sign(compareVersions(`v${a}.1`, `v${b}.1`))).toBe(order);
      }),
    );
  });
});
