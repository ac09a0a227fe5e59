/** An ONT that is too slow for the broadcast port loses frames, and only frames. */
import { describe, expect, it } from "vitest";
import { parseScenario } from "../../../scenarios/schema/load.ts";
import { prepareImages, Simulation } from "../../../run/virtual/index.ts";
import { RECEIVE_FRAMES_MAX } from "../../../pon/virtual/downstream.ts";

describe("an ONT that cannot keep up with the broadcast port", () => {
  // Two groups: the slow ONT hears the sections of the other one as well.
  const input = {
    onts: 3,
    image: { bytes: 60_000 },
    fleet: [
      { count: 2, slot: 0 },
      { slot: 1, sectionMicroseconds: 20_000 },
    ],
    olt: { instance: "group", windowSections: 4, sectionBytes: 30 },
  };

  it("keeps a bounded number of frames waiting; the rest is lost and counted, and the update goes on", () => {
    const scenario = parseScenario(JSON.stringify(input), "test");
    const simulation = new Simulation(scenario, prepareImages(scenario));
    const slow = simulation.onts[2];
    let waitingNs = 0;
    while (simulation.run(1)) waitingNs = Math.max(waitingNs, slow.busyNs - simulation.nowNs);
    expect(waitingNs).toBeGreaterThan(0.9 * RECEIVE_FRAMES_MAX * slow.frameNs);
    expect(waitingNs).toBeLessThanOrEqual((RECEIVE_FRAMES_MAX + 2) * slow.frameNs);
    expect(slow.dropped.get("receive queue full")).toBeGreaterThan(0);
    expect(simulation.onts[0].dropped.get("receive queue full")).toBeUndefined();
    expect(simulation.onts.map(({ core }) => core?.snapshot().state)).toEqual(["committed", "committed", "committed"]);
  });
});
