/** Windows by wall clock, summer times included; rates on given time. */
import { describe, expect, it } from "vitest";
import { Pace, pieceBytes, readWindow, reserve, windowAt } from "../../../../headend/depot/core/index.ts";

const at = (text: string): number => Date.parse(text);
const state = (rule: string, now: string): [boolean, string, string] => {
  const window = readWindow(rule);
  if (window === undefined) throw new Error(`${rule} is none`);
  const { isOpen, opensMs, closesMs } = windowAt(window, at(now));
  return [isOpen, new Date(opensMs).toISOString().slice(0, 16), new Date(closesMs).toISOString().slice(0, 16)];
};

const BERLIN = "02:00-05:00 Europe/Berlin";

it.each<[string, string, boolean, string, string]>([
  ["02:00-05:00", "2026-11-27T01:59:59Z", false, "2026-11-27T02:00", "2026-11-27T05:00"],
  ["02:00-05:00", "2026-11-27T02:00:00Z", true, "2026-11-27T02:00", "2026-11-27T05:00"],
  ["02:00-05:00", "2026-11-27T04:59:59Z", true, "2026-11-27T02:00", "2026-11-27T05:00"],
  ["02:00-05:00", "2026-11-27T05:00:00Z", false, "2026-11-28T02:00", "2026-11-28T05:00"],
  ["22:00-04:00 UTC", "2026-11-27T23:00:00Z", true, "2026-11-27T22:00", "2026-11-28T04:00"],
  ["22:00-04:00 UTC", "2026-11-28T03:00:00Z", true, "2026-11-27T22:00", "2026-11-28T04:00"],
  ["00:00-23:59 UTC", "2026-11-28T12:00:00Z", true, "2026-11-28T00:00", "2026-11-28T23:59"],
  [BERLIN, "2026-11-27T00:30:00Z", false, "2026-11-27T01:00", "2026-11-27T04:00"],
  [BERLIN, "2026-06-27T00:30:00Z", true, "2026-06-27T00:00", "2026-06-27T03:00"],
  // 02:00 does not exist on that day: it opens at 03:00 of summer time.
  [BERLIN, "2026-03-29T00:59:59Z", false, "2026-03-29T01:00", "2026-03-29T03:00"],
  [BERLIN, "2026-03-29T01:00:00Z", true, "2026-03-29T01:00", "2026-03-29T03:00"],
  // 02:00 comes twice on that day: it opens with the first.
  [BERLIN, "2026-10-25T00:00:00Z", true, "2026-10-25T00:00", "2026-10-25T04:00"],
  [BERLIN, "2026-10-25T01:00:00Z", true, "2026-10-25T00:00", "2026-10-25T04:00"],
  [BERLIN, "2026-10-25T04:00:00Z", false, "2026-10-26T01:00", "2026-10-26T04:00"],
])("%s at %s", (rule, now, isOpen, opens, closes) => expect(state(rule, now)).toEqual([isOpen, opens, closes]));

it.each(["", "02:00", "2:00-5:00", "24:00-05:00", "02:00-02:00", "02:00-05:00 Mars/Olympus", "02:00-05:60 UTC"])(
  "%s is no window",
  (rule) => expect(readWindow(rule)).toBeUndefined(),
);

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
