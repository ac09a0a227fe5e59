/** Files of a CPE that need no restart: stored images, configurations, what is answered when it is done; and images of other roads. */
import { describe, expect, it } from "vitest";
import { sha256Of } from "../agent/store.ts";
import { testImage } from "../images.ts";
import { download } from "./acs.ts";
import { CpeBench, second } from "./bench.ts";

const HOUR = 3600;
const start = (change = {}): CpeBench => new CpeBench(change).booted();

describe("an answer when it is done", () => {
  const stored = { fileType: "6 Stored Firmware Image" };

  it("is Status 0, and nothing is told of it again", () => {
    const bench = start({ answerWithinSeconds: 20 });
    bench.ask(stored);
    bench.run(24 * HOUR * second);
    expect(bench.acs.of("DownloadResponse")).toMatchObject([{ status: 0, startTime: expect.any(Number) }]);
    expect([bench.acs.completes, bench.record?.transfers]).toEqual([[], []]);
    expect(bench.store.other?.sha256).toBe(sha256Of(bench.image));
  });

  it("is the fault, where it fails", () => {
    const bench = start({ answerWithinSeconds: 20 });
    bench.acs.files.clear();
    bench.ask(stored);
    bench.run(24 * HOUR * second);
    expect(bench.acs.of("Fault")).toMatchObject([{ faultCode: 9016 }]);
    expect([bench.acs.completes, bench.record?.transfers]).toEqual([[], []]);
  });

  it("is Status 1 where it takes too long, and TransferComplete follows", () => {
    const bench = start({ answerWithinSeconds: 20, rateBytesPerSecond: 5000 });
    bench.ask(stored);
    expect(bench.untilTold()).toBe(true);
    expect(bench.acs.of("DownloadResponse")[0].status).toBe(1);
  });
});

describe("a configuration", () => {
  const put = (bench: CpeBench, text: string): void => {
    bench.acs.tasks.push(
      download(bench.acs.put("c.json", new TextEncoder().encode(text)), { fileType: "3 Vendor Configuration File" }),
    );
    bench.call();
  };

  it("is parameters, all of which are set", () => {
    const bench = start();
    put(bench, '{"Device.DeviceInfo.ProvisioningCode":"P1","Device.ManagementServer.PeriodicInformInterval":"60"}');
    expect(bench.untilTold()).toBe(true);
    expect(bench.acs.completes[0].fault.faultCode).toBe(0);
    expect(bench.record?.parameters).toEqual({
      "Device.DeviceInfo.ProvisioningCode": "P1",
      "Device.ManagementServer.PeriodicInformInterval": "60",
    });
  });

  it.each([
    ["{", 9018],
    ['{"Device.DeviceInfo.ProvisioningCode":"P1","Device.DeviceInfo.SerialNumber":"1"}', 9010],
  ])("is refused as a whole: %s", (text, faultCode) => {
    const bench = start();
    put(bench, text);
    expect(bench.untilTold()).toBe(true);
    expect([bench.acs.completes[0].fault.faultCode, bench.record?.parameters]).toEqual([faultCode, {}]);
  });
});

describe("the other image", () => {
  it("that was stored boots when the ACS says so, and is confirmed", () => {
    const bench = start();
    bench.ask({ fileType: "6 Stored Firmware Image" });
    expect(bench.untilTold()).toBe(true);
    expect(bench.store.activations).toBe(0);
    const value = { type: "string" as const, text: "Device.DeviceInfo.FirmwareImage.2" };
    bench.acs.tasks.push(
      {
        method: "SetParameterValues",
        parameterKey: "",
        parameters: [{ name: "Device.DeviceInfo.BootFirmwareImage", value }],
      },
      { method: "Reboot", commandKey: "r" },
    );
    bench.call();
    expect(bench.until(() => bench.store.commits === 1)).toBe(true);
    expect([bench.store.running.sha256, bench.record?.trialSha256]).toEqual([sha256Of(bench.image), ""]);
  });

  it("that came by another road is told of where the ACS wants to know", () => {
    const bench = start();
    const name = "Device.ManagementServer.AutonomousTransferCompletePolicy.Enable";
    bench.acs.tasks.push({
      method: "SetParameterValues",
      parameterKey: "",
      parameters: [{ name, value: { type: "boolean", text: "1" } }],
    });
    bench.call();
    bench.until(() => !bench.cpe.snapshot().inSession);
    bench.store.running = { ...bench.store.running, version: "V3", sha256: sha256Of(testImage(10, 1)) };
    bench.cut();
    expect(bench.until(() => bench.acs.of("AutonomousTransferComplete").length === 1 && bench.isQuiet)).toBe(true);
    expect(bench.acs.events.at(-1)).toEqual(["10 AUTONOMOUS TRANSFER COMPLETE", "1 BOOT", "4 VALUE CHANGE"]);
    bench.cut();
    bench.run(24 * HOUR * second);
    expect(bench.acs.of("AutonomousTransferComplete").length).toBe(1);
  });
});
