/** Cases: attributes of parameters, and objects: what is watched, what cannot be, what is no news. */
import { CPE_FAULTS, type CwmpAttributeChange, type CwmpMessageOf } from "../../../../../cwmp/index.ts";
import type { CpeTester } from "../tester.ts";
import { codesOfSession, fail, INTERVAL, settingInterval, step, tr069, VALUE_CHANGE, values } from "./steps.ts";

const { invalidParameterName, notificationRejected, requestDenied } = CPE_FAULTS;
const SOFTWARE = "DeviceInfo.SoftwareVersion";
const OFF = 0;
const PASSIVE = 1;
const ACTIVE = 2;

const notify = (t: CpeTester, path: string, notification: number): CwmpMessageOf<"SetParameterAttributes"> => {
  const change: CwmpAttributeChange = {
    name: t.known.path(path),
    changesNotification: true,
    notification,
    changesAccessList: false,
    accessList: [],
  };
  return { method: "SetParameterAttributes", parameters: [change] };
};

async function notificationOf(t: CpeTester, path: string): Promise<number | undefined> {
  const name = t.known.path(path);
  const { parameters } = await t.ask({ method: "GetParameterAttributes", names: [name] });
  return parameters.find((each) => each.name === name)?.notification;
}

export const attributeCases = [
  tr069({
    id: "attributes.set",
    title: "The notification of a parameter is read as it was set",
    clause: "A.3.2.4",
    objective: "Passive notification can be asked for of any parameter.",
    preconditions: [],
    steps: [
      step("Set passive notification of the interval; read it back.", async (t) => {
        await t.ask(notify(t, INTERVAL, PASSIVE));
        const now = await notificationOf(t, INTERVAL);
        if (now !== PASSIVE) fail("wrong-attribute", `Notification reads ${now}, set was ${PASSIVE}`, t.log.last);
        await t.ask(notify(t, INTERVAL, OFF));
      }),
    ],
    pass: "1.",
  }),
  tr069({
    id: "attributes.unknown",
    title: "Attributes of a parameter that there is not are answered 9005",
    clause: "A.3.2.5",
    objective: "Read and set: the whole request fails, and what stands beside it is not set.",
    preconditions: [],
    steps: [
      step("GetParameterAttributes of a parameter that there is not: 9005.", (t) =>
        t.refused(
          { method: "GetParameterAttributes", names: [t.known.path("NoSuchThing")] },
          [invalidParameterName],
          "to attributes of a parameter that there is not",
        ),
      ),
      step(
        "SetParameterAttributes of the interval and of one that there is not: 9005, and nothing is set.",
        async (t) => {
          const before = await notificationOf(t, INTERVAL);
          const [good] = notify(t, INTERVAL, before === PASSIVE ? OFF : PASSIVE).parameters;
          const [wrong] = notify(t, "NoSuchThing", PASSIVE).parameters;
          await t.refused(
            { method: "SetParameterAttributes", parameters: [good!, wrong!] },
            [invalidParameterName],
            "to attributes of a parameter that there is not",
          );
          if ((await notificationOf(t, INTERVAL)) !== before)
            fail("wrongly-accepted", "what stood beside it is set all the same", t.log.last, "A.3.2.4");
        },
      ),
    ],
    pass: "9005 each time, and nothing has changed.",
  }),
  tr069({
    id: "attributes.always",
    title: "The software version is told always, at once",
    clause: "A.3.2.4",
    objective: "Its notification is active, and cannot be switched off: 9009.",
    preconditions: [],
    steps: [
      step("GetParameterAttributes of SoftwareVersion.", async (t) => {
        const now = await notificationOf(t, SOFTWARE);
        if (now !== ACTIVE) fail("wrong-attribute", `Notification of ${SOFTWARE} is ${now}, not ${ACTIVE}`, t.log.last);
      }),
      step("SetParameterAttributes that switches it off: 9009.", (t) =>
        t.refused(notify(t, SOFTWARE, OFF), [notificationRejected], `to Notification ${OFF} of ${SOFTWARE}`),
      ),
    ],
    pass: "2, and 9009.",
  }),
  tr069({
    id: "attributes.own-change",
    title: "What the ACS has set is no news to it",
    clause: "A.3.2.4",
    objective: "A change by SetParameterValues is not told by 4 VALUE CHANGE, although the parameter is watched.",
    preconditions: [],
    steps: [
      step("Set active notification of the interval, and another interval; have it come again.", async (t) => {
        await t.ask(notify(t, INTERVAL, ACTIVE));
        const before = await values(t, INTERVAL);
        await t.ask(settingInterval(t, `${Number(before.get(INTERVAL)) + 11}`));
        const session = await t.call();
        if (codesOfSession(session).includes(VALUE_CHANGE))
          fail("wrong-event", `${VALUE_CHANGE} for what the ACS has set`, session);
        await t.ask(settingInterval(t, before.get(INTERVAL)!));
        await t.ask(notify(t, INTERVAL, OFF));
      }),
    ],
    pass: "An Inform without 4 VALUE CHANGE.",
  }),
  tr069({
    id: "objects.unknown",
    title: "Objects that there are not are neither made nor deleted",
    clause: "A.3.2.6",
    objective: "AddObject and DeleteObject of a path that there is not: 9005.",
    preconditions: [],
    steps: [
      step("AddObject of a table that there is not: 9005.", (t) =>
        t.refused(
          { method: "AddObject", objectName: t.known.path("NoSuchThing."), parameterKey: t.key() },
          [invalidParameterName, requestDenied],
          "to an object of a table that there is not",
        ),
      ),
      step("DeleteObject of an instance that there is not: 9005.", (t) =>
        t.refused(
          { method: "DeleteObject", objectName: t.known.path("NoSuchThing.1."), parameterKey: t.key() },
          [invalidParameterName, requestDenied],
          "to an object that there is not",
        ),
      ),
    ],
    pass: "9005, or 9001, both times.",
  }),
];
