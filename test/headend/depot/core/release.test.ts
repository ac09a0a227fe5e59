/** A depot that hands out nothing to a device before somebody releases it. */
import { describe, expect, it } from "vitest";
import { Depot } from "../../../../headend/depot/core/index.ts";
import { config, Device, image } from "./fixture.ts";

describe("devices that are released one by one", () => {
  const byRelease = (): Device => new Device(new Depot({ ...config, byRelease: true }, [image]));

  it("get nothing before, and what there is from then on", () => {
    const device = byRelease();
    expect(device.poll()).toEqual(["configData"]);
    expect(device.state).toEqual(["idle", "it has not been released"]);
    device.depot.release("ont-1");
    expect(device.poll()).toEqual(["configData", "deploymentBase"]);
    expect(device.depot.isAtWork("ont-1")).toBe(true);
  });

  it("that are held again are told to stop, and may begin anew", () => {
    const device = byRelease();
    device.depot.release("ont-1");
    device.poll();
    device.depot.hold("ont-1");
    expect(device.poll()).toEqual(["configData", "cancelAction"]);
    expect(device.cancel("closed", "success")).toBe("ok");
    expect(device.poll()).toEqual(["configData"]);
    expect(device.depot.isAtWork("ont-1")).toBe(false);
    device.depot.release("ont-1");
    expect(device.poll()).toEqual(["configData", "deploymentBase"]);
  });

  it("that failed get it again when they are released again, and not before", () => {
    const device = byRelease();
    device.depot.release("ont-1");
    device.poll();
    device.say("closed", "failure", "broken");
    expect(device.poll()).toEqual(["configData"]);
    device.depot.release("ont-1");
    const again = new Device(new Depot({ ...config, byRelease: true }, [image]));
    again.depot.restore(JSON.parse(JSON.stringify(device.depot.snapshot())), []);
    for (const each of [device, again]) expect(each.poll()).toEqual(["configData", "deploymentBase"]);
  });
});
