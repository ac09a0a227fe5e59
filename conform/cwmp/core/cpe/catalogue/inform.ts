/** Cases: what an Inform says, and when one comes. */
import { isCwmpEventCode } from "../../../../../cwmp/index.ts";
import { CWMP_LIMITS } from "../../limits.ts";
import { codesOf, type HeardSession } from "../acs.ts";
import type { CpeTester } from "../tester.ts";
import {
  BOOT,
  BOOTSTRAP,
  CONNECTION_REQUEST,
  fail,
  hasEvent,
  INTERVAL,
  M_SCHEDULE_INFORM,
  PERIODIC,
  SCHEDULED,
  step,
  tr069,
} from "./steps.ts";

const URL_PATH = "ManagementServer.URL";
const FORCED = [
  "DeviceInfo.HardwareVersion",
  "DeviceInfo.SoftwareVersion",
  "DeviceInfo.ProvisioningCode",
  "ManagementServer.ParameterKey",
  "ManagementServer.ConnectionRequestURL",
] as const;
const PERIOD_SECONDS = 20;
const DELAY_SECONDS = 15;
const MS_PER_SECOND = 1000;
/** Clocks of devices that know the time. */
const CLOCK_SLACK_MS = 24 * 3600 * MS_PER_SECOND;

const setUrl = (t: CpeTester, url: string): Promise<unknown> =>
  t.ask({ method: "SetParameterValues", parameters: [t.parameter(URL_PATH, "string", url)], parameterKey: "" });

/** The first session behind the one that goes on; it has to be at that path. */
async function there(t: CpeTester, path: string): Promise<HeardSession> {
  const from = t.acs.sessions.length;
  await t.quiet();
  if (t.acs.sessions.length === from && !(await t.until(() => t.acs.sessions.length > from, CWMP_LIMITS.silenceMs)))
    await t.call();
  await t.quiet();
  const session = t.acs.sessions[from]!;
  if (session.posts[0]?.path.endsWith(path) === true) return session;
  return fail("no-inform", `an Inform at ${session.posts[0]?.path}, not at the new URL`, session);
}

/** What was set before is set again afterwards. */
async function withPeriod(t: CpeTester, seconds: number, run: () => Promise<void>): Promise<void> {
  const { parameters } = await t.ask({
    method: "GetParameterValues",
    names: [t.known.path(INTERVAL), t.known.path("ManagementServer.PeriodicInformEnable")],
  });
  const set = [
    t.parameter("ManagementServer.PeriodicInformEnable", "boolean", "1"),
    t.parameter(INTERVAL, "unsignedInt", `${seconds}`),
  ];
  await t.ask({ method: "SetParameterValues", parameters: set, parameterKey: "" });
  try {
    await run();
  } finally {
    await t.tell({ method: "SetParameterValues", parameters, parameterKey: "" });
  }
}

export const informCases = [
  tr069({
    id: "inform.form",
    title: "An Inform says who the device is",
    clause: "A.3.3.1",
    objective: "DeviceId names manufacturer, OUI and serial number; MaxEnvelopes is 1.",
    preconditions: [],
    steps: [
      step("Have the CPE come; look at its Inform.", async (t) => {
        const session = await t.call();
        const { deviceId, maxEnvelopes } = session.inform;
        if (!/^[0-9A-F]{6}$/.test(deviceId.oui)) fail("wrong-attribute", `OUI "${deviceId.oui}"`, session);
        for (const name of ["manufacturer", "serialNumber"] as const)
          if (deviceId[name] === "") fail("wrong-attribute", `${name} is empty`, session);
        if (maxEnvelopes !== 1) fail("wrong-attribute", `MaxEnvelopes ${maxEnvelopes}`, session);
      }),
    ],
    pass: "Six hexadecimal digits in capitals, names that are not empty, MaxEnvelopes 1.",
  }),
  tr069({
    id: "inform.parameters",
    title: "An Inform has the parameters that every Inform has",
    clause: "A.3.3.1",
    objective: "An ACS learns version, hardware and where to ask for a session from each Inform.",
    preconditions: [],
    steps: [
      step("Have the CPE come; look for the parameters in its Inform.", async (t) => {
        const session = await t.call();
        const names = new Set(session.inform.parameters.map(({ name }) => name.split(".").slice(1).join(".")));
        for (const name of FORCED) if (!names.has(name)) fail("wrong-attribute", `${name} is missing`, session);
      }),
    ],
    pass: "Hardware and software version, provisioning code, ParameterKey and ConnectionRequestURL are there.",
  }),
  tr069({
    id: "inform.time",
    title: "An Inform tells the device's time, or that it knows none",
    clause: "A.3.3.1",
    objective: "CurrentTime is a time with its zone, or the Unknown Time.",
    preconditions: [],
    steps: [
      step("Have the CPE come; hold CurrentTime against our clock.", async (t) => {
        const session = await t.call();
        const { currentTime } = session.inform;
        if (currentTime === "unknown" || currentTime < 0) return;
        const offMs = Math.abs(currentTime - t.wallMs);
        if (offMs > CLOCK_SLACK_MS)
          fail("wrong-time", `CurrentTime is ${Math.round(offMs / MS_PER_SECOND)} s away from ours`, session);
      }),
    ],
    pass: "Unknown, or within a day of our clock.",
  }),
  tr069({
    id: "inform.events",
    title: "Events have the words of the standard",
    clause: "3.7.1.5",
    objective: "An ACS compares event codes as they are: each with one space, and as the table has them.",
    preconditions: [],
    steps: [
      step("Have the CPE come; look at its events.", async (t) => {
        const session = await t.call();
        const { events } = session.inform;
        if (events.length === 0) fail("wrong-event", "an Inform without an event", session);
        for (const { eventCode } of events)
          if (!isCwmpEventCode(eventCode)) fail("wrong-event", `"${eventCode}" is no event`, session);
      }),
    ],
    pass: "At least one event, and none of other words.",
  }),
  tr069({
    id: "inform.connection-request",
    title: "A connection request is followed by a session that says so",
    clause: "3.2.2.1",
    objective: "The session comes within 30 s, with 6 CONNECTION REQUEST and without what else may have been before.",
    preconditions: ["connection"],
    steps: [
      step("Have the CPE come, and end the session.", async (t) => {
        await t.call();
        await t.quiet();
      }),
      step("Ask for a session once more.", async (t) => {
        const session = await t.call();
        hasEvent(session, CONNECTION_REQUEST, "");
        const codes = codesOf(session);
        if (codes.includes(BOOT) || codes.includes(BOOTSTRAP))
          fail("wrong-event", `${codes.join(", ")} after a session that delivered them`, session);
      }),
    ],
    pass: "6 CONNECTION REQUEST, and neither 0 BOOTSTRAP nor 1 BOOT.",
  }),
  tr069({
    id: "inform.periodic",
    title: "Informs come periodically",
    clause: "3.7.1.5",
    objective: "With PeriodicInformEnable the CPE comes each PeriodicInformInterval, with 2 PERIODIC.",
    preconditions: [],
    steps: [
      step(`Set an interval of ${PERIOD_SECONDS} s; wait for two Informs with 2 PERIODIC.`, (t) =>
        withPeriod(t, PERIOD_SECONDS, async () => {
          const limitMs = 2 * PERIOD_SECONDS * MS_PER_SECOND;
          await t.quiet();
          const first = await t.informed([PERIODIC], limitMs);
          await t.quiet();
          const second = await t.informed([PERIODIC], limitMs);
          const apartMs = (second.posts[0]!.timeNs - first.posts[0]!.timeNs) / 1e6;
          if (Math.abs(apartMs / MS_PER_SECOND - PERIOD_SECONDS) > PERIOD_SECONDS / 2)
            fail("wrong-time", `${Math.round(apartMs / MS_PER_SECOND)} s between them`, second);
        }),
      ),
    ],
    pass: "Two of them, an interval apart, half of it more or less.",
  }),
  tr069({
    id: "inform.scheduled",
    title: "ScheduleInform brings the CPE back",
    clause: "A.4.1.2",
    objective:
      "After DelaySeconds, and not before, a session with 3 SCHEDULED and M ScheduleInform with the key comes.",
    preconditions: [],
    steps: [
      step(`ScheduleInform in ${DELAY_SECONDS} s; wait.`, async (t) => {
        const commandKey = t.key();
        await t.askOptional({ method: "ScheduleInform", delaySeconds: DELAY_SECONDS, commandKey });
        const askedNs = t.way.nowNs();
        await t.quiet();
        const session = await t.informed([SCHEDULED], DELAY_SECONDS * MS_PER_SECOND + CWMP_LIMITS.beginMs);
        hasEvent(session, M_SCHEDULE_INFORM, commandKey);
        const seconds = (session.posts[0]!.timeNs - askedNs) / 1e9;
        if (seconds < DELAY_SECONDS - 1) fail("too-early", `after ${seconds.toFixed(1)} s`, session);
      }),
    ],
    pass: "Both events, the key, not before the delay is over.",
  }),
  tr069({
    id: "inform.bootstrap",
    title: "An ACS at another URL hears 0 BOOTSTRAP",
    clause: "3.7.1.5",
    objective:
      "A new ACS has to learn that it is new: 0 BOOTSTRAP whenever the URL of the ACS has changed, and only then.",
    preconditions: [],
    steps: [
      step("Set ManagementServer.URL to another path of ours; have the CPE come: 0 BOOTSTRAP, there.", async (t) => {
        await setUrl(t, `${t.acsUrl}/other`);
        const session = await there(t, "/other");
        hasEvent(session, BOOTSTRAP, "");
      }),
      step("Have it come once more: no 0 BOOTSTRAP.", async (t) => {
        const session = await t.call();
        if (codesOf(session).includes(BOOTSTRAP)) fail("wrong-event", "0 BOOTSTRAP again", session);
      }),
      step("Set the URL back: 0 BOOTSTRAP again.", async (t) => {
        await setUrl(t, t.acsUrl);
        const session = await there(t, "/acs");
        hasEvent(session, BOOTSTRAP, "");
      }),
    ],
    pass: "0 BOOTSTRAP at each change, and not in between.",
  }),
];
