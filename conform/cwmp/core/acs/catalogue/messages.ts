/** Cases: requests of a CPE to its ACS, and envelopes that are odd. */
import { ACS_FAULTS, type CwmpMessageOf, writeCwmp } from "../../../../../cwmp/index.ts";
import type { AcsTester } from "../tester.ts";
import { type AcsCase, fail, field, step, tr069, turnedAway } from "./steps.ts";

const LONG = 256;

const complete = (change: Partial<CwmpMessageOf<"TransferComplete">> = {}): CwmpMessageOf<"TransferComplete"> => ({
  method: "TransferComplete",
  commandKey: "conform-unknown",
  fault: { faultCode: 0, faultString: "" },
  startTime: "unknown",
  completeTime: "unknown",
  ...change,
});

/** TransferComplete that is acknowledged, in a session that was opened for it. */
const acknowledged = (
  id: string,
  title: string,
  objective: string,
  message: (t: AcsTester) => CwmpMessageOf<"TransferComplete">,
  times = 1,
): AcsCase =>
  tr069({
    id: `transfer.${id}`,
    title,
    clause: "A.3.3.2",
    objective,
    preconditions: [],
    steps: Array.from({ length: times }, (_, index) =>
      step(`${index === 0 ? "Send it" : "Send it again, in another session"}: TransferCompleteResponse.`, async (t) => {
        const told = message(t);
        const session = await t.informed({
          events: [
            { eventCode: "7 TRANSFER COMPLETE", commandKey: "" },
            { eventCode: "M Download", commandKey: told.commandKey },
          ],
        });
        const { envelope, answer } = await session.ask(told, "TransferCompleteResponse", { id: "tc-1" });
        if (envelope.id !== "tc-1") fail("wrong-id", `ID "${envelope.id}"`, answer, "3.5");
        await session.finish();
      }),
    ),
    pass: "TransferCompleteResponse with the ID.",
  });

const otherwise = (t: AcsTester): string =>
  writeCwmp({ version: "1.2", id: "p-1", message: t.inform() })
    .replaceAll("soap-env:", "S:")
    .replaceAll("xmlns:soap-env", "xmlns:S")
    .replaceAll("cwmp:", "q:")
    .replaceAll("xmlns:cwmp", "xmlns:q")
    .replace("<S:Body>", "<!-- as another stack writes it -->\n  <S:Body>\n");

export const acsMessageCases = [
  acknowledged("complete", "TransferComplete is acknowledged", "Else the CPE tells it again for ever.", () =>
    complete({ completeTime: 1_767_225_600_000, startTime: 1_767_225_000_000 }),
  ),
  acknowledged(
    "again",
    "TransferComplete that comes again is acknowledged again",
    "An answer may have been lost.",
    () => complete(),
    2,
  ),
  acknowledged(
    "fault",
    "A transfer that failed is acknowledged",
    "With its fault, and a text as long as it may be.",
    () => complete({ fault: { faultCode: 9010, faultString: "x".repeat(LONG) } }),
  ),
  acknowledged(
    "no-key",
    "A transfer without a key is acknowledged",
    "An operator may have asked for it by other means.",
    () => complete({ commandKey: "" }),
  ),
  acknowledged("vendor-fault", "A fault of a vendor is acknowledged", "9800 to 9899 are vendors'.", () =>
    complete({ fault: { faultCode: 9801, faultString: "flash worn out" } }),
  ),
  tr069({
    id: "transfer.autonomous",
    title: "AutonomousTransferComplete is acknowledged",
    clause: "A.3.3.3",
    objective: "A transfer that nobody asked for.",
    preconditions: [],
    steps: [
      step("Send it.", async (t) => {
        const session = await t.informed({
          events: [{ eventCode: "10 AUTONOMOUS TRANSFER COMPLETE", commandKey: "" }],
        });
        await session.ask(
          {
            method: "AutonomousTransferComplete",
            announceUrl: "",
            transferUrl: "",
            isDownload: true,
            fileType: "1 Firmware Upgrade Image",
            fileSizeBytes: 0,
            targetFileName: "",
            fault: { faultCode: 0, faultString: "" },
            startTime: "unknown",
            completeTime: "unknown",
          },
          "AutonomousTransferCompleteResponse",
        );
        await session.finish();
      }),
    ],
    pass: "AutonomousTransferCompleteResponse.",
  }),
  tr069({
    id: "transfer.request",
    title: "RequestDownload is answered, or 8000",
    clause: "A.4.2.2",
    objective: "A CPE may ask for a file; the ACS need not know how.",
    preconditions: [],
    steps: [
      step("Send it.", async (t) => {
        const session = await t.informed({ events: [{ eventCode: "9 REQUEST DOWNLOAD", commandKey: "" }] });
        const answer = await session.post({
          method: "RequestDownload",
          fileType: "1 Firmware Upgrade Image",
          fileArguments: [],
        });
        const message = answer.envelope?.message;
        const isRefused = message?.method === "Fault" && message.faultCode === ACS_FAULTS.methodNotSupported;
        if (message?.method !== "RequestDownloadResponse" && !isRefused)
          fail("wrong-answer", `${message?.method ?? "no envelope"} to RequestDownload`, answer);
        await session.finish();
      }),
    ],
    pass: "RequestDownloadResponse, or fault 8000.",
  }),
  tr069({
    id: "rpc.methods",
    title: "GetRPCMethods names what an ACS has to know",
    clause: "A.3.1.1",
    objective: "Inform, GetRPCMethods and TransferComplete.",
    preconditions: [],
    steps: [
      step("GetRPCMethods.", async (t) => {
        const session = await t.informed();
        const { message, answer } = await session.ask({ method: "GetRPCMethods" }, "GetRPCMethodsResponse");
        for (const name of ["Inform", "GetRPCMethods", "TransferComplete"])
          if (!message.methods.includes(name)) fail("wrong-attribute", `${name} is missing`, answer);
        await session.finish();
      }),
    ],
    pass: "The three are there.",
  }),
  tr069({
    id: "rpc.unknown",
    title: "A method that there is not is answered 8000",
    clause: "A.5.2",
    objective: "A fault, and the session goes on.",
    preconditions: [],
    steps: [
      step("Send a request of our own invention; then go on.", async (t) => {
        const session = await t.informed();
        const text = writeCwmp({ version: "1.2", id: "u-1", message: { method: "GetRPCMethods" } });
        const { message, answer } = await session.ask(
          text.replaceAll("GetRPCMethods", "MakeCoffee"),
          "Fault",
          {},
          "to a method that there is not",
        );
        if (message.faultCode !== ACS_FAULTS.methodNotSupported)
          fail("wrong-fault", `fault ${message.faultCode}, not 8000`, answer);
        await session.ask({ method: "GetRPCMethods" }, "GetRPCMethodsResponse");
        await session.finish();
      }),
    ],
    pass: "8000, and the list behind it.",
  }),
  tr069({
    id: "soap.prefixes",
    title: "Prefixes are the sender's choice",
    clause: "3.5",
    objective: "Names count by their namespaces; comments and white space mean nothing.",
    preconditions: [],
    steps: [
      step("An Inform with other prefixes.", async (t) => {
        const session = t.session();
        await session.ask(otherwise(t), "InformResponse", {}, "to an Inform with other prefixes");
        await session.finish();
      }),
    ],
    pass: "InformResponse.",
  }),
  field({
    id: "soap.no-id",
    title: "CPEs without IDs are answered",
    clause: "3.5",
    objective: "Old stacks leave the ID out.",
    preconditions: [],
    steps: [
      step("An Inform without an ID.", async (t) => {
        const session = t.session();
        await session.ask(t.inform(), "InformResponse", { id: "" });
        await session.finish();
      }),
    ],
    pass: "InformResponse.",
  }),
  tr069({
    id: "soap.must-understand",
    title: "What must be understood and is not, is refused",
    clause: "3.5",
    objective:
      "A header with mustUnderstand that the ACS does not know makes it refuse the envelope (SOAP 1.1, 4.2.3).",
    preconditions: [],
    steps: [
      step("An Inform with such a header.", async (t) => {
        const text = writeCwmp({ version: "1.2", id: "m-1", message: t.inform() }).replace(
          "</soap-env:Header>",
          '<x:New xmlns:x="urn:poncast:new" soap-env:mustUnderstand="1">1</x:New></soap-env:Header>',
        );
        turnedAway(await t.session().post(text), "to a header that must be understood");
      }),
      step("An Inform without it is answered.", (t) => t.alive()),
    ],
    pass: "A fault or a status of HTTP; alive.",
  }),
  field({
    id: "soap.garbage",
    title: "What is no envelope is refused",
    clause: "3.5",
    objective: "Half a message, and bytes without a meaning.",
    preconditions: [],
    steps: [
      step("Half an Inform.", async (t) => {
        const text = writeCwmp({ version: "1.2", id: "g-1", message: t.inform() });
        turnedAway(await t.session().post(text.slice(0, text.length / 2)), "to half an Inform");
      }),
      step("Not XML.", async (t) => turnedAway(await t.session().post("hello, ACS"), "to what is not XML")),
      step("An Inform is answered.", (t) => t.alive()),
    ],
    pass: "Refused; alive.",
  }),
  field({
    id: "soap.doctype",
    title: "A document type is refused",
    clause: "3.5",
    objective: "SOAP has none (SOAP 1.1, 3); entities of a stranger's making are not expanded.",
    preconditions: [],
    steps: [
      step("An Inform with a document type and an entity in it.", async (t) => {
        const text = writeCwmp({ version: "1.2", id: "d-1", message: t.inform() })
          .replace("?>", '?><!DOCTYPE x [<!ENTITY e "expanded">]>')
          .replace("<Manufacturer>", "<Manufacturer>&e;");
        turnedAway(await t.session().post(text), "to an Inform with a document type");
      }),
    ],
    pass: "Refused.",
  }),
];
