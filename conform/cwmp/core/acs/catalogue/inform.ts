/** Cases: how an ACS takes Informs, whatever is in them. */
import { CWMP_EVENTS, CWMP_VERSIONS, type CwmpVersion, writeCwmp } from "../../../../../cwmp/index.ts";
import type { AcsTester } from "../tester.ts";
import { type AcsCase, fail, field, step, tr069, turnedAway } from "./steps.ts";

const EVENTS_MAX = 64;
const MANY = 500;
const ODD = ["<&>\"'", "grüße, 世界", "", " spaces ", "x".repeat(2_000), "line\nbreak", "0"];

/** An Inform that is answered well, in a session that comes to its end. */
const taken = (
  id: string,
  title: string,
  objective: string,
  change: (t: AcsTester) => Parameters<AcsTester["inform"]>[0],
  clause = "A.3.3.1",
): AcsCase =>
  tr069({
    id: `inform.${id}`,
    title,
    clause,
    objective,
    preconditions: [],
    steps: [
      step("Send such an Inform: InformResponse, and a session that comes to its end.", async (t) => {
        const session = await t.informed(change(t));
        await session.finish();
      }),
    ],
    pass: "InformResponse, and an end.",
  });

export const acsInformCases = [
  tr069({
    id: "inform.answer",
    title: "An Inform is answered",
    clause: "A.3.3.1",
    objective: "InformResponse with MaxEnvelopes 1 and the ID of the Inform.",
    preconditions: [],
    steps: [
      step("Send an Inform.", async (t) => {
        const session = t.session();
        const { envelope, message, answer } = await session.ask(t.inform(), "InformResponse", { id: "an ID" });
        if (message.maxEnvelopes !== 1) fail("wrong-attribute", `MaxEnvelopes ${message.maxEnvelopes}`, answer);
        if (envelope.id !== "an ID") fail("wrong-id", `ID "${envelope.id}"`, answer, "3.5");
        await session.finish();
      }),
    ],
    pass: "InformResponse, MaxEnvelopes 1, the same ID.",
  }),
  tr069({
    id: "inform.http",
    title: "An answer is 200, and text/xml",
    clause: "3.4.1",
    objective: "What has an envelope has Content-Type text/xml, in UTF-8.",
    preconditions: [],
    steps: [
      step("Send an Inform; look at status and headers.", async (t) => {
        const session = t.session();
        const { answer } = await session.ask(t.inform(), "InformResponse");
        const type = answer.http.ok ? (answer.http.headers["content-type"] ?? "") : "";
        if (!/^text\/xml\b/i.test(type)) fail("wrong-http", `Content-Type "${type}"`, answer);
        if (/charset=/i.test(type) && !/charset="?utf-8"?/i.test(type))
          fail("wrong-http", `Content-Type "${type}"`, answer);
        await session.finish();
      }),
    ],
    pass: "200 and text/xml.",
  }),
  tr069({
    id: "inform.versions",
    title: "Each CPE is answered in its version",
    clause: "3.7.2.1",
    objective: "The namespace of the answer is that of the Inform, or of an older version.",
    preconditions: [],
    steps: CWMP_VERSIONS.map((version: CwmpVersion) =>
      step(`An Inform of CWMP ${version}.`, async (t) => {
        const session = t.session();
        const { envelope, answer } = await session.ask(t.inform(), "InformResponse", { version });
        if (envelope.version > version) fail("wrong-version", `CWMP ${envelope.version} to CWMP ${version}`, answer);
        await session.finish();
      }),
    ),
    pass: "None newer than that of the Inform.",
  }),
  tr069({
    id: "inform.use-version",
    title: "Of the versions that a CPE offers one is taken",
    clause: "3.7.2.1",
    objective: "UseCWMPVersion, where it is there, is one of SupportedCWMPVersions.",
    preconditions: [],
    steps: [
      step("An Inform of CWMP 1.4 that offers 1.0, 1.2 and 1.4.", async (t) => {
        const session = t.session();
        const supportedVersions = ["1.0", "1.2", "1.4"];
        const text = writeCwmp({ version: "1.4", id: "1", supportedVersions, message: t.inform() });
        const { envelope, answer } = await session.ask(text, "InformResponse", {}, "to an Inform of CWMP 1.4");
        const { useVersion } = envelope;
        if (useVersion !== undefined && !supportedVersions.includes(useVersion))
          fail("wrong-version", `UseCWMPVersion ${useVersion}`, answer);
        await session.finish();
      }),
    ],
    pass: "None, or one of the three.",
  }),
  taken("boot", "A CPE that comes for the first time", "0 BOOTSTRAP and 1 BOOT.", () => ({
    events: [CWMP_EVENTS.bootstrap, CWMP_EVENTS.boot].map((eventCode) => ({ eventCode, commandKey: "" })),
  })),
  taken(
    "all-events",
    "Every event of the standard",
    "An ACS that has no use for an event takes the Inform.",
    () => ({
      events: Object.values(CWMP_EVENTS).map((eventCode) => ({ eventCode, commandKey: "" })),
    }),
    "3.7.1.5",
  ),
  taken("many-events", `${EVENTS_MAX} events`, "An Inform may have 64 events.", () => ({
    events: Array.from({ length: EVENTS_MAX }, (_, index) => ({
      eventCode: CWMP_EVENTS.methodDownload,
      commandKey: `key-${index}`,
    })),
  })),
  taken(
    "vendor-event",
    "An event of a vendor",
    "X, an OUI and a text: events that nobody has heard of.",
    () => ({
      events: [{ eventCode: "X 00D09E Something Happened", commandKey: "" }],
    }),
    "3.7.1.5",
  ),
  taken("many-parameters", `${MANY} parameters`, "A device may have much to tell.", (t) => ({
    parameters: [
      ...t.parameters(),
      ...Array.from({ length: MANY }, (_, index) => ({
        name: `Device.X_PONCAST.Table.${index + 1}.Value`,
        value: { type: "unsignedInt" as const, text: `${index}` },
      })),
    ],
  })),
  taken(
    "odd-values",
    "Values with all that XML allows",
    "Characters that XML has others for, others than ASCII, long and empty ones.",
    (t) => ({
      parameters: [
        ...t.parameters(),
        ...ODD.map((text, index) => ({
          name: `Device.X_PONCAST.Odd.${index + 1}`,
          value: { type: "string" as const, text },
        })),
      ],
    }),
  ),
  taken(
    "retry-count",
    "A CPE that has tried in vain",
    "RetryCount says how often.",
    () => ({ retryCount: 7 }),
    "3.2.1.1",
  ),
  taken("no-clock", "A CPE that knows no time", "CurrentTime is the Unknown Time.", () => ({ currentTime: "unknown" })),
  taken("old-root", "A device of TR-098", "Its parameters begin with InternetGatewayDevice.", (t) => ({
    parameters: t
      .parameters()
      .map(({ name, value }) => ({ name: name.replace("Device.", "InternetGatewayDevice."), value })),
  })),
  field({
    id: "inform.malformed",
    title: "An Inform without a DeviceId is refused",
    clause: "A.5.2",
    objective: "Whoever does not say who it is, is nobody: 8003, or a status of HTTP.",
    preconditions: [],
    steps: [
      step("Send an Inform without a DeviceId.", async (t) => {
        const text = writeCwmp({ version: "1.2", id: "1", message: t.inform() });
        turnedAway(
          await t.session().post(text.replace(/<DeviceId>.*<\/DeviceId>/s, "")),
          "to an Inform without a DeviceId",
        );
      }),
      step("An Inform as it should be is answered.", (t) => t.alive()),
    ],
    pass: "Refused; alive.",
  }),
];
