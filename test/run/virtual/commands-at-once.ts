/** What an operator asks of many ports has its effect at once, told in the run's own time: how fast this machine is does not matter. */
import { beforeAll, describe, expect, it } from "vitest";
import type { OltCommand, OltEvent } from "../../../olt/index.ts";
import { prepareImages } from "../../../run/virtual/index.ts";
import { commandAll } from "../../../run/virtual/command.ts";
import { Simulation } from "../../../run/virtual/world.ts";
import { parseScenario } from "../../../scenarios/index.ts";

const MS = 1e6;
const SECOND = 1e9;
/** Whoever presses a button has no patience beyond this. */
const AT_ONCE_NS = SECOND;
const STEPS_MAX = 200;

interface Seen {
  timeNs: number;
  pon: number;
  event: OltEvent;
}

/** The tests, for so many ports with so many ONTs each. */
export function commandsAtOnce(pons: number, onts: number): void {
  const scenario = parseScenario(
    `
name: large
onts: ${onts}
pons: ${pons}
image: { bytes: 1000000, payload: none }
olt: { rateBytesPerSecond: 250000, canary: 2, wave: 4, soakMs: 3600000, runSeconds: 86400 }
`,
    "large.yaml",
  );

  const seen: Seen[] = [];
  let world: Simulation;

  const phasesOf = (fromNs: number): Seen[] =>
    seen.filter(({ timeNs, event }) => timeNs >= fromNs && event.type === "phase");
  const sections = (): number => world.ports.reduce((sum, port) => sum + port.olt!.status().counters.sections, 0);
  const letGo = (ns: number): void => void world.run(Infinity, world.nowNs + ns);

  /** Lets it go on until then. */
  function until(is: () => boolean, stepNs: number): void {
    for (let steps = 0; !is(); steps++) {
      expect(steps).toBeLessThan(STEPS_MAX);
      letGo(stepNs);
    }
  }

  /** Gives it, and says how long after it the journal of the last port had it. */
  function give(command: OltCommand): { fromNs: number; recordedNs: number; ports: number } {
    const fromNs = world.nowNs;
    expect(commandAll(world, command)).toEqual({ accepted: true });
    const found = seen.filter(({ timeNs, event }) => timeNs >= fromNs && event.type === "command");
    const told = found.filter(({ event }) => (event as { command: string }).command === command.kind);
    return { fromNs, recordedNs: Math.max(...told.map(({ timeNs }) => timeNs)) - fromNs, ports: told.length };
  }

  /** When the first event of a kind came after an instant, ns later. */
  function firstAfter(fromNs: number, is: (one: Seen) => boolean): number {
    for (let passedNs = 0; passedNs < 10 * SECOND; passedNs += 10 * MS) {
      const found = seen.find((one) => one.timeNs >= fromNs && is(one));
      if (found !== undefined) return found.timeNs - fromNs;
      letGo(10 * MS);
    }
    return Infinity;
  }

  beforeAll(() => {
    world = new Simulation(scenario, prepareImages(scenario), {
      observers: [{ olt: (timeNs, pon, _ont, event) => void seen.push({ timeNs, pon, event }) }],
    });
    until(() => sections() >= pons * 80, 100 * MS);
  });

  describe(`a command to ${pons * onts} ONTs`, () => {
    it("pauses: no section leaves from then on; and resumes", () => {
      const { recordedNs, ports } = give({ kind: "pause" });
      expect([recordedNs, ports]).toEqual([0, pons]);
      letGo(10 * MS);
      const sent = sections();
      letGo(5 * SECOND);
      expect(sections()).toBe(sent);
      const resumed = give({ kind: "resume" });
      expect([resumed.recordedNs, resumed.ports]).toEqual([0, pons]);
      letGo(100 * MS);
      expect(sections()).toBeGreaterThan(sent);
    });

    it("sets another rate", () => {
      const before = sections();
      letGo(300 * MS);
      const slow = sections() - before;
      const { recordedNs, ports } = give({ kind: "rate", bitsPerSecond: 4_000_000 });
      expect([recordedNs, ports]).toEqual([0, pons]);
      const from = sections();
      letGo(300 * MS);
      expect(sections() - from).toBeGreaterThan(1.5 * slow);
    });

    it("skips an ONT and takes it up again", () => {
      const { serial } = world.onts[pons * onts - 1].config;
      const skipped = give({ kind: "skip", serial });
      expect([skipped.recordedNs, skipped.ports]).toEqual([0, 1]);
      const isPhase = (wanted: (phase: string) => boolean) => (one: Seen) =>
        one.pon === pons - 1 && one.event.type === "phase" && one.event.onuId === onuId && wanted(one.event.phase);
      const { onuId } = world.onts[pons * onts - 1];
      expect(
        firstAfter(
          skipped.fromNs,
          isPhase((phase) => phase === "skipped"),
        ),
      ).toBeLessThan(AT_ONCE_NS);
      const retried = give({ kind: "retry", serial });
      expect([retried.recordedNs, retried.ports]).toEqual([0, 1]);
      expect(
        firstAfter(
          retried.fromNs,
          isPhase((phase) => phase !== "skipped"),
        ),
      ).toBeLessThan(AT_ONCE_NS);
    });

    it("releases the next wave of each port", () => {
      until(
        () => phasesOf(0).filter(({ event }) => (event as { phase: string }).phase === "soaking").length >= 2 * pons,
        SECOND,
      );
      until(() => !world.ports.some((port) => port.olt!.status().phase === "downloading"), SECOND);
      const { fromNs, recordedNs, ports } = give({ kind: "release" });
      expect([recordedNs, ports]).toEqual([0, pons]);
      letGo(AT_ONCE_NS);
      const begun = phasesOf(fromNs).filter(({ event }) => (event as { phase: string }).phase === "activating");
      expect(begun).toHaveLength(4 * pons);
    });

    it("aborts: all ports begin to take their ONTs back", () => {
      const { fromNs, recordedNs, ports } = give({ kind: "abort" });
      expect([recordedNs, ports]).toEqual([0, pons]);
      letGo(AT_ONCE_NS);
      expect(world.ports.every((port) => port.olt === null || port.olt.status().control.aborting)).toBe(true);
      expect(new Set(phasesOf(fromNs).map(({ pon }) => pon)).size).toBe(pons);
    });
  });
}
