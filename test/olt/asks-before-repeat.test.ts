/** Towards devices that nobody knows: a window is sent again to who shows that it did not get it, or did not answer. */
import { describe, expect, it } from "vitest";
import { ms } from "../ont/bench.ts";
import { makeFleet, oltConfig } from "../support/fleet.ts";
import { expectAllCommitted } from "./hands.ts";

const RTT_MS = 300;
const isWindowAnswer = (direction: string, pdu: Uint8Array): boolean => direction === "up" && pdu[2] === 0x34;

/** Answers take three times as long as the OLT waits at most. */
function slowFleet(asksBeforeRepeat: boolean, loses: (direction: string, pdu: Uint8Array) => boolean = () => false) {
  const limits = { ...oltConfig().limits, answerTimeoutNs: 100 * ms, sendsMax: 8 };
  const fleet = makeFleet({
    onts: 2,
    imageBytes: 9000,
    olt: { mode: "unicast", resume: false, asksBeforeRepeat, limits },
    ont: () => ({ recoveryAware: false }),
    link: { latencyNs: (RTT_MS / 2) * ms, loses: (direction, _onuId, pdu) => loses(direction, pdu) },
  });
  fleet.pon.run();
  expectAllCommitted(fleet);
  return fleet.pon.olt.status().counters;
}

describe("an OLT that asks before it repeats", () => {
  it("sends no window again to ONTs that are only slow", () => {
    expect(slowFleet(true).repairSections).toBe(0);
    expect(slowFleet(false).repairSections).toBeGreaterThan(0);
  });

  it("sends it again where an answer was lost, once", () => {
    let lost = 0;
    const { repairSections } = slowFleet(true, (direction, pdu) => isWindowAnswer(direction, pdu) && lost++ === 0);
    expect(lost).toBeGreaterThan(0);
    expect(repairSections).toBe(32);
  });

  it("gives up on one that answers nothing any more", () => {
    const limits = { ...oltConfig().limits, answerTimeoutNs: 100 * ms, returnWaitNs: 1000 * ms };
    let isSilent = false;
    const fleet = makeFleet({
      onts: 1,
      olt: { mode: "unicast", resume: false, asksBeforeRepeat: true, limits },
      link: {
        latencyNs: ms,
        loses: (direction, _onuId, pdu) => (isSilent ||= isWindowAnswer(direction, pdu)),
      },
    });
    fleet.pon.run();
    expect(fleet.pon.olt.status().onts.map(({ phase }) => phase)).toEqual(["failed"]);
    expect(fleet.pon.olt.status().counters.repairSections).toBe(0);
  });
});
