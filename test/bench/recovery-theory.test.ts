/** The formulas for copies of an image, held to cases that can be worked out by hand. */
import { describe, expect, it } from "vitest";
import { theory } from "../../bench/recovery-theory.ts";

const ways = Object.keys(theory);
const copies = (way: string, onts: number, loss: number, ...windows: number[]): number =>
  theory[way]({ onts, loss, windows });

describe("copies by chances alone", () => {
  it.each(ways)("%s: one without loss; 1/(1 - loss) for one ONT and windows of one section", (way) => {
    expect(copies(way, 128, 0, 240, 215)).toBe(1);
    for (const loss of [0.001, 0.1, 0.5]) expect(copies(way, 1, loss, 1)).toBeCloseTo(1 / (1 - loss), 6);
  });

  it("is the same for all that send to the group, when a window is one section", () => {
    const worst = copies("selective", 40, 0.2, 1);
    for (const way of ["parity", "window-keeps", "window-discards"])
      expect(copies(way, 40, 0.2, 1)).toBeCloseTo(worst, 6);
  });

  it("of one ONT and a window of two with loss ½, worked out by hand", () => {
    // The larger of two geometric numbers: 1/½ + 1/½ - 1/¾.
    expect(copies("window-keeps", 1, 0.5, 2)).toBeCloseTo(8 / 3, 6);
    // Both at once: 1/¼.
    expect(copies("window-discards", 1, 0.5, 2)).toBeCloseTo(4, 6);
    // Two sections of which every second comes: 4 sent.
    expect(copies("parity", 1, 0.5, 2)).toBeCloseTo(2, 6);
    expect(copies("selective", 1, 0.5, 2)).toBeCloseTo(2, 6);
  });

  it("ranks the ways, and weighs windows by their sections", () => {
    const [parity, selective, keeps, discards] = ways.map((way) => copies(way, 128, 0.01, 240));
    expect(parity).toBeLessThan(selective);
    expect(selective).toBeLessThan(keeps);
    expect(keeps).toBeLessThan(discards);
    const [long, short] = [copies("parity", 128, 0.01, 240), copies("parity", 128, 0.01, 80)];
    expect(copies("parity", 128, 0.01, 240, 80)).toBeCloseTo((3 * long + short) / 4, 9);
  });

  it("goes on smoothly where the series gets too long", () => {
    // 0.98^193 and 0.98^194 lie on either side of a chance of 0.02.
    const [above, below] = [copies("window-discards", 128, 0.02, 193), copies("window-discards", 128, 0.02, 194)];
    expect(below / above).toBeCloseTo(1 / 0.98, 2);
  });
});
