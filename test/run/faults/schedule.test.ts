/** A scenario's faults without a clock: what strikes whom, and when. */
import { describe, expect, it } from "vitest";
import type { OltEvent, OntPhase } from "../../../olt/core/types.ts";
import { drawnFaults } from "../../../run/faults/random-cuts.ts";
import { FaultSchedule } from "../../../run/faults/schedule.ts";
import { parseScenario } from "../../../scenarios/index.ts";

function scheduleOf(faults: string, size = { onts: 3, pons: 1 }): FaultSchedule {
  return new FaultSchedule(parseScenario(`{ onts: 3, faults: [${faults}] }`, "faults.yaml").faults, size);
}

const phase = (name: OntPhase): OltEvent => ({ type: "phase", onuId: 0, phase: name, cause: "" });

/** What a strike does, a line each. */
function done(schedule: FaultSchedule, strike: { fault: number; target: number }): string[] {
  const lines: string[] = [];
  schedule.carryOut(strike, {
    cutOnt: (ont, offNs) => lines.push(`ONT ${ont} ${offNs}`),
    killOlt: (pon, offNs) => lines.push(`OLT ${pon} ${offNs}`),
    command: (pon, { kind }) => lines.push(`${kind} ${pon}`),
    skip: (ont) => lines.push(`skip ${ont}`),
  });
  return lines;
}

describe("faults by the clock", () => {
  const timed = "{ atSeconds: 0.5, action: powerCycle, onts: [2], offSeconds: 1 }, { atSeconds: 2, action: killOlt }";

  it("count from the first Start, once", () => {
    const schedule = scheduleOf(timed);
    expect(schedule.handleOltEvent(5, 0, 0, phase("discovering"))).toEqual([]);
    expect(schedule.handleOltEvent(1e9, 0, -1, phase("starting"))).toEqual([
      { atNs: 1.5e9, fault: 0, target: -1 },
      { atNs: 3e9, fault: 1, target: -1 },
    ]);
    expect(schedule.handleOltEvent(2e9, 0, 1, phase("starting"))).toEqual([]);
    expect(schedule.handleFirstStart(3e9)).toEqual([]);
  });

  it("a pause has an end", () => {
    const schedule = scheduleOf(
      "{ atSeconds: 1, action: skip, onts: [1] }, { atSeconds: 2, action: pause, offSeconds: 3 }",
    );
    const strikes = schedule.handleFirstStart(0);
    expect(strikes.map(({ atNs }) => atNs)).toEqual([1e9, 2e9, 5e9]);
    expect(strikes.flatMap((strike) => done(schedule, strike))).toEqual(["skip 1", "pause 0", "resume 0"]);
  });

  it("strike whom they name", () => {
    const schedule = scheduleOf(timed, { onts: 6, pons: 2 });
    expect(done(schedule, { fault: 0, target: -1 })).toEqual(["ONT 2 1000000000"]);
    expect(done(schedule, { fault: 1, target: -1 })).toHaveLength(2);
  });

  it("that name no ONT are for all", () => {
    const schedule = scheduleOf("{ atSeconds: 1, action: powerCycle, offSeconds: 0.25 }");
    expect(done(schedule, { fault: 0, target: -1 })).toEqual([0, 1, 2].map((ont) => `ONT ${ont} 250000000`));
  });
});

describe("faults by phase", () => {
  it("strike each ONT that comes into it, once", () => {
    const schedule = scheduleOf("{ whenPhase: downloading, action: powerCycle }");
    const downloading = phase("downloading");
    expect(schedule.handleOltEvent(7, 0, 1, downloading)).toEqual([{ atNs: 7, fault: 0, target: 1 }]);
    expect(schedule.handleOltEvent(8, 0, 1, downloading)).toEqual([]);
    expect(schedule.handleOltEvent(9, 0, 2, downloading)).toEqual([{ atNs: 9, fault: 0, target: 2 }]);
    expect(schedule.handleOltEvent(9, 0, -1, downloading)).toEqual([]);
    expect(done(schedule, { fault: 0, target: 1 })[0]).toMatch(/^ONT 1 /);
  });

  it("pass by an ONT they do not name, and kill an OLT once", () => {
    const named = "{ whenPhase: downloading, action: powerCycle, onts: [1] }";
    const schedule = scheduleOf(`${named}, { whenPhase: downloading, action: killOlt }`, { onts: 6, pons: 2 });
    expect(schedule.handleOltEvent(1, 1, 4, phase("downloading"))).toEqual([{ atNs: 1, fault: 1, target: 1 }]);
    expect(schedule.handleOltEvent(2, 0, 1, phase("downloading"))).toEqual([{ atNs: 2, fault: 0, target: 1 }]);
    expect(done(schedule, { fault: 1, target: 1 })[0]).toMatch(/^OLT 1 /);
  });
});

describe("faults at random moments", () => {
  const drawn = (seed: number, onts = 50) => {
    const faults =
      "faults: [{ everySeconds: 100, action: powerCycle, offSeconds: 2 }, { atSeconds: 1, action: killOlt }]";
    return drawnFaults(
      parseScenario(`{ onts: ${onts}, seed: ${seed}, olt: { runSeconds: 1000 }, ${faults} }`, "a.yaml"),
    );
  };

  it("are as far apart in the mean as is said, of each ONT on its own, as long as the run may last", () => {
    const cuts = drawn(1).filter(({ action }) => action === "powerCycle");
    // 50 ONTs, 1,000 s, one in 100 s: 500, with a deviation of 22.
    expect(Math.abs(cuts.length - 500)).toBeLessThan(90);
    expect(new Set(cuts.map(({ onts }) => onts.join(","))).size).toBe(50);
    expect(cuts.every(({ atSeconds, offSeconds }) => atSeconds! > 0 && atSeconds! <= 1000 && offSeconds === 2)).toBe(
      true,
    );
  });

  it("follow the seed, and one more ONT changes nothing about the others", () => {
    expect(drawn(1)).toEqual(drawn(1));
    expect(drawn(2)).not.toEqual(drawn(1));
    expect(drawn(1, 51)).toEqual(expect.arrayContaining(drawn(1)));
  });

  it("leave other faults as they are", () => {
    expect(drawn(1).filter(({ action }) => action === "killOlt")).toMatchObject([{ atSeconds: 1, action: "killOlt" }]);
  });
});
