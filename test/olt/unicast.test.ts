/** Downloads of ONTs that are slow, short of memory, or refuse the image: none goes on without end. */
import { describe, expect, it } from "vitest";
import { decodeMessage, RECOVERY } from "../../omci/index.ts";
import { parseScenario } from "../../scenarios/schema/load.ts";
import { simulate } from "../../run/virtual/index.ts";
import { ms } from "../ont/bench.ts";
import { addOnt, committedBytes, makeFleet, oltConfig } from "../support/fleet.ts";
import { expectAllCommitted } from "./hands.ts";

const limits = (change: object) => ({ ...oltConfig().limits, ...change });

describe("unicast download", () => {
  it("sends a refused window under new TCIs only when no copy of it is on its way any more", () => {
    // Answers take twice the deadline, so that copies follow each other; the first lacks a section, the next completes it.
    let isLost = false;
    const fleet = makeFleet({
      onts: 1,
      imageBytes: 9_000,
      olt: { mode: "unicast", limits: limits({ answerTimeoutNs: 100 * ms, sendsMax: 20 }) },
      ont: () => ({ recoveryAware: false }),
      link: {
        latencyNs: 100 * ms,
        loses: (direction, _onuId, pdu) => {
          const isSection = direction === "down" && (pdu[2] & 0x1f) === 20;
          if (isLost || !isSection || pdu[10] !== 3) return false;
          isLost = true;
          return true;
        },
      },
    });
    fleet.pon.run();
    const [ont] = fleet.pon.onts;
    expect(isLost).toBe(true);
    expect(fleet.pon.olt.status().onts.map(({ phase, cause }) => `${phase} ${cause}`)).toEqual(["committed "]);
    expect(ont.events.filter(({ type }) => type === "windowRefused").length).toBeGreaterThan(0);
    expect(ont.events.filter(({ type }) => type === "windowAccepted")).toHaveLength(3);
    expect(Buffer.compare(committedBytes(ont), fleet.image)).toBe(0);
  });

  it("learns that an ONT is slow, instead of burying it under copies of its windows", () => {
    const scenario = {
      onts: 2,
      image: { bytes: 12_000 },
      fleet: [{ count: 1 }, { recoveryAware: false, sectionMicroseconds: 4000 }],
      olt: { mode: "unicast", messageSet: "baseline", windowSections: 119 },
    };
    const { result, reasons } = simulate(parseScenario(JSON.stringify(scenario), "test"));
    expect(reasons).toEqual([]);
    // Four windows: the first of them is repeated until the OLT knows.
    const [, slow] = result.ontResults;
    expect(slow.outcome).toBe("committed");
    expect(result.downstream.sections).toBeLessThan(10 * 400);
    expect(slow.downloadSeconds).toBeLessThan(10);
  });
});

describe("in unicast mode an ONT", () => {
  const isAboutRecovery = (pdu: Uint8Array): boolean => {
    const decoded = decodeMessage(pdu);
    return decoded.ok && decoded.message.classId === RECOVERY;
  };

  it("is asked for nothing but plain G.988 where that is wanted", () => {
    const fleet = makeFleet({ onts: 1, olt: { mode: "unicast", resume: false } });
    fleet.pon.run();
    expectAllCommitted(fleet);
    expect(fleet.pon.downstream.filter(({ pdu }) => isAboutRecovery(pdu))).toEqual([]);
  });

  it("that stays silent to what plain G.988 does not have is served by plain G.988", () => {
    let questions = 0;
    const fleet = makeFleet({
      onts: 2,
      olt: { mode: "unicast" },
      link: {
        loses: (direction, onuId, pdu) =>
          direction === "down" && onuId === 1 && isAboutRecovery(pdu) && ++questions > 0,
      },
    });
    fleet.pon.run();
    expect(questions).toBeGreaterThan(1);
    expectAllCommitted(fleet);
    // The other one was told which image comes.
    const about = fleet.pon.downstream.filter(({ pdu }) => isAboutRecovery(pdu));
    expect(about.filter(({ to }) => to === 0).map(({ pdu }) => decodeMessage(pdu))).toMatchObject(
      ["getRequest", "getRequest", "setRequest"].map((type) => ({ message: { type } })),
    );
  });

  it("that is silent to everything is waited for", () => {
    const fleet = makeFleet({
      onts: 2,
      olt: { mode: "unicast", limits: limits({ returnWaitNs: 5000 * ms }) },
      link: {
        loses: (direction, onuId, pdu) => direction === "up" && onuId === 1 && (pdu[2] & 0x1f) === 9 && isDown(),
      },
    });
    let gets = 0;
    const isDown = (): boolean => ++gets > 4;
    fleet.pon.run();
    expect(fleet.pon.olt.status().onts.map(({ phase, cause }) => `${phase} ${cause}`.trim())).toEqual([
      "committed",
      "failed lost: did not answer and did not come back",
    ]);
  });
});

describe("an ONT without room for a whole window", () => {
  const impairments = [{ kind: "slowReceiver", framesPerSecond: 96_000, queueFrames: 9 }];

  // Of 64 sections the last is always lost, of 25 only some in the middle.
  for (const [recovery, windowSections] of [
    ["selective", 25],
    ["selective", 64],
    ["parity", 64],
    ["window", 25],
    ["window", 64],
    ["unicast", 64],
  ]) {
    it(`gets smaller ones than ${windowSections} sections, with recovery ${recovery}`, () => {
      const scenario = {
        onts: 1,
        image: { bytes: 4000 },
        // What was kept of a window is gone when it is refused: a repair finds nothing to add to.
        fleet: [{ quirk: "discards-partial-window", impairments }],
        olt: { recovery, messageSet: "baseline", windowSections, runSeconds: 60 },
      };
      const { result, reasons } = simulate(parseScenario(JSON.stringify(scenario), "test"));
      expect(reasons).toEqual([]);
      expect(result.ontResults[0].outcome).toBe("committed");
      expect(result.downstream.imageCopies).toBeLessThan(30);
    });
  }
});

describe("an ONT that always loses the same section of a window", () => {
  // The second takes more tries than one download has: it begins again, and goes on with the size it had come to.
  for (const [number, windowSections] of [
    [5, 32],
    [2, 256],
  ]) {
    it(`gets windows that end before section ${number}, from ${windowSections} on`, () => {
      const fleet = makeFleet({
        onts: 2,
        imageBytes: 30_000,
        olt: { recovery: "selective", windowSections },
        link: {
          loses: (direction, onuId, pdu) =>
            direction === "down" && onuId === 1 && (pdu[2] & 0x1f) === 20 && pdu[10] === number,
        },
      });
      fleet.pon.run();
      const { onts } = fleet.pon.olt.status();
      expect(onts.map(({ phase, cause }) => `${phase} ${cause}`)).toEqual(["committed ", "committed "]);
      expect(Buffer.compare(committedBytes(fleet.pon.onts[1]), fleet.image)).toBe(0);
    });
  }
});

describe("an image that ONTs refuse", () => {
  it("is not sent for ever, also where its signature comes in a later window", () => {
    const scenario = {
      onts: 2,
      image: { bytes: 5000, fault: "wrongKey" },
      fleet: [{ expect: "failed" }],
      olt: { mode: "unicast", messageSet: "baseline", windowSections: 2, runSeconds: 60 },
    };
    const { result, reasons } = simulate(parseScenario(JSON.stringify(scenario), "test"));
    expect(reasons).toEqual([]);
    for (const { cause } of result.ontResults)
      expect(cause).toMatch(
        /^window \d refused: processing error \(1\), after 3 restarts \(ONT: untrusted-signature\)$/,
      );
    // Four times; the window refused is tried in smaller ones before it counts as refused.
    expect(result.downstream.sections).toBeLessThan(300);
  });
});

describe("an OLT that is done", () => {
  it("takes no further ONT: it is the next one's", () => {
    const fleet = makeFleet({ onts: 2 });
    fleet.pon.run();
    expect(fleet.pon.olt.finished).toBe(true);
    addOnt(fleet.pon, 2, {});
    fleet.pon.olt.handleRanged(fleet.pon.nowNs, 2, "PCST00000002");
    expect(fleet.pon.olt.status().onts).toHaveLength(2);
    expect(fleet.pon.olt.nextTimeoutNs()).toBe(Infinity);
  });

  it("does not mind that an ONT goes", () => {
    const fleet = makeFleet({ onts: 2, olt: { activate: false } });
    fleet.pon.run();
    for (const ont of fleet.pon.onts) fleet.pon.powerOff(ont);
    expect(fleet.pon.olt.status().onts.map(({ phase, cause }) => `${phase} ${cause}`)).toEqual(["stored ", "stored "]);
    expect(fleet.pon.olt.status().phase).toBe("done");
  });
});
