/** 2,048 agents through a whole update, in virtual time. */
import { expect, it } from "vitest";
import { AgentFleet } from "../../../ont/agent/virtual/index.ts";
import { second } from "./bench.ts";
import { depotWith, MIB, options } from "./fleets.ts";

it("of 2,048 has its update", () => {
  const depot = depotWith(16 * MIB);
  const fleet = new AgentFleet(options({ devices: 2048, depot }));
  fleet.runUntil(6 * 3600 * second, () => fleet.committed === 2048);
  const report = fleet.report();
  expect(report.committed).toBe(2048);
  // 32 GiB by 125 MiB/s, and what comes before and after.
  expect(report.seconds100).toBeGreaterThan(262);
  expect(report.seconds100).toBeLessThan(262 + 300 + 120);
  expect(report.bulkBytes).toBe(2048 * 16 * MIB);
  expect(report.peakBytesPerSecond).toBeLessThanOrEqual(125 * MIB * 1.0001);
});
