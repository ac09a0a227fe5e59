/** Which file a device is given by the ACS, and when: deltas by the image that it says it runs, and windows. */
import { beforeEach, describe, expect, it } from "vitest";
import { readWindow } from "../../../../base/maintenance/index.ts";
import { CWMP_EVENTS } from "../../../../cwmp/index.ts";
import type { Acs, AcsConfig } from "../../../../headend/acs/core/index.ts";
import { complete, deltaTo, image, Kept, NOW_MS, taken, TestSession } from "./fixture.ts";

const TRANSFERRED = [[CWMP_EVENTS.transferComplete], [CWMP_EVENTS.methodDownload, "poncast-1"]] as const;

let kept: Kept;
let acs: Acs;
const begin = (artifacts = [image("2.0.0", "2")], config: AcsConfig = {}): void => {
  kept = new Kept();
  acs = kept.acs(artifacts, config);
};
const session = (version?: "1.0" | "1.2"): TestSession => new TestSession(acs, kept, version);
const status = (nowMs = NOW_MS) => acs.statuses(nowMs).next().value;

describe("deltas", () => {
  const artifacts = [image("2.0.0", "2"), deltaTo("2.0.0", "1", "2")];
  const names = (digit: string) => ({
    method: "GetParameterValuesResponse" as const,
    parameters: [
      ["Device.DeviceInfo.ActiveFirmwareImage", "Device.DeviceInfo.FirmwareImage.2."],
      ["Device.DeviceInfo.FirmwareImage.1.Name", "9".repeat(64)],
      ["Device.DeviceInfo.FirmwareImage.2.Name", digit.repeat(64)],
    ].map(([name, text]) => ({ name, value: { type: "string" as const, text } })),
  });
  beforeEach(() => begin(artifacts));

  it("the device is asked which image it runs, and given the delta from that", () => {
    const first = session();
    first.inform("1.0.0");
    expect(first.empty()).toEqual({
      method: "GetParameterValues",
      names: ["Device.DeviceInfo.ActiveFirmwareImage", "Device.DeviceInfo.FirmwareImage."],
    });
    expect(first.say(names("1"))).toMatchObject({ method: "Download", fileSizeBytes: 100 });
  });

  it.each([
    ["another image", (each: TestSession) => each.say(names("7"))],
    ["no names of ours", (each: TestSession) => each.say({ method: "GetParameterValuesResponse", parameters: [] })],
    ["no such parameters", (each: TestSession) => each.fault(9_005)],
  ])("it runs %s: the whole image", (_, answer) => {
    const first = session();
    first.inform("1.0.0");
    first.empty();
    expect(answer(first)).toMatchObject({ method: "Download", fileSizeBytes: 1_000 });
  });

  it("one that fails: the whole image", () => {
    const first = session();
    first.inform("1.0.0");
    first.empty();
    first.say(names("1"));
    first.say(taken);
    const told = session();
    told.inform("1.0.0", TRANSFERRED);
    told.say(complete("poncast-1", 9_018));
    expect(told.empty()).toMatchObject({ method: "Download", commandKey: "poncast-2", fileSizeBytes: 1_000 });
  });

  it("another image of the same version is told by its name", () => {
    begin([image("1.0.0", "2"), deltaTo("1.0.0", "1", "2"), image("0.9.0", "8")]);
    const first = session();
    first.inform("1.0.0");
    // By its version alone it has what it needs.
    expect(first.empty()).toBe("end");
  });
});

describe("windows", () => {
  const window = readWindow("02:00-05:00 UTC")!;
  beforeEach(() => begin([image("2.0.0", "2")], { window }));

  it("are told to a device that knows them", () => {
    const first = session();
    first.inform("1.0.0");
    expect(first.empty()).toMatchObject({
      method: "ScheduleDownload",
      windows: [{ windowStartSeconds: 14 * 3_600, windowEndSeconds: 17 * 3_600, windowMode: "1 At Any Time" }],
    });
    expect(first.say({ method: "ScheduleDownloadResponse" })).toBe("end");
    expect(status()).toMatchObject({ state: "waiting", why: "its window opens 2026-11-28T02:00:00.000Z" });
  });

  it("one that does not is told to wait", () => {
    const first = session();
    first.inform("1.0.0");
    first.empty();
    expect(first.fault(9_000)).toMatchObject({ method: "Download", delaySeconds: 14 * 3_600 });
    const old = session("1.0");
    old.inform("1.0.0", undefined, {
      deviceId: { manufacturer: "x", oui: "0A0B0C", productClass: "PC-ONT-1", serialNumber: "2" },
    });
    expect(old.empty()).toMatchObject({ method: "Download", delaySeconds: 14 * 3_600 });
  });

  it("one that is about to close is left to the next", () => {
    const first = session();
    first.nowMs = Date.UTC(2026, 10, 27, 4, 59, 30);
    first.inform("1.0.0");
    expect(first.empty()).toBe("end");
  });

  it("a missed one is tried again the next time", () => {
    const first = session();
    first.inform("1.0.0");
    first.empty();
    first.say({ method: "ScheduleDownloadResponse" });
    const told = session();
    told.nowMs = Date.UTC(2026, 10, 28, 6);
    told.inform("1.0.0", [[CWMP_EVENTS.transferComplete], [CWMP_EVENTS.methodScheduleDownload, "poncast-1"]]);
    told.say(complete("poncast-1", 9_020));
    expect(told.empty()).toMatchObject({ method: "ScheduleDownload", commandKey: "poncast-2" });
  });
});
