/** Rates on given time. */
import { describe, expect, it } from "vitest";
import { Pace, pieceBytes, reserve } from "../../../../headend/depot/core/index.ts";

describe("rates", () => {
  /** Bytes that get away in 10 s of as many downloads as there are lists of limits. */
  const inTenSeconds = (downloads: Pace[][]): number[] => {
    const next = downloads.map(() => 0);
    const sent = downloads.map(() => 0);
    for (;;) {
      const nowMs = Math.min(...next);
      if (nowMs >= 10_000) return sent;
      const which = next.indexOf(nowMs);
      const bytes = pieceBytes(downloads[which]);
      const waitMs = reserve(downloads[which], nowMs, bytes);
      next[which] = nowMs + waitMs + 0.001;
      if (next[which] < 10_000) sent[which] += bytes;
    }
  };

  it.each([50_000, 1_000_000, 20_000_000])("%d B/s is kept within 5 %", (rate) => {
    const [sent] = inTenSeconds([[new Pace(rate)]]);
    expect(sent / (rate * 10)).toBeGreaterThan(0.95);
    expect(sent / (rate * 10)).toBeLessThan(1.05);
  });

  it("all share what all have, and each keeps its own", () => {
    const total = new Pace(1_000_000);
    const four = inTenSeconds([1, 2, 3, 4].map(() => [total, new Pace(Infinity)]));
    const sum = four.reduce((all, each) => all + each, 0);
    expect(sum / 10_000_000).toBeCloseTo(1, 1);
    for (const each of four) expect(each / sum).toBeCloseTo(0.25, 1);
    const other = new Pace(1_000_000);
    const [slow, fast] = inTenSeconds([
      [other, new Pace(100_000)],
      [other, new Pace(Infinity)],
    ]);
    expect(slow / 1_000_000).toBeLessThan(1.05);
    expect(fast).toBeGreaterThan(slow * 5);
  });

  it("what was not used for long is not made up for", () => {
    const pace = new Pace(1_000_000);
    reserve([pace], 0, 1_000);
    // After an hour: 100 ms worth at once, and no more.
    let [burst, waitMs] = [0, 0];
    for (; waitMs === 0; burst += 10_000) waitMs = reserve([pace], 3_600_000, 10_000);
    expect(burst).toBeLessThan(150_000);
  });
});
