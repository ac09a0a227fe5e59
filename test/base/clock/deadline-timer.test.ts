/** The one timer of a real-time driver. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { DeadlineTimer, sleepMs } from "../../../base/clock/index.ts";

const MS = 1e6;
const DAY_MS = 86_400_000;

beforeEach(() => vi.useFakeTimers({ now: 0 }));
afterEach(() => vi.useRealTimers());

const nowNs = (): number => Date.now() * MS;

describe("the timer of a driver", () => {
  it("calls by the earliest deadline it was told, once", () => {
    const calls: number[] = [];
    const timer = new DeadlineTimer(nowNs, () => calls.push(Date.now()));
    timer.wakeBy(50 * MS);
    timer.wakeBy(20.5 * MS);
    timer.wakeBy(30 * MS);
    timer.wakeBy(Infinity);
    vi.advanceTimersByTime(100);
    expect(calls).toEqual([21]);
    timer.wakeBy(130 * MS);
    vi.advanceTimersByTime(100);
    expect(calls).toEqual([21, 130]);
  });

  it("is quiet for good once it is stopped", () => {
    let calls = 0;
    const timer = new DeadlineTimer(nowNs, () => calls++);
    timer.wakeBy(20 * MS);
    timer.stop();
    timer.wakeBy(30 * MS);
    vi.advanceTimersByTime(100);
    expect(calls).toBe(0);
  });

  it("calls before a deadline that is further away than timers reach, and waits on", () => {
    const calls: number[] = [];
    const dueMs = 60 * DAY_MS;
    const timer = new DeadlineTimer(nowNs, () => {
      calls.push(Date.now());
      if (Date.now() < dueMs) timer.wakeBy(dueMs * MS);
    });
    timer.wakeBy(dueMs * MS);
    vi.advanceTimersByTime(61 * DAY_MS);
    expect(calls.length).toBe(3);
    expect(calls.at(-1)).toBe(dueMs);
  });

  it("sleeps whole milliseconds, none for what is past", () => {
    expect([-5, 0, 1, MS, MS + 1, 1e30, Infinity].map(sleepMs)).toEqual([0, 0, 1, 1, 2, 0x7fff_ffff, 0x7fff_ffff]);
  });
});
