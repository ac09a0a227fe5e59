/** What is shown of a run follows from what runner and OLT report, and figures are written as they should be. */
import { describe, expect, test } from "vitest";
import { ViewBuilder, type ReportedView, type RunInfo } from "../../cli/view/index.ts";
import { cellStateOf } from "../../run/states/index.ts";
import { bytesText, durationText, percentText, rateText } from "../../base/text/index.ts";
import type { OltGroup, OltOntStatus, OltStatus, OntPhase } from "../../olt/core/types.ts";

const info: RunInfo = {
  name: "n",
  mode: "multicast",
  recovery: "parity",
  catchesUp: true,
  seed: 1,
  clock: "wall",
  imageBytes: 1_000_000,
  imageVersion: "2",
};

const ontStatus: OltOntStatus = {
  onuId: 1,
  serial: "PCST00000001",
  phase: "downloading",
  cause: "",
  version: "1",
  activeInstance: 0,
  committedInstance: 0,
  payload: 0,
  payloadBytes: 1_000_000,
  bytesDone: 250_000,
  windowsRepaired: 2,
  sectionsLost: 9,
  leftGroup: true,
  online: true,
  startedNs: 0,
  endedNs: -1,
};

const oltStatus = (bytesDone: number, changed: Partial<OltStatus> = {}): OltStatus => ({
  phase: "downloading",
  stopReason: "",
  imageBytes: 2_000_000,
  bytesDone,
  firstStartNs: 0,
  lastWindowAnsweredNs: -1,
  lastEndNs: -1,
  firstActivateNs: -1,
  lastCommitNs: -1,
  finishedNs: -1,
  groups: [],
  control: { paused: false, aborting: false, rateBytesPerSecond: Infinity },
  counters: {
    sections: 600,
    repairSections: 60,
    paritySections: 60,
    sectionPayloadBytes: 1_100_000,
    windows: 3,
    windowsRepaired: 2,
    polls: 0,
    retries: 0,
  },
  onts: [ontStatus],
  ...changed,
});

const report = (changed: Partial<ReportedView>): ReportedView => ({
  phase: "running",
  elapsedMs: 0,
  ontsStarted: 1,
  onts: [{ id: 5, serial: "PCST00000001", cell: "downloading", cause: "" }],
  olt: undefined,
  downstreamBytesPerSecond: 1000,
  note: "",
  ...changed,
});

describe("the view of a run", () => {
  test("joins what the runner and the OLT know of an ONT", () => {
    const view = new ViewBuilder(info).build(report({ olt: oltStatus(250_000) }));
    expect(view).toMatchObject({
      stage: "downloading",
      imageBytes: 2_000_000,
      imageCopies: 0.55,
      repairSections: 60,
      downstreamBitsPerSecond: 8000,
    });
    expect(view.onts).toEqual([
      {
        id: 5,
        serial: "PCST00000001",
        state: "downloading",
        cause: "",
        bytesDone: 250_000,
        windowsRepaired: 2,
        sectionsLost: 9,
        leftGroup: true,
        served: "",
      },
    ]);
  });

  test("says of each ONT how it is served where that is not with the first group", () => {
    const pass = (why: OltGroup["why"], endNs: number): OltGroup => ({
      why,
      payload: 0,
      onts: 2,
      startNs: 0,
      endNs,
      payloadBytes: 0,
    });
    const served = (phase: OntPhase, groups: OltGroup[], changed: Partial<RunInfo> = {}, cause = ""): string => {
      const olt = oltStatus(0, { groups, onts: [{ ...ontStatus, phase, cause }] });
      return new ViewBuilder({ ...info, ...changed }).build(report({ olt })).onts[0].served;
    };
    const [first, over] = [pass("first", -1), pass("first", 9)];
    expect(served("waiting", [first])).toBe("waits for catch-up");
    expect(served("waiting", [first], { catchesUp: false })).toBe("waits to go alone");
    expect(served("waiting", [first], { mode: "unicast" })).toBe("");
    expect(served("waiting", [first], {}, "no answer")).toBe("");
    expect(served("waiting", [])).toBe("");
    expect(served("downloading", [first])).toBe("");
    expect(served("downloading", [over, pass("catchUp", 20), pass("catchUp", -1)])).toBe("in catch-up group 2");
    expect(served("downloading", [over, pass("alone", -1)])).toBe("alone");
    // Of which it is a part is not told.
    expect(served("downloading", [over, pass("alone", -1), pass("catchUp", -1)])).toBe("");
    expect(served("stored", [over, pass("alone", -1)])).toBe("");
  });

  test("has a rate and a time left once there is something to go by", () => {
    const builder = new ViewBuilder(info);
    expect(builder.build(report({ elapsedMs: 1000, olt: oltStatus(0) }))).toMatchObject({
      bytesPerSecond: 0,
      etaMs: null,
    });
    expect(builder.build(report({ elapsedMs: 1100, olt: oltStatus(10_000) }))).toMatchObject({
      bytesPerSecond: 0,
      etaMs: null,
    });
    expect(builder.build(report({ elapsedMs: 2000, olt: oltStatus(100_000) }))).toMatchObject({
      bytesPerSecond: 100_000,
      etaMs: 19_000,
    });
    // Five seconds on, the slow start no longer counts.
    for (let ms = 3000; ms <= 12_000; ms += 1000)
      builder.build(report({ elapsedMs: ms, olt: oltStatus(100_000 + (ms - 2000) * 150) }));
    expect(builder.build(report({ elapsedMs: 12_100, olt: oltStatus(1_615_000) })).bytesPerSecond).toBeCloseTo(
      150_000,
      -1,
    );
    // Begun again, or over.
    expect(builder.build(report({ elapsedMs: 13_000, olt: oltStatus(0) }))).toMatchObject({
      bytesPerSecond: 0,
      etaMs: null,
    });
    expect(builder.build(report({ elapsedMs: 13_000, olt: oltStatus(0, { phase: "activating" }) })).etaMs).toBeNull();
  });

  test("knows the stage from runner and OLT", () => {
    const stage = (changed: Partial<ReportedView>) => new ViewBuilder(info).build(report(changed)).stage;
    expect(stage({ phase: "preparing" })).toBe("preparing");
    expect(stage({})).toBe("ranging");
    expect(stage({ olt: oltStatus(0, { phase: "activating" }) })).toBe("activating");
    expect(stage({ phase: "verifying", olt: oltStatus(0, { phase: "done" }) })).toBe("verifying");
    expect(stage({ phase: "ended", olt: oltStatus(0, { phase: "done" }) })).toBe("done");
    expect(stage({ phase: "ended", olt: oltStatus(0) })).toBe("stopped");
    expect(stage({ phase: "ended" })).toBe("stopped");
  });

  test("takes a process that is not there before what the OLT last saw", () => {
    expect(cellStateOf("off", "downloading")).toBe("off");
    expect(cellStateOf("givenUp", "rebooting")).toBe("failed");
    expect(cellStateOf("idle", "committed")).toBe("committed");
    expect(cellStateOf("idle", undefined)).toBe("ready");
    expect(cellStateOf("applying", undefined)).toBe("stored");
    expect(cellStateOf("downloading", "waiting")).toBe("ready");
    expect(cellStateOf("starting", undefined)).toBe("starting");
  });
});

describe("figures", () => {
  test.each([
    [bytesText(0), "0 B"],
    [bytesText(1023), "1023 B"],
    [bytesText(1022), "1022 B"],
    [bytesText(16 * 1024 * 1024), "16.0 MiB"],
    [bytesText(1024 ** 3 * 3), "3.0 GiB"],
    [bytesText(1024 * 1024 - 1), "1.0 MiB"],
    [rateText(999), "999 bit/s"],
    [rateText(999_990), "1.0 Mbit/s"],
    [rateText(1_396_000_000), "1.4 Gbit/s"],
    [durationText(0), "0 ms"],
    [durationText(0.84), "840 ms"],
    [durationText(0.9999), "1.0 s"],
    [durationText(59.94), "59.9 s"],
    [durationText(59.96), "1 min 00 s"],
    [durationText(184), "3 min 04 s"],
    [durationText(3599.6), "1 h 00 min"],
    [durationText(7500), "2 h 05 min"],
    [durationText(7199), "2 h 00 min"],
    [percentText(0.999), "99 %"],
    [percentText(1), "100 %"],
    [percentText(2), "100 %"],
    [percentText(-1), "0 %"],
  ])("%s", (text, expected) => {
    expect(text).toBe(expected);
  });
});
