/** An operator takes ONTs out of a run with a payload for each hardware: their own payload is taken back, the others' go on, and one that nobody is left for ends. */
import { describe, expect, it } from "vitest";
import { commandAll } from "../../../run/virtual/command.ts";
import { prepareImages, simulate, Simulation, type SimulatedRun } from "../../../run/virtual/index.ts";
import { parseScenario } from "../../../scenarios/index.ts";

/** ONTs 0 to 2 are ARM-1, 3 and 4 MIPS-1, 5 is X86-2. */
const scenarioOf = (faults: readonly object[], more: object = {}) =>
  parseScenario(
    JSON.stringify({
      onts: 6,
      image: {
        variants: [
          { hardware: ["ARM-1"], bytes: 400_000 },
          { hardware: ["MIPS-1"], bytes: 500_000 },
          { hardware: ["X86-1", "X86-2"], bytes: 300_000 },
        ],
      },
      fleet: [
        { count: 3, hardware: "ARM-1", version: "A-1" },
        { count: 2, hardware: "MIPS-1", version: "A-1" },
        { hardware: "X86-2", version: "A-1" },
      ],
      olt: { windowSections: 16, rateBytesPerSecond: 400_000 },
      faults,
      ...more,
    }),
    "payloads.yaml",
  );
const run = (faults: readonly object[], more?: object): SimulatedRun => simulate(scenarioOf(faults, more));
const outcomesOf = ({ result }: SimulatedRun): string[] =>
  result.ontResults.map(({ outcome, cause }) => `${outcome} ${cause}`.trim());
const versionsOf = ({ result }: SimulatedRun): string[] => result.ontResults.map(({ version }) => version);
const passesOf = ({ result }: SimulatedRun): string[] =>
  result.groups.map(({ payload, onts, why }) => `${onts} ${payload}, ${why}`);

const SKIPPED = "skipped skipped by the operator";
const ABORTED = "failed aborted by the operator";
const OLD = "A-1";
const undisturbed = run([]);
const [{ version: NEW }] = undisturbed.result.ontResults;
/** In the middle of the download of a payload, where nothing disturbs it; they go one behind the other. */
const midOf = (payload: string): number => {
  const { startSeconds, endSeconds } = undisturbed.result.groups.find((group) => group.payload === payload)!;
  return (startSeconds + endSeconds!) / 2;
};

describe("payloads by hardware", () => {
  it("go one behind the other, to whom they are for", () => {
    expect(undisturbed.reasons).toEqual([]);
    expect(passesOf(undisturbed)).toEqual([
      "3 image ARM-1, first",
      "2 image MIPS-1, first",
      "1 image X86-1/X86-2, first",
    ]);
  });

  it("an abort in the second: who has the first keeps it in reserve, nobody gets the others", () => {
    const done = run([{ action: "abort", atSeconds: midOf("image MIPS-1") }]);
    const stored = "stored not activated: aborted by the operator";
    expect(outcomesOf(done)).toEqual([stored, stored, stored, ABORTED, ABORTED, ABORTED]);
    expect(versionsOf(done)).toEqual(Array.from({ length: 6 }, () => OLD));
    // What had come of it has taken the place of no image: the old one is active and committed, in the other instance.
    for (const ont of [3, 4]) {
      const { activeInstance, committedInstance, sha256 } = done.result.ontResults[ont];
      const updated = undisturbed.result.ontResults[ont];
      expect([activeInstance, committedInstance]).toEqual([
        1 - updated.activeInstance!,
        1 - updated.committedInstance!,
      ]);
      expect(sha256).not.toBe(updated.sha256);
    }
    const [arm, mips, x86] = done.result.groups;
    expect(arm.copies).toBe(1);
    expect(mips.copies).toBeLessThan(undisturbed.result.groups[1].copies);
    expect(x86.copies).toBe(0);
  });

  it("one that is taken out of its group stops neither that group nor the others", () => {
    const done = run([{ action: "skip", onts: [4], atSeconds: midOf("image MIPS-1") }]);
    expect(outcomesOf(done)).toEqual(["committed", "committed", "committed", "committed", SKIPPED, "committed"]);
    expect(passesOf(done)).toEqual(passesOf(undisturbed));
    expect(done.result.downstream.sections).toBe(undisturbed.result.downstream.sections);
  });

  it("a group that all have been taken out of ends there, and the next one begins", () => {
    const done = run([{ action: "skip", onts: [0, 1, 2], atSeconds: midOf("image ARM-1") }]);
    expect(outcomesOf(done)).toEqual([SKIPPED, SKIPPED, SKIPPED, "committed", "committed", "committed"]);
    expect(versionsOf(done)).toEqual([OLD, OLD, OLD, NEW, NEW, NEW]);
    const [arm, mips] = done.result.groups;
    expect(arm.copies).toBeLessThan(0.75);
    expect(mips.startSeconds).toBeCloseTo(midOf("image ARM-1"), 1);
    expect(done.result.downstream.sections).toBeLessThan(undisturbed.result.downstream.sections);
  });

  it("all that a payload is for are taken out before its turn: nothing of it is sent", () => {
    const done = run([{ action: "skip", onts: [3, 4], atSeconds: midOf("image ARM-1") }]);
    expect(outcomesOf(done)).toEqual(["committed", "committed", "committed", SKIPPED, SKIPPED, "committed"]);
    expect(passesOf(done)).toEqual(["3 image ARM-1, first", "1 image X86-1/X86-2, first"]);
  });

  it("everybody is taken out: the run ends, with the old image everywhere", () => {
    const done = run([{ action: "skip", onts: [0, 1, 2, 3, 4, 5], atSeconds: midOf("image ARM-1") }]);
    expect(outcomesOf(done)).toEqual(Array.from({ length: 6 }, () => SKIPPED));
    expect(versionsOf(done)).toEqual(Array.from({ length: 6 }, () => OLD));
    expect(done.exitCode).toBe(1);
  });

  it("one that was taken out and is taken up again is sent the payload of its own hardware", () => {
    const scenario = scenarioOf([]);
    const simulation = new Simulation(scenario, prepareImages(scenario));
    const [{ olt }] = simulation.ports;
    const phaseOf = (serial: string): string => olt!.status().onts.find((ont) => ont.serial === serial)!.phase;
    const { serial } = simulation.onts[5].config;
    while (olt!.status().onts.filter(({ phase }) => phase === "downloading").length === 0 && simulation.run(1));
    expect(commandAll(simulation, { kind: "skip", serial })).toEqual({ accepted: true });
    while (phaseOf(serial) !== "skipped" && simulation.run(1));
    expect(commandAll(simulation, { kind: "retry", serial })).toEqual({ accepted: true });
    simulation.run();
    expect(olt!.status().onts.map(({ phase }) => phase)).toEqual(Array.from({ length: 6 }, () => "committed"));
    expect(
      olt!
        .status()
        .groups.map(({ onts }) => onts)
        .toSorted((a, b) => a - b),
    ).toEqual([1, 2, 3]);
  });
});

describe("a payload that no ONT is there for", () => {
  it("is neither planned nor sent, and costs nothing", () => {
    const fleet = [
      { count: 4, hardware: "ARM-1", version: OLD },
      { hardware: "X86-1", version: OLD },
    ];
    const done = run([], { fleet });
    expect(done.reasons).toEqual([]);
    expect(passesOf(done)).toEqual(["4 image ARM-1, first", "2 image X86-1/X86-2, first"]);
    expect(done.result.plan?.payloads.map(({ name, onts }) => [name, onts])).toEqual([
      ["image ARM-1", 4],
      ["image X86-1/X86-2", 2],
    ]);
    const [arm, , x86] = undisturbed.result.groups;
    expect(done.result.downstream.imageCopies).toBeCloseTo(arm.copies + x86.copies, 6);
  });

  it("is there for one that comes late", () => {
    const fleet = [
      { count: 5, hardware: "ARM-1", version: OLD },
      { hardware: "MIPS-1", version: OLD, joinAtSeconds: 30 },
    ];
    const done = run([], { fleet });
    expect(done.reasons).toEqual([]);
    expect(done.result.ontResults.map(({ payload }) => payload)).toEqual([
      ...Array.from({ length: 5 }, () => "image ARM-1"),
      "image MIPS-1",
    ]);
    expect(versionsOf(done)).toEqual(Array.from({ length: 6 }, () => NEW));
  });
});
