/** The clock of a run stays right when another process has its turn while it starts. */
import { describe, expect, it } from "vitest";
import { startClock } from "../../../base/clock/index.ts";

describe("the clock of a run", () => {
  it("is that of the system, whatever came between the first two readings", () => {
    const epochNs = process.hrtime.bigint();
    const original = process.hrtime.bigint.bind(process.hrtime);
    // Once another process has its turn in the middle of it all.
    let delayed = false;
    process.hrtime.bigint = () => {
      const nowNs = original();
      while (!delayed && original() - nowNs < 20_000_000n);
      delayed = true;
      return nowNs;
    };
    const clock = startClock(epochNs);
    process.hrtime.bigint = original;
    const errors = Array.from({ length: 20 }, () => {
      const before = Number(original() - epochNs);
      const told = clock();
      const after = Number(original() - epochNs);
      return Math.max(before - told, told - after, 0);
    });
    expect(Math.min(...errors)).toBeLessThan(1_000_000);
  });
});
