/** Rates and window costs lose nothing when they are put into fewer bins. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { trafficSeries } from "../../../web/report/traffic.ts";
import { WindowCosts } from "../../../web/report/windows.ts";

const none = { downstream: null, upstream: null };
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe("rates over time", () => {
  const intervals = fc.array(
    fc
      .record({
        fromNs: fc.integer({ min: 0, max: 900_000_000_000 }),
        lengthNs: fc.integer({ min: 1, max: 60_000_000_000 }),
        downstreamBytes: fc.integer({ min: 0, max: 1e9 }),
        upstreamBytes: fc.integer({ min: 0, max: 1e9 }),
      })
      .map(({ lengthNs, ...rest }) => ({ ...rest, toNs: rest.fromNs + lengthNs })),
    { maxLength: 50 },
  );

  it("lose no byte, and stay bounded", () => {
    fc.assert(
      fc.property(intervals, fc.integer({ min: 1, max: 1_000_000_000_000 }), (given, endNs) => {
        const { binSeconds, downstream, upstream } = trafficSeries(given, endNs, none);
        expect(downstream.length).toBeLessThanOrEqual(800);
        const bits = sum(downstream) * binSeconds;
        const wanted = sum(given.map(({ downstreamBytes }) => downstreamBytes * 8));
        // Rates are whole bits a second.
        expect(Math.abs(bits - wanted)).toBeLessThanOrEqual(binSeconds * downstream.length + 1e-6 * wanted);
        expect(upstream).toHaveLength(downstream.length);
      }),
    );
  });

  it("spread an interval over the bins it touches", () => {
    const [from, to] = [5_000_000, 25_000_000];
    const { binSeconds, downstream } = trafficSeries(
      [{ fromNs: from, toNs: to, downstreamBytes: 4000, upstreamBytes: 0 }],
      30_000_000,
      none,
    );
    expect(binSeconds).toBe(0.01);
    // 1000, 2000 and 1000 bytes in 10 ms each.
    expect(downstream).toEqual([800_000, 1_600_000, 800_000]);
  });
});

describe("costs of windows", () => {
  it("tell sections sent again from parity after losses and parity sent ahead", () => {
    const costs = new WindowCosts();
    costs.handleOlt({ type: "windowSent", window: 0, sections: 240, paritySections: 3, onuId: -1 });
    costs.handleOlt({ type: "windowSent", window: 2, sections: 100, paritySections: 0, onuId: -1 });
    costs.handleOlt({ type: "repair", window: 2, reason: "missing", sections: 7, paritySections: 5, onuId: -1 });
    expect(costs.bars()).toEqual({ windowsPerBar: 1, ahead: [3, 0, 0], repeated: [0, 0, 7], parity: [0, 0, 5] });
  });

  it("share bars where there are many windows, and lose none", () => {
    const window = fc.integer({ min: 0, max: 2 ** 32 - 1 });
    fc.assert(
      fc.property(fc.array(window, { minLength: 1, maxLength: 200 }), (windows) => {
        const costs = new WindowCosts();
        for (const each of windows)
          costs.handleOlt({ type: "repair", window: each, reason: "silent", sections: 1, paritySections: 2, onuId: 1 });
        const { windowsPerBar, repeated, parity } = costs.bars();
        expect(repeated.length).toBeLessThanOrEqual(256);
        expect(sum(repeated)).toBe(windows.length);
        expect(sum(parity)).toBe(2 * windows.length);
        for (const [bar, count] of repeated.entries()) {
          expect(windows.filter((each) => Math.floor(each / windowsPerBar) === bar)).toHaveLength(count);
        }
      }),
    );
  });
});
