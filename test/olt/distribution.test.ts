/** Whole distributions by the cores alone: each mode and repair strategy ends with the right bytes. */
import { describe, expect, it } from "vitest";
import type { Recovery } from "../../olt/index.ts";
import { createStream } from "../../pon/random.ts";
import { makeFleet } from "../support/fleet.ts";
import { copies, expectAllCommitted } from "./hands.ts";

const lossy = (chance: number, seed: number) => {
  const stream = createStream(seed, "test");
  return () => stream.nextFloat() < chance;
};

describe("one image to several ONTs", () => {
  it("goes over the fibre once in multicast without loss", () => {
    const fleet = makeFleet();
    fleet.pon.run();
    expectAllCommitted(fleet);
    expect(copies(fleet)).toBe(1);
  });

  it("goes over the fibre once for each ONT in unicast", () => {
    const fleet = makeFleet({ olt: { mode: "unicast" } });
    fleet.pon.run();
    expectAllCommitted(fleet);
    expect(copies(fleet)).toBe(4);
  });

  for (const recovery of ["window", "selective", "parity", "unicast"] as Recovery[]) {
    for (const messageSet of ["baseline", "extended"] as const) {
      it(`survives 5 % loss both ways with recovery ${recovery}, ${messageSet}`, () => {
        const sectionBytes = messageSet === "baseline" ? 31 : 100;
        for (let seed = 1; seed <= 5; seed++) {
          const fleet = makeFleet({
            onts: 6,
            olt: { recovery, messageSet, sectionBytes },
            link: { loses: lossy(0.05, seed) },
          });
          fleet.pon.run();
          expectAllCommitted(fleet);
        }
      });
    }
  }

  it.each(["multicast", "unicast"] as const)("serves an ONT whose OMCC version is none with baseline, %s", (mode) => {
    const fleet = makeFleet({ olt: { mode }, ont: (index) => (index === 2 ? { omccVersion: 0xc0 } : {}) });
    fleet.pon.run();
    expectAllCommitted(fleet);
    const { onts } = fleet.pon.olt.status();
    expect(onts.filter(({ inBaseline }) => inBaseline).map(({ serial }) => serial)).toEqual([onts[2].serial]);
  });

  it("says of no ONT that it was sent baseline where baseline was asked for", () => {
    const fleet = makeFleet({ olt: { messageSet: "baseline", sectionBytes: 31 }, ont: () => ({ omccVersion: 0xc0 }) });
    fleet.pon.run();
    expectAllCommitted(fleet);
    expect(fleet.pon.olt.status().onts.some(({ inBaseline }) => inBaseline)).toBe(false);
  });

  it("serves one dying ONT alone and the others without it", () => {
    const stream = createStream(3, "dying");
    const fleet = makeFleet({
      onts: 8,
      imageBytes: 60_000,
      link: { loses: (_direction, onuId) => stream.nextFloat() < (onuId === 5 ? 0.5 : 0.01) },
    });
    fleet.pon.run();
    expectAllCommitted(fleet);
    const { onts, groups } = fleet.pon.olt.status();
    expect(onts.filter(({ onuId, leftGroup }) => leftGroup && onuId !== 5)).toEqual([]);
    expect(groups.filter(({ why }) => why === "alone").length).toBeGreaterThan(0);
    const others = onts.filter(({ onuId }) => onuId !== 5).map(({ endedNs }) => endedNs);
    expect(Math.max(...others)).toBeLessThan(onts[5].endedNs);
  });
});
