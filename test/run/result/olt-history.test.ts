/** What the OLTs of one run did, added up, and held no longer than needed. */
import { describe, expect, it } from "vitest";
import type { OltOntStatus, OltStatus } from "../../../olt/core/types.ts";
import type { OltReport } from "../../../olt/process/index.ts";
import { newTraffic } from "../../../pon/index.ts";
import { OltHistory } from "../../../run/result/olt-history.ts";
import { usedBytes } from "../../../study/soak/memory.ts";

const ontOf = (number: number, changes: Partial<OltOntStatus> = {}): OltOntStatus => ({
  onuId: number,
  serial: `PCST${number}`,
  phase: "committed",
  cause: "",
  version: "PONCAST-2.0.0",
  activeInstance: 1,
  committedInstance: 1,
  payload: 0,
  payloadBytes: 1000,
  bytesDone: 1000,
  windowsRepaired: 1,
  sectionsLost: 2,
  leftGroup: false,
  online: true,
  startedNs: 10,
  endedNs: 20,
  ...changes,
});

const counters = {
  sections: 7,
  repairSections: 1,
  paritySections: 0,
  sectionPayloadBytes: 1000,
  windows: 2,
  windowsRepaired: 1,
  polls: 0,
  retries: 0,
};

function reportOf(onts: readonly OltOntStatus[], changes: Partial<OltStatus> = {}): OltReport {
  const status: OltStatus = {
    phase: "done",
    stopReason: "",
    imageBytes: 1000,
    bytesDone: 1000,
    firstStartNs: 10,
    lastWindowAnsweredNs: 15,
    lastEndNs: 20,
    firstActivateNs: 25,
    lastCommitNs: 30,
    finishedNs: 40,
    counters: counters as OltStatus["counters"],
    groups: [],
    onts,
    control: { paused: false, aborting: false, rateBytesPerSecond: Infinity },
    ...changes,
  };
  return { status, downstream: newTraffic(), upstream: newTraffic(), eventsLost: 0 };
}

describe("the history of a run's OLTs", () => {
  it("adds up what each did; where an ONT stands is the last one's to say", () => {
    const history = new OltHistory();
    const first = reportOf([ontOf(0, { leftGroup: true, startedNs: 5 }), ontOf(1)]);
    history.report(first);
    expect(history.totals().status).toEqual(first.status);
    history.endLife();
    expect(history.current).toBeUndefined();
    expect(history.totals().status).toEqual(first.status);
    history.report(reportOf([ontOf(0)]));
    history.endLife();
    history.report(
      reportOf([ontOf(0, { phase: "soaking" })], { phase: "activating", firstActivateNs: 50, lastCommitNs: 60 }),
    );
    // In virtual time the traffic of the first goes on counting.
    first.downstream.frames = 100;
    const { status, counters: sums, downstream } = history.totals();
    expect(sums).toEqual({ sections: 21, repairSections: 3, windows: 6, sectionPayloadBytes: 3000 });
    expect(downstream.frames).toBe(100);
    expect(status).toMatchObject({ phase: "activating", firstActivateNs: 25, lastCommitNs: 60 });
    expect(status?.onts).toEqual([
      ontOf(0, { phase: "soaking", leftGroup: true, startedNs: 5, windowsRepaired: 3, sectionsLost: 6 }),
      ontOf(1),
    ]);
  });

  it("keeps no ONT's report of an OLT that has ended", () => {
    const history = new OltHistory();
    const live = (): void => {
      history.report(reportOf(Array.from({ length: 128 }, (_, number) => ontOf(number))));
      history.endLife();
    };
    for (let life = 0; life < 10; life++) live();
    const before = usedBytes();
    for (let life = 0; life < 1000; life++) live();
    // One report of 128 ONTs is some 20 kB.
    expect(usedBytes() - before).toBeLessThan(2e6);
    expect(history.totals().status?.onts).toHaveLength(128);
  });
});
