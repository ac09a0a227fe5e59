/** Copies of a window that are still on their way do no harm to what follows. */
import { describe, expect, it } from "vitest";
import type { RefusalCause } from "../../image/index.ts";
import { createStream } from "../../pon/random.ts";
import { ms } from "../ont/bench.ts";
import { CrcVerifier } from "../ont/images.ts";
import { committedBytes, makeFleet, oltConfig } from "../support/fleet.ts";

const limits = (change: object) => ({ ...oltConfig().limits, ...change });
const outcomes = ({ pon }: ReturnType<typeof makeFleet>): string[] =>
  pon.olt.status().onts.map(({ phase, cause }) => `${phase} ${cause}`.trim());

const isSection = (pdu: Uint8Array): boolean => (pdu[2] & 0x1f) === 20;
const asksForAnswer = (pdu: Uint8Array): boolean => (pdu[2] & 0x40) !== 0;

describe("copies of a window that nobody needs any more", () => {
  it("do not follow the group into the next windows", () => {
    // Sections are sent again to all, and, to the one that cannot tell what it misses, the whole window alone: slowly, so
    // that most of it would still wait when the group is windows ahead, and pass for sections that get lost there.
    for (let seed = 1; seed <= 20; seed++) {
      const stream = createStream(seed, "loss");
      const fleet = makeFleet({
        onts: 2,
        imageBytes: 20_000,
        olt: { recovery: "selective", rateBytesPerSecond: 15_000, windowSections: 8, patience: 20 },
        ont: (index) => ({ recoveryAware: index === 0, parityAware: index === 0 }),
        link: { loses: (direction, _onuId, pdu) => direction === "down" && isSection(pdu) && stream.nextFloat() < 0.1 },
      });
      fleet.pon.run();
      expect(outcomes(fleet), `seed ${seed}`).toEqual(["committed", "committed"]);
      for (const ont of fleet.pon.onts) expect(Buffer.compare(committedBytes(ont), fleet.image)).toBe(0);
    }
  });

  it("do not outlive the download of an ONT alone", () => {
    const fleet = makeFleet({
      onts: 1,
      imageBytes: 9000,
      olt: {
        mode: "unicast",
        rateBytesPerSecond: 40_000,
        limits: limits({ answerTimeoutNs: 60 * ms, sendsMax: 20 }),
      },
      link: { latencyNs: 60 * ms },
    });
    fleet.pon.run();
    expect(outcomes(fleet)).toEqual(["committed"]);
    const [ont] = fleet.pon.onts;
    expect(Buffer.compare(committedBytes(ont), fleet.image)).toBe(0);
    // Of the last window, no section leaves once the End has left.
    const { downstream } = fleet.pon;
    const end = downstream.findIndex(({ pdu }) => (pdu[2] & 0x1f) === 21);
    expect(end).toBeGreaterThan(0);
    expect(downstream.slice(end).filter(({ pdu }) => isSection(pdu))).toEqual([]);
    expect(fleet.pon.olt.status().counters.repairSections).toBeGreaterThan(0);
  });
});

describe("a group", () => {
  it("does not wait for the answer of a member that refused the image meanwhile", () => {
    // Answers take twice the deadline: the member is asked for what it misses while its refusal is on its way.
    class LateVerifier extends CrcVerifier {
      override update(bytes: Uint8Array): RefusalCause | undefined {
        super.update(bytes);
        return this.parts.length > 1 ? "untrusted-signature" : undefined;
      }
    }
    const fleet = makeFleet({
      onts: 2,
      olt: { limits: limits({ answerTimeoutNs: 100 * ms, sendsMax: 20 }) },
      ont: () => ({ createVerifier: (options) => new LateVerifier(options) }),
      link: { latencyNs: 100 * ms },
    });
    fleet.pon.run();
    for (const outcome of outcomes(fleet)) expect(outcome).toMatch(/^failed window \d refused: processing error/);
    expect(fleet.pon.nowNs).toBeLessThan(600_000 * ms);
  });
});

describe("a window that does not get through", () => {
  it("ends a download alone after a limited number of tries, also where the ONT answers everything else", () => {
    const fleet = makeFleet({
      onts: 1,
      olt: { recovery: "selective" },
      link: { loses: (direction, _onuId, pdu) => direction === "down" && isSection(pdu) && asksForAnswer(pdu) },
    });
    fleet.pon.run();
    expect(outcomes(fleet)).toEqual(["failed window 0 does not get through, after 3 restarts"]);
    expect(fleet.pon.nowNs).toBeLessThan(600_000 * ms);
  });
});
