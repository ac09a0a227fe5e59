/** Where cells are: every ONT has one of its own, and a click on it finds it again. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { cellAt, layoutOf, ontAfter, ontAt } from "../../../../web/dashboard/page/cell-layout.ts";

const fleets = fc.record({
  perPort: fc.integer({ min: 1, max: 128 }),
  pons: fc.integer({ min: 1, max: 16 }),
  width: fc.integer({ min: 300, max: 2500 }),
});

it("every cell is within the width, apart from all others, and found where it is", () => {
  fc.assert(
    fc.property(fleets, ({ perPort, pons, width }) => {
      const onts = perPort * pons;
      const layout = layoutOf(onts, pons, width);
      const seen = new Set<string>();
      for (let ont = 0; ont < onts; ont++) {
        const { x, y } = cellAt(layout, ont);
        seen.add(`${x}/${y}`);
        expect(x + layout.pitch).toBeLessThanOrEqual(width);
        expect(y + layout.pitch).toBeLessThanOrEqual(layout.height);
        expect(ontAt(layout, x + layout.pitch / 2, y + layout.pitch / 2)).toBe(ont);
      }
      expect(seen.size).toBe(onts);
      expect(ontAt(layout, width + 5000, 1)).toBe(-1);
      expect(ontAt(layout, 1, layout.height + 5000)).toBe(-1);
    }),
    { numRuns: 60 },
  );
});

it("keys go to neighbours, and not beyond the ends", () => {
  const layout = layoutOf(128, 1, 600);
  expect(ontAfter(layout, 5, "ArrowRight")).toBe(6);
  expect(ontAfter(layout, 0, "ArrowLeft")).toBe(0);
  expect(ontAfter(layout, 5, "ArrowDown")).toBe(5 + layout.columns);
  expect(ontAfter(layout, 5, "End")).toBe(127);
  expect(ontAfter(layout, 5, "Home")).toBe(0);
});
