/** Fleets in virtual time: how they share, how evenly they come, what a day of polls leaves behind. */
import { describe, expect, it } from "vitest";
import { AgentFleet } from "../../../ont/agent/virtual/index.ts";
import { SharedLink } from "../../../ont/road/virtual/index.ts";
import { second } from "./bench.ts";
import { depotWith, MIB, options } from "./fleets.ts";

describe("the shared link", () => {
  it("gives each what it may take, and of the rest an equal part", () => {
    const link = new SharedLink(100);
    link.add(0, 1, 10, 10);
    link.add(0, 2, 1000, 90);
    link.add(0, 3, 1000, 45);
    // 10 for the first, 45 for each of the others.
    expect(link.nextNs()).toBe(second);
    expect(new Set(link.through(second))).toEqual(new Set([1, 3]));
    expect(link.nextNs()).toBe(second + 0.45 * second);
    expect(link.through(1.45 * second)).toEqual([2]);
    expect([link.open, Math.round(link.carriedBytes), link.peakBytesPerSecond]).toEqual([0, 145, 100]);
  });

  it("lets the others have what somebody leaves", () => {
    const link = new SharedLink(100);
    link.add(0, 1, Infinity, 100);
    link.add(0, 2, Infinity, 100);
    link.remove(second, 1);
    expect(link.nextNs()).toBe(1.5 * second);
  });
});

describe("a fleet", () => {
  it("shares the depot's rate, each within its own limit", () => {
    const depot = depotWith(4 * MIB);
    const fleet = new AgentFleet(options({ devices: 64, depot, headendBytesPerSecond: 8 * MIB }));
    fleet.runUntil(6 * 3600 * second, () => fleet.committed === 64);
    const report = fleet.report();
    expect(report.bulkBytes).toBe(64 * 4 * MIB);
    expect(report.peakBytesPerSecond).toBeCloseTo(8 * MIB, -3);
    // 256 MiB by 8 MiB/s, and at most the pause of a poll, a boot, and the poll that confirms it.
    expect(report.seconds100).toBeGreaterThan(32);
    expect(report.seconds100).toBeLessThan(300 + 32 + 60);
  });

  it("of agents that wait polls evenly, and leaves nothing behind in a day", () => {
    const depot = depotWith(1000);
    depot.isOffered = false;
    const fleet = new AgentFleet(options({ devices: 256, depot }));
    fleet.runUntil(2 * 3600 * second);
    const waiting = fleet.waiting;
    fleet.runUntil(24 * 3600 * second);
    const { arrivals, polls } = fleet.report();
    // One event for each agent's timer, and what is on its way.
    expect(Math.abs(fleet.waiting - waiting)).toBeLessThan(32);
    expect(polls / (256 * 288)).toBeGreaterThan(0.97);
    // By the hour, as 256 agents are too few for an even minute.
    for (let hour = 1; hour < 24; hour++) {
      const count = arrivals.slice(hour * 60, hour * 60 + 60).reduce((sum, each) => sum + each, 0);
      expect(count / (256 * 12)).toBeGreaterThan(0.8);
      expect(count / (256 * 12)).toBeLessThan(1.2);
    }
  });
});
