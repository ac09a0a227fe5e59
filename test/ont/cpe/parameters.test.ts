/** The parameters of a CPE: names, values, what may be set and what may not, all of it or nothing. */
import { expect, it } from "vitest";
import type { CwmpMessageOf, CwmpParameter, CwmpRequest } from "../../../cwmp/index.ts";
import { CpeBench } from "./bench.ts";

const MANAGEMENT = "Device.ManagementServer.";

/** What it is asked in one session. */
function asked(...tasks: CwmpRequest[]): CpeBench {
  const bench = new CpeBench().booted();
  bench.acs.tasks.push(...tasks);
  bench.call();
  bench.until(() => !bench.cpe.snapshot().inSession);
  return bench;
}

const parameter = (name: string, text: string, type: CwmpParameter["value"]["type"] = "string"): CwmpParameter => ({
  name,
  value: { type, text },
});
const set = (...parameters: CwmpParameter[]): CwmpMessageOf<"SetParameterValues"> => ({
  method: "SetParameterValues",
  parameters,
  parameterKey: "key",
});
const names = (path: string, nextLevel: boolean): CwmpRequest => ({ method: "GetParameterNames", path, nextLevel });

it("has names by level, and all below", () => {
  const { acs } = asked(names("", true), names("Device.", true), names("Device.DeviceInfo.FirmwareImage.1.", false));
  const found = acs.of("GetParameterNamesResponse").map(({ parameters }) => parameters.map(({ name }) => name));
  expect(found).toEqual([
    ["Device."],
    ["Device.RootDataModelVersion", "Device.DeviceInfo.", "Device.ManagementServer."],
    ["Name", "Version", "Available", "Status", "BootFailureLog", ""].map(
      (name) => `Device.DeviceInfo.FirmwareImage.1.${name}`,
    ),
  ]);
});

it("says which may be set", () => {
  const { acs } = asked(names(MANAGEMENT, true));
  const [{ parameters }] = acs.of("GetParameterNamesResponse");
  const writable = new Map(parameters.map(({ name, writable: may }) => [name, may]));
  expect(writable.get(`${MANAGEMENT}PeriodicInformInterval`)).toBe(true);
  expect(writable.get(`${MANAGEMENT}ParameterKey`)).toBe(false);
});

it("has values by name and by partial path, and no secrets", () => {
  const { acs } = asked({ method: "GetParameterValues", names: ["Device.DeviceInfo.FirmwareImage.1.", MANAGEMENT] });
  const [{ parameters }] = acs.of("GetParameterValuesResponse");
  const values = new Map(parameters.map(({ name, value }) => [name, value.text]));
  expect(values.get("Device.DeviceInfo.FirmwareImage.1.Version")).toBe("OLD");
  expect([values.get(`${MANAGEMENT}Password`), values.get(`${MANAGEMENT}ConnectionRequestPassword`)]).toEqual(["", ""]);
});

it.each<[string, CwmpRequest, number]>([
  ["a value of no such name", { method: "GetParameterValues", names: ["Device.Nothing"] }, 9005],
  ["names of no such path", names("Device.Nothing.", false), 9005],
  ["the next level of a parameter", names("Device.RootDataModelVersion", true), 9003],
])("refuses %s", (_what, task, faultCode) => expect(asked(task).acs.of("Fault")).toMatchObject([{ faultCode }]));

it.each<[string, CwmpParameter, number]>([
  ["no such name", parameter("Device.Nothing", "1"), 9005],
  ["what is not settable", parameter("Device.DeviceInfo.SerialNumber", "1"), 9008],
  ["another type", parameter(`${MANAGEMENT}PeriodicInformInterval`, "1", "boolean"), 9006],
  ["a value out of its range", parameter(`${MANAGEMENT}PeriodicInformInterval`, "0", "unsignedInt"), 9007],
  ["a URL that is none", parameter(`${MANAGEMENT}URL`, "somewhere"), 9007],
  [
    "an image that is not there",
    parameter("Device.DeviceInfo.BootFirmwareImage", "Device.DeviceInfo.FirmwareImage.2."),
    9007,
  ],
])("sets nothing where one is wrong: %s", (_what, wrong, faultCode) => {
  const good = parameter("Device.DeviceInfo.ProvisioningCode", "P1");
  const bench = asked(set(good, wrong));
  const [fault] = bench.acs.of("Fault");
  expect(fault).toMatchObject({ faultCode: 9003, parameterFaults: [{ parameterName: wrong.name, faultCode }] });
  expect([bench.record?.parameters, bench.record?.parameterKey]).toEqual([{}, ""]);
});

it("sets all, with the key, and keeps it over a power cut", () => {
  const bench = asked(set(parameter("Device.DeviceInfo.ProvisioningCode", "P1")));
  expect(bench.acs.of("SetParameterValuesResponse")).toMatchObject([{ status: 0 }]);
  bench.cut();
  bench.until(() => bench.cpe.snapshot().polls > 0);
  const { parameters } = bench.acs.of("Inform").at(-1)!;
  const values = new Map(parameters.map(({ name, value }) => [name, value.text]));
  expect([values.get("Device.DeviceInfo.ProvisioningCode"), values.get(`${MANAGEMENT}ParameterKey`)]).toEqual([
    "P1",
    "key",
  ]);
});
