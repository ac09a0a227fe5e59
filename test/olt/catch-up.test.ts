/** Catch-up groups: late, returning and lossy ONTs share a pass, by the policy that is set; those that take windows in order only. */
import { describe, expect, it } from "vitest";
import type { OltConfig } from "../../olt/index.ts";
import { areCheaperAlone, isCatchUpDue, lossyWindowLimit, passCopies } from "../../olt/core/policy.ts";
import type { OntConfig } from "../../ont/index.ts";
import { createStream } from "../../pon/random.ts";
import { ms } from "../ont/bench.ts";
import { type Fleet, type FleetOptions, makeFleet } from "../support/fleet.ts";
import { copies, expectAllCommitted, passes } from "./hands.ts";

const catchUp = (change: Partial<OltConfig["catchUp"]> = {}): OltConfig["catchUp"] => ({
  when: "ended",
  waitNs: 30_000 * ms,
  onts: 128,
  ...change,
});

interface Joins extends FleetOptions {
  /** When further ONTs come, after the first four. */
  joinsNs: readonly number[];
}

/** Four ONTs from the beginning, and those who join: they boot for longer. */
function runWithJoins({ joinsNs, ...options }: Joins): Fleet {
  const fleet = makeFleet({
    imageBytes: 40_000,
    onts: 4 + joinsNs.length,
    ont: (index) => ({ placeAware: false, timing: bootingIn(BOOT_NS + (index < 4 ? 0 : joinsNs[index - 4])) }),
    ...options,
    // The run lasts until all have come.
    olt: { expectedOnts: 4, soakNs: 2000 * ms, ...options.olt },
  });
  fleet.pon.run();
  return fleet;
}

const BOOT_NS = 100 * ms;
const bootingIn = (bootNs: number): OntConfig["timing"] => ({ restartDelayNs: 10 * ms, bootNs, watchdogNs: 9000 * ms });
const together = [20, 21, 23, 26].map((at) => at * ms);
const apart = [25, 400, 800].map((at) => at * ms);

describe("ONTs that are late", () => {
  it("share one more pass", () => {
    const fleet = runWithJoins({ joinsNs: together });
    expectAllCommitted(fleet);
    expect(passes(fleet)).toEqual(["first 4", "catchUp 4"]);
    expect(copies(fleet)).toBe(2);
    expect(fleet.pon.olt.status().onts.some(({ leftGroup }) => leftGroup)).toBe(false);
  });

  it("are waited for, as long as they are known and away", () => {
    const fleet = runWithJoins({ joinsNs: apart });
    expectAllCommitted(fleet);
    expect(passes(fleet)).toEqual(["first 4", "catchUp 3"]);
  });

  it("are not waited for longer than the policy says", () => {
    const fleet = runWithJoins({ joinsNs: [...together, ...apart], olt: { catchUp: catchUp({ waitNs: 100 * ms }) } });
    expectAllCommitted(fleet);
    expect(passes(fleet)).toEqual(["first 4", "catchUp 5", "alone 1", "alone 1"]);
  });

  it("are not waited for by so many as the policy names", () => {
    const fleet = runWithJoins({ joinsNs: [...together, ...apart], olt: { catchUp: catchUp({ onts: 5 }) } });
    expectAllCommitted(fleet);
    expect(passes(fleet)).toEqual(["first 4", "catchUp 5", "catchUp 2"]);
  });

  it("are served alone where the policy says never, and in unicast mode", () => {
    const never = runWithJoins({ joinsNs: together, olt: { catchUp: catchUp({ when: "never" }) } });
    expectAllCommitted(never);
    expect(passes(never)).toEqual(["first 4", "alone 1", "alone 1", "alone 1", "alone 1"]);
    const unicast = runWithJoins({ joinsNs: together, olt: { mode: "unicast" } });
    expectAllCommitted(unicast);
    expect(copies(unicast)).toBe(8);
  });

  it("are served alone when there is but one", () => {
    const fleet = runWithJoins({ joinsNs: [30 * ms] });
    expect(passes(fleet)).toEqual(["first 4", "alone 1"]);
  });

  it("share a pass for each target instance, where sections name it", () => {
    const fleet = runWithJoins({ joinsNs: together, olt: { instance: "group" } });
    expectAllCommitted(fleet);
    expect(passes(fleet)).toEqual(["first 2", "first 2", "catchUp 2", "catchUp 2"]);
  });

  it("join a later stage of the rollout, together", () => {
    const fleet = runWithJoins({ joinsNs: together });
    const activating = fleet.pon.oltEvents.flatMap((event) =>
      event.type === "phase" && event.phase === "activating" ? [event.onuId] : [],
    );
    expect(activating).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    const order = fleet.pon.oltEvents.flatMap((event) =>
      event.type === "phase" ? [`${event.phase} ${event.onuId}`] : [],
    );
    expect(order.indexOf("activating 4")).toBeGreaterThan(order.indexOf("committed 3"));
    expect(order.indexOf("activating 7")).toBeLessThan(order.indexOf("committed 4"));
  });
});

describe("ONTs that come back from a power cut", () => {
  it("share one more pass", () => {
    const fleet = makeFleet({ onts: 8, imageBytes: 60_000, ont: () => ({ placeAware: false }) });
    const cuts = [1, 3, 4, 6];
    const cutNs = new Map<number, number>();
    fleet.pon.run(() => {
      const { nowNs, onts, olt } = fleet.pon;
      const next = cuts[cutNs.size];
      if (next !== undefined && olt.status().counters.windows > 3 + cutNs.size) {
        cutNs.set(next, nowNs);
        fleet.pon.powerOff(onts[next]);
      }
      for (const [index, atNs] of cutNs)
        if (!onts[index].powered && nowNs > atNs + 5 * ms) fleet.pon.powerOn(onts[index]);
      return false;
    });
    expectAllCommitted(fleet);
    expect(passes(fleet)).toEqual(["first 8", "catchUp 4"]);
    expect(copies(fleet)).toBe(2);
  });
});

describe("ONTs that lose much", () => {
  /** @param bad ONTs that lose 60 % of what is sent to them */
  function runWithBad(bad: number, seed: number): Fleet {
    const stream = createStream(seed, "bad");
    return makeFleet({
      onts: 40,
      imageBytes: 200_000,
      olt: { windowSections: 200 },
      link: { loses: (direction, onuId) => direction === "down" && onuId < bad && stream.nextFloat() < 0.6 },
    });
  }

  it("share their sections: three take little more than one", () => {
    const more = (bad: number): number => {
      let sum = 0;
      for (let seed = 1; seed <= 5; seed++) {
        const fleet = runWithBad(bad, seed);
        fleet.pon.run();
        expectAllCommitted(fleet);
        const left = fleet.pon.olt.status().onts.filter(({ leftGroup }) => leftGroup);
        expect(left.filter(({ onuId }) => onuId >= bad)).toEqual([]);
        sum += copies(fleet);
      }
      return sum / 5;
    };
    expect(more(3)).toBeLessThan(1.3 * more(1));
  });
});

describe("each pass", () => {
  it("is told with what it sent: together they are all that was sent", () => {
    const stream = createStream(5, "told");
    const fleet = runWithJoins({ joinsNs: [...together, ...apart], link: { loses: () => stream.nextFloat() < 0.05 } });
    expectAllCommitted(fleet);
    const { groups, counters, finishedNs } = fleet.pon.olt.status();
    expect(groups.reduce((sum, { payloadBytes }) => sum + payloadBytes, 0)).toBe(counters.sectionPayloadBytes);
    for (const { startNs, endNs } of groups) {
      expect(endNs).toBeGreaterThan(startNs);
      expect(endNs).toBeLessThan(finishedNs);
    }
  });
});

describe("any order of joins, cuts and losses", () => {
  it("ends with every ONT committed", () => {
    for (let seed = 1; seed <= 40; seed++) {
      const stream = createStream(seed, "order");
      const chance = stream.nextFloat() * 0.1;
      const at = (): number => Math.floor(stream.nextFloat() * 1500) * ms;
      const joinsNs = Array.from({ length: 4 }, at);
      const cuts = Array.from({ length: 5 }, () => ({
        index: Math.floor(stream.nextFloat() * 10),
        atNs: stream.nextFloat() < 0.5 ? at() : BOOT_NS + Math.floor(stream.nextFloat() * 100) * ms,
        state: "on",
      }));
      const policy = catchUp({
        when: stream.nextFloat() < 0.9 ? "ended" : "never",
        waitNs: stream.nextFloat() < 0.5 ? 0 : 500 * ms,
        onts: 1 + Math.floor(stream.nextFloat() * 8),
      });
      const fleet = makeFleet({
        onts: 10,
        imageBytes: 40_000,
        ont: (index) => ({ timing: bootingIn(BOOT_NS + (index < 6 ? 0 : joinsNs[index - 6])) }),
        olt: {
          expectedOnts: 6,
          catchUp: policy,
          instance: stream.nextFloat() < 0.8 ? "any" : "group",
          failureThreshold: 1,
          soakNs: 1000 * ms,
        },
        link: { loses: () => stream.nextFloat() < chance },
      });
      fleet.pon.run(() => {
        const { nowNs, onts } = fleet.pon;
        for (const cut of cuts) {
          const ont = onts[cut.index];
          if (cut.state === "on" && nowNs >= cut.atNs && ont.powered) {
            cut.state = "off";
            fleet.pon.powerOff(ont);
          } else if (cut.state === "off" && nowNs >= cut.atNs + 50 * ms) {
            cut.state = "back";
            if (!ont.powered) fleet.pon.powerOn(ont);
          }
        }
        return false;
      });
      for (const { phase, cause } of fleet.pon.olt.status().onts) {
        const isToldWhy = ["rolledBack", "failed"].includes(phase) && cause !== "";
        expect(phase === "committed" || isToldWhy, `seed ${seed}: ${phase} ${cause}`).toBe(true);
      }
    }
  });
});

describe("the policy", () => {
  it("begins when nobody is away, when enough wait, or when it has waited long enough", () => {
    const due = (waiting: number, away: number, waitedNs: number): boolean =>
      isCatchUpDue({ onts: 5, waitNs: 100 }, { waiting, away, waitedNs });
    expect([due(0, 0, 0), due(1, 1, 99), due(4, 1, 0)]).toEqual([false, false, false]);
    expect([due(1, 0, 0), due(5, 1, 0), due(1, 1, 100)]).toEqual([true, true, true]);
  });

  it("counts a pass for what the worst needs with parity, and for what all need without", () => {
    const shares = [0.6, 0.6, 0.1].map((loss) => ({ left: 1, loss }));
    expect(passCopies({ recovery: "parity" }, shares)).toBeCloseTo(2.5, 6);
    expect(passCopies({ recovery: "selective" }, [{ left: 1, loss: 0.5 }])).toBeCloseTo(2, 2);
    // Mean of the longest of three runs of tries.
    const three = Array.from({ length: 3 }, () => ({ left: 1, loss: 0.6 }));
    expect(passCopies({ recovery: "selective" }, three)).toBeCloseTo(4.09, 1);
  });

  it("lets those go alone who have so little left that a pass sends more", () => {
    const alone = (...left: number[]): boolean =>
      areCheaperAlone(
        { recovery: "parity" },
        left.map((share) => ({ left: share, loss: 0 })),
      );
    expect([alone(1), alone(0.5, 0.5), alone(0.1, 0.2, 0.3)]).toEqual([true, true, true]);
    expect([alone(1, 1), alone(0.5, 0.6), alone(1, 0.1)]).toEqual([false, false, false]);
    expect(
      areCheaperAlone({ recovery: "parity" }, [
        { left: 0.4, loss: 0.6 },
        { left: 0.4, loss: 0.6 },
      ]),
    ).toBe(true);
    expect(
      areCheaperAlone({ recovery: "parity" }, [
        { left: 0.9, loss: 0.6 },
        { left: 0.9, loss: 0.6 },
      ]),
    ).toBe(false);
  });

  it("shortens windows for those who lose much, so that parity completes them", () => {
    expect(lossyWindowLimit(240, 0)).toBe(240);
    for (const loss of [0.3, 0.5, 0.6, 0.8, 1]) {
      const sections = lossyWindowLimit(240, loss);
      expect(sections).toBeGreaterThanOrEqual(1);
      if (loss < 0.95) expect(((sections + 64) * (1 - loss)) / sections).toBeGreaterThan(1);
    }
  });
});
