/** Edges of what the OLT decides: when silence counts, when a pass begins, how large stages are, what room parity has. */
import { describe, expect, it } from "vitest";
import { CODE_POINTS } from "../../base/kernel/index.ts";
import { unionOf } from "../../olt/core/course.ts";
import { Pacer } from "../../olt/core/pacer.ts";
import { PausableClock } from "../../olt/core/pausable-clock.ts";
import {
  BUDGET_BURST_NS,
  countsAsSilent,
  isCatchUpDue,
  parityWindowLimit,
  proactiveRows,
  stageSize,
} from "../../olt/core/policy.ts";

describe("an ONT counts as silent", () => {
  const limits = { sendsMax: 3, answerTimeoutNs: 100 };

  it("with the last of its sends, and not before two deadlines have passed", () => {
    expect(countsAsSilent(3, 200, limits)).toBe(true);
    expect(countsAsSilent(2, 1000, limits)).toBe(false);
    expect(countsAsSilent(9, 199, limits)).toBe(false);
    expect(countsAsSilent(3, 200, limits, 1)).toBe(false);
  });
});

describe("a catch-up group begins", () => {
  const due = (waiting: number, away: number, waitedNs: number): boolean =>
    isCatchUpDue({ onts: 3, waitNs: 10 }, { waiting, away, waitedNs });

  it("when nobody is away, when it is full, or when it has waited; never without anybody", () => {
    expect(due(1, 0, 0)).toBe(true);
    expect([due(2, 1, 9), due(3, 1, 0), due(2, 1, 10)]).toEqual([false, true, true]);
    expect(due(0, 0, 99)).toBe(false);
  });
});

describe("a stage of the rollout", () => {
  it("is the canary at first, then a wave, then all", () => {
    expect([0, 1, 2].map((done) => stageSize({ canary: 2, wave: 5 }, done, 50))).toEqual([2, 5, 5]);
    expect([0, 1].map((done) => stageSize({ canary: 2, wave: 0 }, done, 50))).toEqual([2, 50]);
    expect(stageSize({ canary: 0, wave: 0 }, 0, 50)).toBe(50);
  });
});

describe("parity", () => {
  it("never has more rows than the code has behind the window", () => {
    for (const sections of [1, 64, 224, 240, 250, 255, 256])
      for (const proactive of [0, 16, 64, "auto"] as const)
        expect(sections + proactiveRows({ proactive, windowSections: 256 }, sections, 200)).toBeLessThanOrEqual(
          CODE_POINTS,
        );
  });

  it("has room behind a full window: for what the worst loses, and some more", () => {
    expect(parityWindowLimit(256, undefined)).toBe(192);
    expect(parityWindowLimit(256, 0)).toBe(240);
    expect(parityWindowLimit(256, 20)).toBe(220);
    expect(parityWindowLimit(100, 20)).toBe(100);
  });
});

describe("the budget", () => {
  it("that is not used is saved for a moment only", () => {
    const pacer = new Pacer(1e9);
    pacer.spend(pacer.allowance(0));
    expect(pacer.allowance(BUDGET_BURST_NS / 2)).toBeCloseTo(BUDGET_BURST_NS / 2);
    expect(pacer.allowance(3600e9)).toBe(BUDGET_BURST_NS);
  });
});

describe("times of a run with a pause", () => {
  it("are those of the core until it begins, and later by its length behind that", () => {
    const clock = new PausableClock();
    clock.pause(100);
    clock.resume(150);
    expect([99, 100, 101].map((coreNs) => clock.toRun(coreNs))).toEqual([99, 100, 151]);
    expect(clock.toCore(160)).toBe(110);
    expect(clock.dueNs(110)).toBe(160);
  });
});

describe("what several ONTs lack", () => {
  it("is all that one of them lacks, near stretches as one", () => {
    expect(unionOf([[{ from: 0, to: 100 }], [{ from: 10, to: 50 }]])).toEqual([{ from: 0, to: 100 }]);
    expect(unionOf([[{ from: 300, to: 400 }], [{ from: 0, to: 100 }]])).toEqual([
      { from: 0, to: 100 },
      { from: 300, to: 400 },
    ]);
    expect(unionOf([[{ from: 0, to: 100 }], [{ from: 164, to: 200 }]])).toEqual([{ from: 0, to: 200 }]);
  });
});
