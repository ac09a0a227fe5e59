/** Fleets in virtual time: how they share, how evenly they come, how long a whole update takes, what a day of polls leaves behind. */
import { describe, expect, it } from "vitest";
import { AgentFleet, DepotModel, type FleetOptions, SharedLink } from "../../../ont/agent/virtual/index.ts";
import { ORIGIN, second } from "./bench.ts";
import { sha256Of } from "./store.ts";

const MIB = 1024 * 1024;

function depotWith(imageBytes: number): DepotModel {
  const bytes = new Uint8Array(imageBytes);
  return new DepotModel(ORIGIN, [{ filename: "image.bin", bytes, sha256: sha256Of(bytes), version: "2" }]);
}

const options = (change: Partial<FleetOptions> & Pick<FleetOptions, "depot">): FleetOptions => ({
  devices: 64,
  seed: 1,
  depotBytesPerSecond: 125 * MIB,
  agentBytesPerSecond: 4 * MIB,
  roundTripNs: 20_000_000,
  keepAliveNs: 5 * second,
  blockBytes: 512 * 1024,
  pollSeconds: 300,
  store: {
    eraseNs: second / 10,
    writeBytesPerSecond: 20 * MIB,
    verifyBytesPerSecond: 50 * MIB,
    recordNs: second / 1000,
    bootNs: 40 * second,
  },
  runs: { version: "1", sha256: "00" },
  ...change,
});

describe("the shared link", () => {
  it("gives each what it may take, and of the rest an equal part", () => {
    const link = new SharedLink(100);
    link.add(0, 1, 10, 10);
    link.add(0, 2, 1000, 90);
    link.add(0, 3, 1000, 45);
    // 10 for the first, 45 for each of the others.
    expect(link.nextNs()).toBe(second);
    expect(link.through(second).sort()).toEqual([1, 3]);
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
  it("of 2,048 has its update in less than ten seconds", () => {
    const depot = depotWith(16 * MIB);
    const fleet = new AgentFleet(options({ devices: 2048, depot }));
    const before = process.cpuUsage();
    fleet.runUntil(6 * 3600 * second, () => fleet.committed === 2048);
    const report = fleet.report();
    const { user } = process.cpuUsage(before);
    expect(report.committed).toBe(2048);
    // 32 GiB by 125 MiB/s, and what comes before and after.
    expect(report.seconds100).toBeGreaterThan(262);
    expect(report.seconds100).toBeLessThan(262 + 300 + 120);
    expect(report.bulkBytes).toBe(2048 * 16 * MIB);
    expect(report.peakBytesPerSecond).toBeLessThanOrEqual(125 * MIB * 1.0001);
    expect(user / 1e6).toBeLessThan(10);
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
