/** Attributes of parameters: which changes the ACS hears of, at once or with the next Inform, also over a power cut; and objects, of which there are no more. */
import { describe, expect, it } from "vitest";
import type { CwmpAttributeChange, CwmpMessageOf, CwmpRequest } from "../../../cwmp/index.ts";
import { download } from "./acs.ts";
import { CpeBench, second } from "./bench.ts";

const PROVISIONING = "Device.DeviceInfo.ProvisioningCode";
const SOFTWARE = "Device.DeviceInfo.SoftwareVersion";
const INTERVAL = "Device.ManagementServer.PeriodicInformInterval";
const CHANGE = "4 VALUE CHANGE";
const HOUR = 3600 * second;

const change = (name: string, notification: number, accessList?: readonly string[]): CwmpAttributeChange => ({
  name,
  changesNotification: true,
  notification,
  changesAccessList: accessList !== undefined,
  accessList: accessList ?? [],
});
const attributes = (...parameters: CwmpAttributeChange[]): CwmpRequest => ({
  method: "SetParameterAttributes",
  parameters,
});
const ask = (...names: string[]): CwmpRequest => ({ method: "GetParameterAttributes", names });

function tell(bench: CpeBench, ...tasks: CwmpRequest[]): CpeBench {
  bench.acs.tasks.push(...tasks);
  bench.call();
  bench.until(() => !bench.cpe.snapshot().inSession);
  return bench;
}

/** The device's user gives it a configuration: a change that the ACS has not made by SetParameterValues. */
function configure(bench: CpeBench, values: Record<string, string>): CpeBench {
  const url = bench.acs.put("c.json", new TextEncoder().encode(JSON.stringify(values)));
  tell(bench, download(url, { fileType: "3 Vendor Configuration File" }));
  expect(bench.untilTold()).toBe(true);
  return bench;
}

const changes = (bench: CpeBench): CwmpMessageOf<"Inform">[] =>
  bench.acs.of("Inform").filter(({ events }) => events.some(({ eventCode }) => eventCode === CHANGE));
const valueIn = ({ parameters }: CwmpMessageOf<"Inform">, name: string): string | undefined =>
  parameters.find((each) => each.name === name)?.value.text;

const booted = (): CpeBench => new CpeBench().booted();

describe("attributes", () => {
  it("are read by name and by path; some changes are told always", () => {
    const { acs } = tell(booted(), ask("Device.DeviceInfo."), ask(INTERVAL));
    const [all, one] = acs.of("GetParameterAttributesResponse");
    const active = all.parameters.filter(({ notification }) => notification === 2).map(({ name }) => name);
    expect(active).toEqual([SOFTWARE, PROVISIONING]);
    expect(one.parameters).toEqual([{ name: INTERVAL, notification: 0, accessList: [] }]);
  });

  it("are set, kept over a power cut, and forgotten with the rest", () => {
    const bench = tell(booted(), attributes(change(INTERVAL, 1, ["Subscriber", "X_Neighbour"])));
    bench.cut();
    tell(bench, ask(INTERVAL));
    const wanted = { name: INTERVAL, notification: 1, accessList: ["Subscriber"] };
    expect(bench.acs.of("GetParameterAttributesResponse")).toMatchObject([{ parameters: [wanted] }]);
    tell(bench, { method: "FactoryReset" });
    bench.until(() => bench.cpe.snapshot().polls > 0 && !bench.cpe.snapshot().inSession);
    expect(bench.record?.attributes).toEqual({});
  });

  it("of a path leave those alone that are told always; UpTime never is told at once", () => {
    const bench = tell(
      booted(),
      attributes(change("Device.DeviceInfo.", 0)),
      attributes(change("Device.DeviceInfo.", 2)),
    );
    expect(bench.acs.of("SetParameterAttributesResponse")).toHaveLength(2);
    const { attributes: set } = bench.record!;
    expect([set[SOFTWARE]?.notification, set["Device.DeviceInfo.UpTime"]?.notification]).toEqual([2, 0]);
  });

  it.each<[string, CwmpRequest, number]>([
    ["of no such name", ask("Device.Nothing"), 9005],
    ["that one has which there is not", attributes(change("Device.Nothing.", 1)), 9005],
    ["beyond what there is", attributes(change(INTERVAL, 3)), 9003],
    ["against what is told always", attributes(change(SOFTWARE, 0)), 9009],
    ["that would call each second", attributes(change("Device.DeviceInfo.UpTime", 2)), 9009],
    ["beside a wrong one", attributes(change(INTERVAL, 2), change("Device.Nothing", 1)), 9005],
  ])("%s are refused, and nothing is set", (_what, task, faultCode) => {
    const bench = tell(booted(), task);
    expect(bench.acs.of("Fault")).toMatchObject([{ faultCode }]);
    expect(bench.record?.attributes).toEqual({});
  });
});

describe("a change", () => {
  it("that is active is told at once, and once", () => {
    const bench = configure(tell(booted(), attributes(change(INTERVAL, 2))), { [INTERVAL]: "1800" });
    bench.run(60 * second);
    expect(changes(bench).map((inform) => valueIn(inform, INTERVAL))).toEqual(["1800"]);
    bench.run(2 * HOUR);
    expect(changes(bench)).toHaveLength(1);
  });

  it("that is passive is told with the next Inform, which says so", () => {
    const bench = configure(tell(booted(), attributes(change("Device.ManagementServer.", 1))), {
      "Device.ManagementServer.CWMPRetryMinimumWaitInterval": "9",
    });
    const { length } = bench.acs.sessions;
    // That of TransferComplete has told of it, or, if that was before, the periodic one will.
    bench.run(2 * HOUR);
    expect(bench.acs.sessions.length).toBeGreaterThanOrEqual(length);
    const [inform, ...more] = changes(bench);
    expect(valueIn(inform!, "Device.ManagementServer.CWMPRetryMinimumWaitInterval")).toBe("9");
    expect(more).toEqual([]);
  });

  it("that the ACS has made itself is not told", () => {
    const bench = tell(booted(), attributes(change(INTERVAL, 2)), {
      method: "SetParameterValues",
      parameterKey: "",
      parameters: [
        { name: INTERVAL, value: { type: "unsignedInt", text: "900" } },
        { name: PROVISIONING, value: { type: "string", text: "P" } },
      ],
    });
    bench.run(2 * HOUR);
    expect(changes(bench)).toEqual([]);
  });

  it("that nobody asked for is told of none, but of those that are told always", () => {
    const quiet = configure(booted(), { [INTERVAL]: "1800" });
    quiet.run(2 * HOUR);
    expect(changes(quiet)).toEqual([]);
    const told = configure(booted(), { [PROVISIONING]: "P1" });
    told.run(2 * HOUR);
    expect(changes(told).map((inform) => valueIn(inform, PROVISIONING))).toEqual(["P1"]);
  });

  it("is told again after a power cut that came before that session was over", () => {
    const bench = tell(booted(), attributes(change(INTERVAL, 2)));
    const url = bench.acs.put("c.json", new TextEncoder().encode(JSON.stringify({ [INTERVAL]: "1800" })));
    bench.acs.tasks.push(download(url, { fileType: "3 Vendor Configuration File" }));
    bench.call();
    bench.until(() => bench.record?.parameters[INTERVAL] === "1800");
    const before = changes(bench).length;
    bench.cut();
    bench.run(60 * second);
    bench.run(2 * HOUR);
    expect(before).toBe(1);
    expect(changes(bench).map((inform) => valueIn(inform, INTERVAL))).toEqual(["1800", "1800"]);
  });
});

it.each([
  ["AddObject", "Device.DeviceInfo.FirmwareImage.", 9001],
  ["DeleteObject", "Device.DeviceInfo.FirmwareImage.1.", 9001],
  ["AddObject", "Device.Nothing.", 9005],
  ["DeleteObject", "Device.DeviceInfo.FirmwareImage.1", 9005],
] as const)("%s of %s is refused with %i", (method, objectName, faultCode) => {
  const { acs } = tell(booted(), { method, objectName, parameterKey: "k" });
  expect(acs.of("Fault")).toMatchObject([{ faultCode }]);
});
