/** Sessions and tasks: who speaks when, one request at a time, what is out of order, and what a restart keeps. */
import { beforeEach, describe, expect, it } from "vitest";
import { CWMP_EVENTS } from "../../../../cwmp/index.ts";
import { type Acs, type AcsRequest, readAcsRequest } from "../../../../headend/acs/core/index.ts";
import { DEVICE, image, Kept, TestSession, complete } from "./fixture.ts";

let kept: Kept;
let acs: Acs;
const session = (): TestSession => new TestSession(acs, kept);
const request = (json: object): AcsRequest => {
  const read = readAcsRequest(json);
  if (typeof read === "string") throw new Error(read);
  return read;
};
const add = (json: object): number => {
  const id = acs.addTask(DEVICE, request(json));
  if (typeof id === "string") throw new Error(id);
  kept.take(acs);
  return id;
};
const task = (id: number) => acs.device(DEVICE)!.tasks.find((each) => each.id === id);

beforeEach(() => {
  kept = new Kept();
  acs = kept.acs([image("1.0.0", "1")]);
  const first = session();
  first.inform("1.0.0", [[CWMP_EVENTS.bootstrap]]);
  expect(first.empty()).toBe("end");
});

describe("the order of a session", () => {
  it("the CPE's own requests first, the ACS's behind the empty POST, one by one, then it is over", () => {
    add({ method: "GetParameterValues", names: ["Device."] });
    add({ method: "Reboot" });
    const each = session();
    expect(each.inform("1.0.0")).toMatchObject({ method: "InformResponse" });
    expect(each.say({ method: "GetRPCMethods" })).toEqual({
      method: "GetRPCMethodsResponse",
      methods: ["Inform", "GetRPCMethods", "TransferComplete", "AutonomousTransferComplete", "RequestDownload"],
    });
    expect(each.say({ method: "RequestDownload", fileType: "", fileArguments: [] })).toMatchObject({
      method: "RequestDownloadResponse",
    });
    expect(each.say(complete("somebody else's"))).toMatchObject({ method: "TransferCompleteResponse" });
    expect(each.empty()).toEqual({ method: "GetParameterValues", names: ["Device."] });
    expect(each.say({ method: "GetParameterValuesResponse", parameters: [] })).toEqual({
      method: "Reboot",
      commandKey: "poncast-2",
    });
    expect(each.say({ method: "RebootResponse" })).toBe("end");
    expect(each.session.isOver).toBe(true);
    expect(each.empty()).toMatchObject({ status: 400 });
    expect(each.say({ method: "GetRPCMethods" })).toMatchObject({ status: 400 });
  });

  it.each<[string, (each: TestSession) => unknown]>([
    ["an empty POST", (each) => each.empty()],
    ["a request", (each) => each.say({ method: "GetRPCMethods" })],
    ["an answer", (each) => each.say({ method: "RebootResponse" })],
  ])("a session that begins with %s is none", (_, say) => {
    expect(say(session())).toEqual({ status: 400, line: "a session begins with an Inform" });
  });

  it("answers that nobody waits for, or with another ID, or to something else", () => {
    add({ method: "Reboot" });
    const each = session();
    each.inform("1.0.0");
    expect(each.say({ method: "RebootResponse" })).toMatchObject({ status: 400 });
    each.empty();
    expect(each.say({ method: "RebootResponse" }, "other")).toMatchObject({ status: 400 });
    expect(each.say({ method: "FactoryResetResponse" })).toMatchObject({ status: 400 });
    // A device without IDs.
    expect(each.say({ method: "RebootResponse" }, "")).toBe("end");
  });

  it("an Inform in the middle begins anew; one of another connection takes over", () => {
    add({ method: "Reboot" });
    const each = session();
    each.inform("1.0.0");
    each.empty();
    expect(each.inform("1.0.0")).toMatchObject({ method: "InformResponse" });
    const other = session();
    other.inform("1.0.0");
    expect(each.session.isOver).toBe(true);
    expect(other.empty()).toMatchObject({ method: "Reboot" });
  });

  it("methods that are not known, or are for a CPE, and bytes that are none", () => {
    const each = session();
    each.inform("1.0.0");
    const soap = 'xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:c="urn:dslforum-org:cwmp-1-2"';
    const body = (inside: string): string => `<s:Envelope ${soap}><s:Body>${inside}</s:Body></s:Envelope>`;
    expect(each.post(body("<c:Kicked/>"))).toMatchObject({ method: "Fault", faultCode: 8_000 });
    expect(each.post(body("<c:TransferComplete/>"))).toMatchObject({ method: "Fault", faultCode: 8_003 });
    expect(each.post("hello")).toMatchObject({ status: 400 });
    expect(each.say({ method: "Reboot", commandKey: "" }, "x")).toMatchObject({ method: "Fault", faultCode: 8_000 });
    expect(each.empty()).toBe("end");
  });

  it("has an end", () => {
    const each = session();
    each.inform("1.0.0");
    for (let count = 1; count < 256; count++) each.say({ method: "GetRPCMethods" });
    expect(each.say({ method: "GetRPCMethods" })).toMatchObject({ status: 400 });
    expect(each.session.isOver).toBe(true);
  });
});

describe("tasks", () => {
  it("an answer is kept, a fault too", () => {
    const get = add({ method: "GetParameterValues", names: ["Device.X"] });
    const set = add({
      method: "SetParameterValues",
      parameters: [{ name: "Device.X", value: { type: "string", text: "1" } }],
    });
    const each = session();
    each.inform("1.0.0");
    each.empty();
    const parameters = [{ name: "Device.X", value: { type: "string", text: "0" } }] as const;
    each.say({ method: "GetParameterValuesResponse", parameters });
    expect(each.fault(9_008)).toBe("end");
    const restored = kept.acs([]);
    const tasks = restored.device(DEVICE)!.tasks;
    expect(tasks.find(({ id }) => id === get)).toMatchObject({ ended: "success", result: { parameters } });
    expect(tasks.find(({ id }) => id === set)).toMatchObject({ ended: "failure", code: 9_008 });
  });

  it("an answer that cannot be read is a failure of that task alone", () => {
    const first = add({ method: "GetParameterValues", names: ["Device.X"] });
    add({ method: "FactoryReset" });
    const each = session();
    each.inform("1.0.0");
    each.empty();
    const soap = 'xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:c="urn:dslforum-org:cwmp-1-2"';
    const said = each.post(
      `<s:Envelope ${soap}><s:Header><c:ID>${each.asked}</c:ID></s:Header><s:Body><c:GetParameterValuesResponse/></s:Body></s:Envelope>`,
    );
    expect(said).toEqual({ method: "FactoryReset" });
    expect(task(first)).toMatchObject({ ended: "failure", detail: expect.stringContaining("cannot be read") });
  });

  it("one that is not answered is asked again, a restart that was done is not", () => {
    const id = add({ method: "Reboot" });
    const each = session();
    each.inform("1.0.0");
    expect(each.empty()).toMatchObject({ method: "Reboot" });
    expect(each.empty()).toBe("end");
    const next = session();
    next.inform("1.0.0", [[CWMP_EVENTS.boot], [CWMP_EVENTS.methodReboot, `poncast-${id}`]]);
    expect(next.empty()).toBe("end");
    expect(task(id)).toMatchObject({ ended: "success", detail: "has restarted" });
  });

  it("three times at most", () => {
    const id = add({ method: "GetAllQueuedTransfers" });
    for (let count = 0; count < 3; count++) {
      const each = session();
      each.inform("1.0.0");
      expect(each.empty()).toMatchObject({ method: "GetAllQueuedTransfers" });
    }
    const last = session();
    last.inform("1.0.0");
    expect(last.empty()).toBe("end");
    expect(task(id)).toMatchObject({ ended: "failure" });
  });

  it("a download of a configuration waits for its TransferComplete, over a restart", () => {
    const id = add({ method: "Download", fileType: "3 Vendor Configuration File", url: "https://acs.test/c" });
    const each = session();
    each.inform("1.0.0");
    expect(each.empty()).toMatchObject({ method: "Download", commandKey: `poncast-${id}` });
    each.say({ method: "DownloadResponse", status: 1, startTime: "unknown", completeTime: "unknown" });
    acs = kept.acs(acs.artifacts);
    expect(task(id)).toMatchObject({ state: "taken" });
    const next = session();
    next.inform("1.0.0", [[CWMP_EVENTS.transferComplete], [CWMP_EVENTS.methodDownload, `poncast-${id}`]]);
    next.say(complete(`poncast-${id}`));
    expect(task(id)).toMatchObject({ ended: "success" });
  });

  it("64 wait at most, for a device that is known", () => {
    const reboot = request({ method: "Reboot" });
    expect(acs.addTask("nobody", reboot)).toBe("notFound");
    for (let count = 0; count < 64; count++) expect(acs.addTask(DEVICE, reboot)).toBeTypeOf("number");
    expect(acs.addTask(DEVICE, reboot)).toBe("full");
  });

  it("what is kept of those that have ended is bounded; a snapshot has all of it", () => {
    for (let count = 0; count < 40; count++) {
      add({ method: "FactoryReset" });
      const each = session();
      each.inform("1.0.0");
      each.empty();
      each.say({ method: "FactoryResetResponse" });
    }
    expect(acs.device(DEVICE)!.tasks.length).toBe(16);
    const restored = kept.acs([]);
    restored.restore(acs.snapshot(), []);
    expect(restored.snapshot()).toEqual(acs.snapshot());
  });
});

it.each([
  [undefined, /object/],
  [{ method: "Inform" }, /not sent by an ACS/],
  [{ method: "toString" }, /no RPC/],
  [{ method: "Reboot", key: "a" }, /Reboot has no key; it has commandKey/],
  [{ method: "Reboot", commandKey: "x".repeat(40) }, /CommandKey has at most 32/],
  [{ method: "ScheduleInform", delaySeconds: "soon" }, /ScheduleInform/],
  [{ method: "GetParameterValues", names: [1] }, /GetParameterValues/],
])("no request: %j", (json, problem) => {
  expect(readAcsRequest(json)).toEqual(expect.stringMatching(problem));
});

it("a device is given name and password for connection requests once, and anew when it was reset", () => {
  kept = new Kept();
  acs = kept.acs([], { setsConnectionRequest: true });
  const boot = [[CWMP_EVENTS.bootstrap]] as const;
  for (const events of [boot, boot]) {
    const each = session();
    each.inform("1.0.0", events);
    expect(each.empty()).toMatchObject({
      method: "SetParameterValues",
      parameters: [
        { name: "Device.ManagementServer.ConnectionRequestUsername", value: { text: "acs" } },
        { name: "Device.ManagementServer.ConnectionRequestPassword", value: { text: "knock" } },
      ],
    });
    expect(each.say({ method: "SetParameterValuesResponse", status: 0 })).toBe("end");
  }
  const later = session();
  later.inform("1.0.0");
  expect(later.empty()).toBe("end");
  expect(acs.connectionRequestOf(DEVICE)).toEqual({
    url: "http://127.0.0.1:7547/x",
    username: "acs",
    password: "knock",
  });
});

it("a device is asked when it comes for the first time, and not again", () => {
  kept = new Kept();
  acs = kept.acs([], { firstTasks: [request({ method: "GetRPCMethods" })] });
  const first = session();
  first.inform("1.0.0");
  expect(first.empty()).toEqual({ method: "GetRPCMethods" });
  expect(first.say({ method: "GetRPCMethodsResponse", methods: ["Reboot"] })).toBe("end");
  const second = session();
  second.inform("1.0.0");
  expect(second.empty()).toBe("end");
});

it("more devices than are allowed are turned away", () => {
  kept = new Kept();
  acs = kept.acs([], { devicesMax: 0 });
  expect(session().inform("1.0.0")).toEqual({ status: 503, line: "too many devices" });
});

it("whoever has shown the name of another device is turned away", () => {
  const each = acs.openSession({ origin: "", maySpeakFor: (device) => device !== DEVICE });
  const inform = new TestSession(acs, kept);
  Object.assign(inform, { session: each });
  expect(inform.inform("1.0.0")).toMatchObject({ status: 403 });
});
