/** Who waits for whom before a pass of those that lose much begins. */
import { describe, expect, it } from "vitest";
import { ANY_INSTANCE } from "../../omci/index.ts";
import { CatchUp, type Missing } from "../../olt/core/catch-up.ts";
import { OltContext } from "../../olt/core/context.ts";
import { Session } from "../../olt/core/session.ts";
import { ms } from "../ont/bench.ts";
import { testImage } from "../ont/images.ts";
import { oltConfig, sourceOf } from "../support/fleet.ts";

describe("those that lose much", () => {
  /** Two that lose much and two others wait for a pass. @returns the groups that may begin, by their ONTs */
  function groupsOf(missing: Missing, waitedNs: number, fair = 2): number[][] {
    const context = new OltContext(oltConfig(), [sourceOf(testImage(20_000))]);
    const waiting = new CatchUp(context, ({ payload, poorLinkLoss }) => ({
      why: "catchUp",
      payload,
      messageSet: "extended",
      instanceId: ANY_INSTANCE,
      loss: poorLinkLoss,
    }));
    for (let onuId = 0; onuId < 2 + fair; onuId++) {
      const session = new Session(context, onuId, `PCST0000000${onuId}`);
      if (onuId < 2) session.progress.leaveGroup(true);
      waiting.add({ session, left: null }, 0);
    }
    return waiting.take(missing, waitedNs).groups.map(({ sessions }) => sessions.map(({ onuId }) => onuId));
  }

  it("go behind those that wait as well, and are held back as long as these are", () => {
    expect(groupsOf({ away: 1, struggling: 0 }, 10_000 * ms)).toEqual([]);
    const both = [
      [2, 3],
      [0, 1],
    ];
    expect(groupsOf({ away: 1, struggling: 0 }, 30_000 * ms)).toEqual(both);
    expect(groupsOf({ away: 0, struggling: 0 }, 0)).toEqual(both);
  });

  it("wait for nobody that is away where no others wait", () => {
    expect(groupsOf({ away: 1, struggling: 0 }, 0, 0)).toEqual([[0, 1]]);
  });

  it("wait for those that are there and answer seldom", () => {
    expect(groupsOf({ away: 1, struggling: 1 }, 10_000 * ms, 0)).toEqual([]);
  });
});
