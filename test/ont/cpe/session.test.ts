/** Sessions with the ACS: what an Inform says, whose turn it is, what ends one, and when it is tried again. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cwmpFault, type CwmpMessage } from "../../../cwmp/index.ts";
import { retryWaitNs } from "../../../ont/cpe/index.ts";
import { ACS_URL, answerWith, download, saying } from "./acs.ts";
import { CpeBench, second } from "./bench.ts";

const methods = (messages: readonly CwmpMessage[]): string[] => messages.map(({ method }) => method);

describe("the first session", () => {
  it("tells of its bootstrap and its boot, with the forced parameters", () => {
    const bench = new CpeBench().booted();
    const [inform] = bench.acs.of("Inform");
    expect(inform).toMatchObject({
      deviceId: { manufacturer: "PONCAST", serialNumber: "PCST00000001" },
      maxEnvelopes: 1,
      retryCount: 0,
    });
    expect(bench.acs.events).toEqual([["1 BOOT", "0 BOOTSTRAP"]]);
    expect(inform.parameters.map(({ name, value }) => [name, value.text])).toEqual([
      ["Device.RootDataModelVersion", "2.12"],
      ["Device.DeviceInfo.HardwareVersion", "HW-1"],
      ["Device.DeviceInfo.SoftwareVersion", "OLD"],
      ["Device.DeviceInfo.ProvisioningCode", ""],
      ["Device.ManagementServer.ParameterKey", ""],
      ["Device.ManagementServer.ConnectionRequestURL", "http://127.0.0.1:7547/r4nd0m"],
    ]);
    bench.cut();
    bench.until(() => bench.cpe.snapshot().polls > 0);
    expect(bench.acs.events.at(-1)).toEqual(["1 BOOT"]);
  });

  it("has its own requests, an empty POST, answers, and ends with 204", () => {
    const bench = new CpeBench();
    bench.acs.tasks.push({ method: "GetRPCMethods" }, { method: "GetParameterValues", names: ["Device.DeviceInfo."] });
    bench.booted();
    expect(methods(bench.acs.sessions[0])).toEqual([
      "Inform",
      "GetRPCMethods",
      "GetRPCMethodsResponse",
      "GetParameterValuesResponse",
    ]);
    expect(bench.requests.map(({ body }) => body !== "")).toEqual([true, true, false, true, true]);
    const [, , empty] = bench.requests;
    expect(empty.headers).toEqual({});
    expect(bench.requests[0].headers).toEqual({ "content-type": 'text/xml; charset="utf-8"', soapaction: "" });
    // Answers have the ID of the question.
    expect(bench.acs.envelopes.slice(2).map(({ id }) => id)).toEqual(["acs-1", "acs-2"]);
  });

  it("keeps its requests where the ACS holds them", () => {
    const bench = new CpeBench();
    bench.acs.holds = true;
    bench.booted();
    expect(methods(bench.acs.sessions[0])).toEqual(["Inform"]);
  });

  it("brings the cookies of the ACS, and follows it five times", () => {
    const bench = new CpeBench();
    let moves = 0;
    bench.spoil = ({ url }, answer) => {
      if (moves++ < 5) return answerWith(302, { location: `${ACS_URL}/${moves}` });
      return { ...answer, cookies: url.endsWith("/5") ? ["session=abc; Path=/; HttpOnly", "b=2"] : [] };
    };
    bench.booted();
    expect(bench.requests.at(-1)).toMatchObject({ url: `${ACS_URL}/5`, headers: { cookie: "session=abc; b=2" } });
    moves = -1;
    bench.call();
    bench.until(() => bench.events.some((event) => event.type === "session" && event.cause === "redirected too often"));
  });
});

it("answers when what it says is kept, and not before", () => {
  const bench = new CpeBench().booted();
  bench.keepsLate = true;
  bench.ask();
  bench.run(10 * second);
  expect([bench.acs.of("DownloadResponse").length, bench.cpe.snapshot().inSession]).toEqual([0, true]);
  bench.keep();
  bench.run(second);
  expect(bench.acs.of("DownloadResponse").length).toBe(1);
});

it("tells of a transfer when the ACS lets it, however long that takes", () => {
  const bench = new CpeBench().booted();
  bench.acs.holds = true;
  bench.ask({ fileType: "6 Stored Firmware Image" });
  bench.until(() => bench.acs.sessions.length > 5);
  expect(bench.acs.completes).toEqual([]);
  expect(bench.acs.events.at(-1)).toEqual(["7 TRANSFER COMPLETE", "M Download"]);
  bench.acs.holds = false;
  expect(bench.untilTold()).toBe(true);
});

it("says what it can do, and that it cannot do the rest", () => {
  const bench = new CpeBench();
  bench.acs.tasks.push({ method: "GetRPCMethods" });
  bench.booted();
  const [{ methods: known }] = bench.acs.of("GetRPCMethodsResponse");
  expect(known).toContain("ScheduleDownload");
  bench.spoil = ({ body }, answer) =>
    body === "" ? saying({ version: "1.2", id: "x", message: { method: "TransferComplete", ...told } }) : answer;
  bench.call();
  bench.until(() => bench.acs.of("Fault").length > 0);
  expect(bench.acs.of("Fault")[0]).toMatchObject({ faultCode: 9000, soapFaultCode: "Server" });
});

const told = { commandKey: "", fault: { faultCode: 0, faultString: "" }, startTime: 0, completeTime: 0 } as const;

describe("an Inform that fails", () => {
  it("is sent again with the same events, counted, ever later", () => {
    const bench = new CpeBench();
    bench.spoil = () => undefined;
    bench.run(3600 * second);
    const informs = bench.acs.of("Inform");
    expect(informs.map(({ retryCount }) => retryCount)).toEqual(informs.map((_, index) => index));
    expect(informs.length).toBeGreaterThan(6);
    expect(new Set(bench.acs.events.map((events) => events.slice(0, 2).join()))).toEqual(
      new Set(["1 BOOT,0 BOOTSTRAP"]),
    );
    bench.spoil = (_request, answer) => answer;
    bench.until(() => bench.cpe.snapshot().polls > 0);
    expect(bench.cpe.snapshot().retryCount).toBe(0);
  });

  it.each([
    ["a fault", saying({ version: "1.2", id: "1", message: cwmpFault(8002) })],
    ["nothing", answerWith(204)],
    ["no XML", { ...answerWith(200), body: new TextEncoder().encode("<a>") }],
    ["another answer", saying({ version: "1.2", id: "1", message: { method: "RebootResponse" } })],
    [
      "the answer to another request",
      saying({ version: "1.2", id: "7", message: { method: "InformResponse", maxEnvelopes: 1 } }),
    ],
    ["status 500", answerWith(500)],
    ["a wish for more than it takes", { ...answerWith(200), body: new Uint8Array(2 ** 21) }],
  ])("for %s", (_what, answer) => {
    const bench = new CpeBench();
    bench.spoil = () => answer;
    bench.until(() => bench.cpe.snapshot().retryCount === 1);
    expect(bench.cpe.snapshot()).toMatchObject({ polls: 0, inSession: false });
  });

  it("is sent once more in the same session for 8005, three times", () => {
    const bench = new CpeBench();
    const ids = new Set<string>();
    bench.spoil = () => saying({ version: "1.2", id: bench.acs.envelopes.at(-1)!.id, message: cwmpFault(8005) });
    bench.until(() => bench.cpe.snapshot().retryCount === 1);
    for (const { id } of bench.acs.envelopes) ids.add(id);
    expect([bench.acs.envelopes.length, ids.size]).toEqual([4, 1]);
  });
});

it("waits as the standard's table says", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.double({ min: 0, max: 0.999, noNaN: true }), (count, drawn) => {
      const seconds = retryWaitNs(count, 5, 2000, { nextFloat: () => drawn }) / second;
      const least = 5 * 2 ** (Math.min(count, 10) - 1);
      expect(seconds).toBeGreaterThanOrEqual(least);
      expect(seconds).toBeLessThanOrEqual(2 * least);
    }),
  );
});

it("informs periodically, as the ACS sets it", () => {
  const bench = new CpeBench({ periodicInformSeconds: 0 });
  const set = (name: string, text: string): void =>
    void bench.acs.tasks.push({
      method: "SetParameterValues",
      parameterKey: "k1",
      parameters: [{ name, value: { type: "string", text } }],
    });
  bench.booted().run(86_400 * second);
  expect(bench.acs.sessions.length).toBe(1);
  set("Device.ManagementServer.PeriodicInformInterval", "600");
  set("Device.ManagementServer.PeriodicInformEnable", "1");
  bench.call();
  bench.run(3600 * second);
  expect(bench.acs.events.filter((events) => events.includes("2 PERIODIC")).length).toBe(6);
  expect(
    bench.acs
      .of("Inform")
      .at(-1)!
      .parameters.find(({ name }) => name.endsWith("Key"))?.value.text,
  ).toBe("k1");
});

it("comes when the ACS has asked it to, also when the power went meanwhile", () => {
  const bench = new CpeBench({ periodicInformSeconds: 0 }).booted();
  bench.acs.tasks.push({ method: "ScheduleInform", delaySeconds: 600, commandKey: "s1" });
  bench.call();
  bench.until(() => bench.record?.informs.length === 1);
  bench.run(100 * second);
  bench.cut(400 * second);
  const bootedNs = bench.nowNs;
  bench.until(() => bench.acs.events.at(-1)!.includes("3 SCHEDULED"));
  expect((bench.nowNs - bootedNs) / second).toBeCloseTo(100, -1);
  expect(bench.acs.of("Inform").at(-1)!.events).toEqual([
    { eventCode: "3 SCHEDULED", commandKey: "" },
    { eventCode: "M ScheduleInform", commandKey: "s1" },
  ]);
});

describe("a connection request", () => {
  it("brings a session at once, also where one had failed; not while one is under way, nor too often", () => {
    const bench = new CpeBench();
    bench.spoil = () => undefined;
    bench.until(() => bench.cpe.snapshot().retryCount === 5);
    bench.spoil = (_request, answer) => answer;
    expect(bench.cpe.handleConnectionRequest(bench.nowNs)).toBe("accepted");
    expect(bench.cpe.handleConnectionRequest(bench.nowNs)).toBe("busy");
    bench.settle();
    const fromNs = bench.nowNs;
    bench.until(() => bench.cpe.snapshot().polls > 0);
    expect((bench.nowNs - fromNs) / second).toBeLessThan(1);
    expect(bench.acs.events.at(-1)).toContain("6 CONNECTION REQUEST");
    for (let times = 1; times < 10; times++) {
      bench.call();
      bench.until(() => !bench.cpe.snapshot().inSession);
    }
    expect(bench.cpe.handleConnectionRequest(bench.nowNs)).toBe("limited");
  });
});

it("restarts when the session is over, and says with which key", () => {
  const bench = new CpeBench().booted();
  bench.acs.tasks.push({ method: "Reboot", commandKey: "r1" });
  bench.call();
  bench.until(() => bench.acs.sessions.length === 3);
  expect(bench.acs.of("Inform").at(-1)!.events).toEqual([
    { eventCode: "M Reboot", commandKey: "r1" },
    { eventCode: "1 BOOT", commandKey: "" },
  ]);
  bench.run(86_400 * second);
  expect(bench.acs.events.filter((events) => events.includes("M Reboot")).length).toBe(1);
});

it("forgets its ACS and what that set, and bootstraps", () => {
  const bench = new CpeBench().booted();
  bench.acs.tasks.push(download(bench.url, { delaySeconds: 600 }), { method: "FactoryReset" });
  bench.call();
  bench.until(() => bench.acs.sessions.length === 3);
  expect(bench.acs.events.at(-1)).toEqual(["1 BOOT", "0 BOOTSTRAP"]);
  expect(bench.record?.transfers).toEqual([]);
});

it("goes to the ACS that it is given, and bootstraps there", () => {
  const bench = new CpeBench().booted();
  const value = { type: "string" as const, text: `${ACS_URL}/other` };
  bench.acs.tasks.push({
    method: "SetParameterValues",
    parameterKey: "",
    parameters: [{ name: "Device.ManagementServer.URL", value }],
  });
  bench.call();
  bench.until(() => bench.acs.sessions.length === 3);
  expect([bench.requests.at(-1)?.url, bench.acs.events.at(-1)]).toEqual([`${ACS_URL}/other`, ["0 BOOTSTRAP"]]);
});
