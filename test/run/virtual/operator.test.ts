/** What a scenario lets an operator do, in virtual time: the same to the byte, whenever an OLT is killed in between. */
import { describe, expect, it } from "vitest";
import { commandAll } from "../../../run/virtual/command.ts";
import { prepareImages, simulate, Simulation } from "../../../run/virtual/index.ts";
import { parseScenario } from "../../../scenarios/index.ts";

const scenarioOf = (faults: readonly object[], olt: object = {}) =>
  parseScenario(
    JSON.stringify({
      onts: 6,
      image: { bytes: 200_000 },
      olt: { windowSections: 16, rateBytesPerSecond: 400_000, ...olt },
      faults,
    }),
    "operator.yaml",
  );
const outcomesOf = (faults: readonly object[]) => {
  const { result } = simulate(scenarioOf(faults));
  return { result, outcomes: result.ontResults.map(({ outcome, cause }) => `${outcome} ${cause}`.trim()) };
};

describe("an OLT that is killed in the middle", () => {
  it("costs no section again where nothing is lost: the next one goes on within the window", () => {
    const { sections } = simulate(scenarioOf([])).result.downstream;
    const { result } = outcomesOf([{ action: "killOlt", atSeconds: 0.3, offSeconds: 1 }]);
    expect(result.onts.committed).toBe(6);
    expect(result.downstream.sections).toBeLessThanOrEqual(sections + 1);
  });
});

describe("an operator in a scenario", () => {
  it("a pause costs its time, and nothing else", () => {
    const undisturbed = simulate(scenarioOf([])).result;
    const { result } = outcomesOf([{ action: "pause", atSeconds: 0.2, offSeconds: 100 }]);
    expect(result.onts.committed).toBe(6);
    expect(result.downstream.sections).toBe(undisturbed.downstream.sections);
    expect(result.timing.downloadSeconds).toBeCloseTo((undisturbed.timing.downloadSeconds ?? 0) + 100, 1);
    expect(result).toEqual(outcomesOf([{ action: "pause", atSeconds: 0.2, offSeconds: 100 }]).result);
  });

  it("an abort leaves the old images, and is no success", () => {
    const run = simulate(scenarioOf([{ action: "abort", atSeconds: 0.2 }]));
    expect(run.result.ontResults.map(({ outcome, cause }) => `${outcome} ${cause}`)).toEqual(
      Array.from({ length: 6 }, () => "failed aborted by the operator"),
    );
    expect(run.exitCode).toBe(1);
    expect(run.reasons.join()).toContain("aborted by the operator");
  });

  it("one that is skipped leaves, the others go on", () => {
    const { outcomes } = outcomesOf([{ action: "skip", onts: [2], atSeconds: 0.2 }]);
    expect(outcomes).toEqual(outcomes.map((_, ont) => (ont === 2 ? "skipped skipped by the operator" : "committed")));
  });

  it("what was asked of an OLT counts for the one that takes its place", () => {
    const { outcomes, result } = outcomesOf([
      { action: "skip", onts: [2], atSeconds: 0.1 },
      { action: "rate", bitsPerSecond: 800_000, atSeconds: 0.1 },
      { action: "killOlt", atSeconds: 0.2, offSeconds: 0.1 },
    ]);
    expect(outcomes[2]).toBe("skipped skipped by the operator");
    expect(result.onts.committed).toBe(5);
    // At 400 kB/s it would take half a second, and as long as there is no OLT.
    expect(result.timing.downloadSeconds).toBeGreaterThan(1.4);
  });
});

/** A simulation that has come as far as a port's first section. */
function underWay(faults: readonly object[] = [], pons = 1): Simulation {
  const scenario = { ...scenarioOf(faults), pons };
  const simulation = new Simulation(scenario, prepareImages(scenario));
  const hasBegun = (): boolean => (simulation.ports[0].olt?.status().counters.sections ?? 0) > 0;
  while (!hasBegun() && simulation.run(1));
  return simulation;
}

describe("an operator of a simulation that is under way", () => {
  it("skips an ONT by its ONU-ID, and an OLT that comes later is told of the same ONT", () => {
    const simulation = underWay([{ action: "killOlt", atSeconds: 0.1, offSeconds: 0.1 }]);
    const [port] = simulation.ports;
    while (port.olt !== null && simulation.run(1));
    const skipped = simulation.onts.find(({ assignedOnuId }) => assignedOnuId === 4)!;
    expect(commandAll(simulation, { kind: "skip", onuId: 100 })).toMatchObject({ accepted: false });
    expect(commandAll(simulation, { kind: "skip", onuId: 4 })).toEqual({ accepted: true });
    simulation.run();
    const phases = port.olt!.status().onts.map(({ serial, phase }) => [serial, phase]);
    expect(phases.filter(([, phase]) => phase === "skipped")).toEqual([[skipped.config.serial, "skipped"]]);
  });

  it("takes an ONT up again that was skipped, also while there is no OLT", () => {
    const simulation = underWay([{ action: "killOlt", atSeconds: 0.1, offSeconds: 0.1 }]);
    const [port] = simulation.ports;
    expect(commandAll(simulation, { kind: "skip", onuId: 4 })).toEqual({ accepted: true });
    while (port.olt !== null && simulation.run(1));
    expect(commandAll(simulation, { kind: "release" })).toMatchObject({ accepted: false });
    expect(commandAll(simulation, { kind: "retry", onuId: 4 })).toEqual({ accepted: true });
    simulation.run();
    expect(port.olt!.status().onts.map(({ phase }) => phase)).toEqual(Array.from({ length: 6 }, () => "committed"));
  });

  it("of several ports takes up the one that is named, at its own port", () => {
    const simulation = underWay([], 2);
    const { serial } = simulation.onts[8].config;
    commandAll(simulation, { kind: "skip", serial });
    const { reason } = commandAll(simulation, { kind: "retry", onuId: 1 }) as { reason?: string };
    expect(reason).toContain("name the ONT by its serial number");
    while (simulation.ports[1].olt!.status().onts.find((ont) => ont.serial === serial)!.phase !== "skipped")
      simulation.run(1);
    expect(commandAll(simulation, { kind: "retry", serial })).toEqual({ accepted: true });
    simulation.run();
    expect(simulation.ports[1].olt!.status().onts.every(({ phase }) => phase === "committed")).toBe(true);
  });

  for (const command of [{ kind: "abort" }, { kind: "skip", onuId: 4 }] as const)
    it(`gives ${command.kind} while there is no OLT: the next one takes back whom it finds on trial`, () => {
      const simulation = underWay([{ action: "killOlt", whenPhase: "soaking", offSeconds: 0.2 }]);
      const [port] = simulation.ports;
      while (port.olt !== null && simulation.run(1));
      const before = simulation.onts.map(({ activeSlot }) => activeSlot);
      expect(commandAll(simulation, command)).toEqual({ accepted: true });
      simulation.run();
      const { onts } = simulation;
      const isOut = (ont: (typeof onts)[number]) => command.kind === "abort" || ont.assignedOnuId === command.onuId;
      const wasOnTrial = onts.filter((ont) => isOut(ont) && before[ont.index] !== ont.plan.slot);
      expect(wasOnTrial.length).toBeGreaterThan(0);
      for (const ont of onts) expect(ont.activeSlot === ont.plan.slot).toBe(isOut(ont));
      expect(simulation.end).toBe("finished");
    });

  it("of several ports is told that a command was taken, and names ONTs by serial number", () => {
    const simulation = underWay([], 2);
    expect(simulation.command(0, { kind: "abort" })).toEqual({ accepted: true });
    expect(commandAll(simulation, { kind: "skip", onuId: 1 })).toMatchObject({ accepted: false });
    expect(commandAll(simulation, { kind: "abort" })).toEqual({ accepted: true });
    expect(commandAll(simulation, { kind: "abort" })).toMatchObject({ accepted: false });
  });
});
