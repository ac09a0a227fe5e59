/** What is no message, and how the one who sent it is answered. */
import { describe, expect, it } from "vitest";
import { CWMP_MESSAGE_BYTES_MAX, cwmpFault, faultForReading, readCwmp } from "../../cwmp/index.ts";

const SOAP = "http://schemas.xmlsoap.org/soap/envelope/";
const body = (inside: string): string => `<s:Body>${inside}</s:Body>`;
const envelope = (inside: string, cwmp = "urn:dslforum-org:cwmp-1-2"): string =>
  `<s:Envelope xmlns:s="${SOAP}" xmlns:c="${cwmp}">${inside}</s:Envelope>`;
const header = (inside: string): string => `<s:Header>${inside}</s:Header>`;
const read = (text: string): ReturnType<typeof readCwmp> => readCwmp(Buffer.from(text));
const faultOf = (text: string): object => {
  const reading = read(text);
  return reading.ok ? reading : reading.fault;
};

const ID = header('<c:ID s:mustUnderstand="1">7</c:ID>');
const REBOOT = "<c:Reboot><CommandKey>k</CommandKey></c:Reboot>";

it.each([
  ["nothing", "", /no element|root/],
  ["text", "hello", /not well-formed XML/],
  ["two roots", "<a/><b/>", /not well-formed XML/],
  ["an entity of its own", "<a>&x;</a>", /not well-formed XML/],
  ["a prefix that stands for nothing", "<a:b/>", /not well-formed XML/],
  ["a document type", `<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>`, /document type/],
  ["a processing instruction", "<a><?b c?></a>", /processing instruction/],
  ["elements that are too deep", "<a>".repeat(50) + "</a>".repeat(50), /deeper than 24/],
  ["too many elements", `<a>${"<b/>".repeat(20_000)}</a>`, /more than 16384 elements/],
  ["too many attributes", `<a ${Array.from({ length: 70 }, (_, index) => `b${index}=""`).join(" ")}/>`, /attributes/],
  ["too many bytes", " ".repeat(CWMP_MESSAGE_BYTES_MAX + 1), /longer than/],
])("%s is no XML that is taken", (_, text, problem) => {
  expect(faultOf(text)).toEqual({ kind: "xml", id: "", problem: expect.stringMatching(problem) });
});

it("what is not UTF-8 is none either", () => {
  expect(readCwmp(Uint8Array.of(0x3c, 0x61, 0xe4, 0x2f, 0x3e))).toMatchObject({ fault: { problem: "not UTF-8" } });
});

it.each([
  ["another root", "<a/>", /no envelope of SOAP 1.1/],
  ["SOAP 1.2", `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"/>`, /no envelope of SOAP 1.1/],
  ["no body", envelope(""), /no body/],
  ["an empty body", envelope(body("")), /0 messages/],
  ["two messages", envelope(body(REBOOT + REBOOT)), /2 messages/],
  ["a message of somebody else", envelope(body("<a/>")), /no message of CWMP/],
  [
    "a fault that is not CWMP's",
    envelope(body("<s:Fault><faultcode>s:Client</faultcode></s:Fault>")),
    /nothing of CWMP/,
  ],
  [
    "a header that must be understood",
    envelope(header('<a s:mustUnderstand="1"/>') + body(REBOOT)),
    /must be understood/,
  ],
])("%s is no message", (_, text, problem) => {
  expect(faultOf(text)).toMatchObject({ kind: "soap", problem: expect.stringMatching(problem) });
});

it("a header that need not be understood is passed over", () => {
  expect(read(envelope(header("<a/><c:NoMoreRequests>0</c:NoMoreRequests>") + body(REBOOT))).ok).toBe(true);
});

it("what somebody else calls ID is none of CWMP's", () => {
  const foreign = '<x:ID xmlns:x="urn:x">9</x:ID>';
  expect(read(envelope(header(`${foreign}<c:ID>7</c:ID>`) + body(REBOOT)))).toMatchObject({ envelope: { id: "7" } });
});

it("a version that nobody knows is told from one that is no CWMP", () => {
  expect(faultOf(envelope(ID + body(REBOOT), "urn:dslforum-org:cwmp-2-0"))).toMatchObject({ kind: "version", id: "7" });
});

it("a method that is not known can be answered: version, ID and name are told", () => {
  expect(faultOf(envelope(ID + body("<c:SetVouchers/>")))).toEqual({
    kind: "method",
    problem: "SetVouchers is no method that is known",
    version: "1.2",
    id: "7",
    method: "SetVouchers",
  });
});

const download = (change: (fields: string) => string): string => {
  const fields = ["CommandKey", "FileType", "URL", "Username", "Password"]
    .map((name) => `<${name}>a</${name}>`)
    .join("");
  const rest = "<FileSize>1</FileSize><TargetFileName/><DelaySeconds>0</DelaySeconds><SuccessURL/><FailureURL/>";
  return envelope(ID + body(`<c:Download>${change(fields + rest)}</c:Download>`));
};

describe("arguments", () => {
  it("all of them: it is read", () => expect(read(download((fields) => fields)).ok).toBe(true));

  it("in another order, qualified, or beside some that are not known: they are read, too", () => {
    expect(read(download((fields) => `<c:New/><New/>${fields}`)).ok).toBe(true);
    expect(read(download((fields) => fields.replaceAll(/<(\/?)/g, "<$1c:"))).ok).toBe(true);
    expect(
      read(download((fields) => `<FileSize>2</FileSize>${fields.replace("<FileSize>1</FileSize>", "")}`)),
    ).toMatchObject({
      envelope: { message: { fileSizeBytes: 2 } },
    });
  });

  it.each([
    ["one is missing", "<URL>a</URL>", "", /URL is missing in Download/],
    ["one stands twice", "<URL>a</URL>", "<URL>a</URL><URL>b</URL>", /URL stands twice/],
    ["one has elements in it", "<URL>a</URL>", "<URL><b/></URL>", /URL has elements in it/],
    ["a text is too long", "<URL>a</URL>", `<URL>${"a".repeat(257)}</URL>`, /URL is longer than 256/],
    ["a number is none", "<FileSize>1</FileSize>", "<FileSize>many</FileSize>", /FileSize is no whole number/],
    ["a number is negative", "<FileSize>1</FileSize>", "<FileSize>-1</FileSize>", /FileSize is no whole number/],
    [
      "a number is too large",
      "<FileSize>1</FileSize>",
      "<FileSize>4294967296</FileSize>",
      /FileSize is no whole number/,
    ],
  ])("%s", (_, before, after, problem) => {
    const fault = faultOf(download((fields) => fields.replace(before, after)));
    expect(fault).toEqual({
      kind: "arguments",
      problem: expect.stringMatching(problem),
      version: "1.2",
      id: "7",
      method: "Download",
    });
  });

  it.each([
    [64, true],
    [65, false],
  ])("an Inform with %i events: %s", (count, isRead) => {
    const events = "<EventStruct><EventCode>2 PERIODIC</EventCode><CommandKey/></EventStruct>".repeat(count);
    const device = "<Manufacturer/><OUI>0</OUI><ProductClass/><SerialNumber>1</SerialNumber>";
    const rest = `<MaxEnvelopes>1</MaxEnvelopes><CurrentTime>0001-01-01T00:00:00Z</CurrentTime><RetryCount>0</RetryCount><ParameterList/>`;
    const inform = `<c:Inform><DeviceId>${device}</DeviceId><Event>${events}</Event>${rest}</c:Inform>`;
    expect(read(envelope(body(inform))).ok).toBe(isRead);
  });

  it.each(["2026-02-30T00:00:00Z", "2026-11-27", "yesterday", "2026-11-27T25:00:00Z", "2026-11-27T00:00:00+99:00", ""])(
    "%s is no time",
    (time) => {
      const message = `<c:DownloadResponse><Status>0</Status><StartTime>${time}</StartTime><CompleteTime>0001-01-01T00:00:00Z</CompleteTime></c:DownloadResponse>`;
      expect(faultOf(envelope(body(message)))).toMatchObject({ kind: "arguments", problem: "StartTime is no time" });
    },
  );

  it.each([
    ["2026-11-27T19:00:00Z", Date.UTC(2026, 10, 27, 19)],
    ["2026-11-27T20:00:00.250+01:00", Date.UTC(2026, 10, 27, 19, 0, 0, 250)],
    ["2026-11-27T19:00:00", Date.UTC(2026, 10, 27, 19)],
    ["0001-01-01T00:00:00", "unknown"],
    ["0001-01-01T00:05:00Z", Date.parse("0001-01-01T00:05:00Z")],
  ])("%s is a time", (time, wanted) => {
    const message = `<c:DownloadResponse><Status> 0 </Status><StartTime>${time}</StartTime><CompleteTime>0001-01-01T00:00:00Z</CompleteTime></c:DownloadResponse>`;
    expect(read(envelope(body(message)))).toMatchObject({
      envelope: { message: { startTime: wanted, completeTime: "unknown" } },
    });
  });
});

describe("what the sender is answered", () => {
  const fault = (kind: "xml" | "soap" | "version" | "method" | "arguments") =>
    ({ kind, problem: "so it is", id: "7", method: "AddObject" }) as const;

  it("a fault of the side that read it", () => {
    expect(faultForReading(fault("method"), "cpe")).toMatchObject({ soapFaultCode: "Server", faultCode: 9_000 });
    expect(faultForReading(fault("method"), "acs")).toMatchObject({ faultCode: 8_000 });
    expect(faultForReading(fault("arguments"), "cpe")).toMatchObject({
      soapFaultCode: "Client",
      faultCode: 9_003,
      faultString: "Invalid arguments: so it is",
    });
    expect(faultForReading(fault("version"), "acs")).toMatchObject({ faultCode: 8_006 });
  });

  it("none where it was no message at all", () => {
    expect(faultForReading(fault("xml"), "acs")).toBeUndefined();
    expect(faultForReading(fault("soap"), "cpe")).toBeUndefined();
  });

  it("a reason is cut to what a FaultString holds", () => {
    const { faultString } = cwmpFault(9_019, "\u{1F4E1}".repeat(200));
    expect(faultString.length).toBeLessThanOrEqual(256);
    expect(faultString).toMatch(/^File transfer failure: file authentication failure: \u{1F4E1}+$/u);
  });
});
