/** However badly frames are treated, the tester comes to an end and says why. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createStream } from "../../pon/index.ts";
import { catalogue } from "../../conform/core/catalogue/index.ts";
import { runCases } from "../../conform/core/runner.ts";
import { selectCases } from "../../conform/core/select.ts";
import { faultLine } from "../../conform/core/table.ts";
import { selfImages } from "../../conform/targets/self.ts";
import { type Fault, faultyTarget } from "./faults.ts";
import { messageSets } from "./sets.ts";

const images = selfImages();

/** An ONT on a bad day: its frames are lost, cut, flipped, or nothing but noise. */
function badDay(seed: number, chance: number): Fault {
  const stream = createStream(seed, "bad day");
  return {
    up: ({ bytes }) => {
      if (stream.nextFloat() >= chance) return bytes;
      switch (stream.nextBelow(4)) {
        case 0:
          return undefined;
        case 1:
          return bytes.slice(0, stream.nextBelow(bytes.length));
        case 2: {
          const at = stream.nextBelow(bytes.length);
          return bytes.with(at, bytes[at]! ^ (1 << stream.nextBelow(8)));
        }
        default:
          return Uint8Array.from(bytes, () => stream.nextBelow(256));
      }
    },
  };
}

describe("whatever an ONT sends", () => {
  it("every case ends with a verdict, and a failure with a line that tells why", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.constantFrom(0.01, 0.1, 0.5, 1),
        fc.constantFrom(...messageSets),
        fc.subarray(
          catalogue.map(({ id }) => id),
          { minLength: 8, maxLength: 8 },
        ),
        fc.boolean(),
        async (seed, chance, messageSet, only, isFreshEachCase) => {
          const cases = selectCases(catalogue, { only, skip: [], messageSet });
          const target = { ...faultyTarget(images, badDay(seed, chance)), isFreshEachCase };
          const reports = await runCases(cases, { target, messageSet, image: images.image });
          expect(reports.map(({ id }) => id)).toEqual(cases.map(({ id }) => id));
          for (const { verdict, fault, cause } of reports) {
            expect(fault !== undefined).toBe(verdict === "fail");
            expect(cause !== undefined).toBe(verdict === "skip" || verdict === "notApplicable");
            if (fault !== undefined) expect(faultLine(fault)).toMatch(/^(step|frame) .* \[G\.988 .+\]$/);
          }
        },
      ),
      { numRuns: 100, seed: 20_261_123 },
    );
  });
});
