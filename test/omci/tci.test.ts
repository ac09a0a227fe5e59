/** TCIs at the edges of their ranges: 0 is nobody's, each priority counts within its own half, groups keep to theirs. */
import { describe, expect, it } from "vitest";
import {
  GROUP_TCI_FIRST,
  GROUP_TCI_LAST,
  isHighPriority,
  nextWindowBase,
  tciAfter,
  windowBaseOf,
} from "../../omci/index.ts";

const [LOW_LAST, HIGH_FIRST, HIGH_LAST] = [0x7fff, 0x8000, 0xffff];

describe("TCIs", () => {
  it("are of high priority from 0x8000 on", () => {
    expect([1, LOW_LAST].map(isHighPriority)).toEqual([false, false]);
    expect([HIGH_FIRST, HIGH_LAST].map(isHighPriority)).toEqual([true, true]);
  });

  it("count on within their priority, and pass over 0", () => {
    expect(tciAfter(LOW_LAST - 1, 1)).toBe(LOW_LAST);
    expect(tciAfter(LOW_LAST, 1)).toBe(1);
    expect(tciAfter(LOW_LAST - 3, 255)).toBe(252);
    expect(tciAfter(HIGH_LAST - 1, 1)).toBe(HIGH_LAST);
    expect(tciAfter(HIGH_LAST, 1)).toBe(HIGH_FIRST);
  });

  it("lead from any section back to section 0 of its window, across the wrap as well", () => {
    for (const base of [1, 2, 100, LOW_LAST - 100, LOW_LAST, HIGH_FIRST, HIGH_LAST - 3, HIGH_LAST])
      for (const section of [0, 1, 3, 255]) expect(windowBaseOf(tciAfter(base, section), section)).toBe(base);
  });

  it("of a group's windows stay within its range, parity and all", () => {
    expect(nextWindowBase(1)).toBe(2);
    expect(nextWindowBase(GROUP_TCI_LAST - 257)).toBe(GROUP_TCI_LAST - 256);
    expect(nextWindowBase(GROUP_TCI_LAST - 256)).toBe(GROUP_TCI_FIRST);
    expect(nextWindowBase(GROUP_TCI_LAST)).toBe(GROUP_TCI_FIRST);
  });
});
