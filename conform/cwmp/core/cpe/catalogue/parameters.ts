/** Cases: parameters: read, listed, set all at once or not at all. */
import { CPE_FAULTS } from "../../../../../cwmp/index.ts";
import { CWMP_LIMITS } from "../../limits.ts";
import type { CpeTester } from "../tester.ts";
import { BOOT, fail, INTERVAL, KEY, settingInterval, step, tr069, values } from "./steps.ts";

const { invalidArguments, invalidParameterName, invalidParameterType, invalidParameterValue, parameterNotWritable } =
  CPE_FAULTS;

/** SetParameterValues that is refused, with what is wrong about one parameter. */
const setRefused = async (
  t: CpeTester,
  bad: { path: string; text: string; type?: "string" | "unsignedInt" | "boolean"; codes: readonly number[] },
): Promise<void> => {
  const before = await values(t, INTERVAL, KEY);
  const good = t.parameter(INTERVAL, "unsignedInt", `${Number(before.get(INTERVAL)) + 1}`);
  const wrong = t.parameter(bad.path, bad.type ?? "string", bad.text);
  const [task] = await t.tell({ method: "SetParameterValues", parameters: [good, wrong], parameterKey: t.key() });
  const { parameterFaults } = t.fault(task!, [invalidArguments], `to ${bad.path} = "${bad.text}"`);
  const post = task!.answer!;
  const own = parameterFaults.find(({ parameterName }) => parameterName === wrong.name);
  if (own === undefined) fail("wrong-fault", `no SetParameterValuesFault for ${wrong.name}`, post);
  if (!bad.codes.includes(own.faultCode))
    fail("wrong-fault", `${own.faultCode} for ${wrong.name}, not ${bad.codes.join(" or ")}`, post);
  const after = await values(t, INTERVAL, KEY);
  for (const [path, text] of before)
    if (after.get(path) !== text) fail("wrongly-accepted", `${path} has changed all the same`, t.log.last, "A.3.2.1");
};

export const parameterCases = [
  tr069({
    id: "parameters.get",
    title: "A partial path is answered with all below it",
    clause: "A.3.2.2",
    objective: "Names are whole, and begin with the path that was asked for.",
    preconditions: [],
    steps: [
      step("GetParameterValues of DeviceInfo.", async (t) => {
        const path = t.known.path("DeviceInfo.");
        const { parameters } = await t.ask({ method: "GetParameterValues", names: [path] });
        const names = parameters.map(({ name }) => name);
        for (const rest of ["SoftwareVersion", "SerialNumber"])
          if (!names.includes(`${path}${rest}`)) fail("wrong-attribute", `${path}${rest} is missing`, t.log.last);
        const other = names.find((name) => !name.startsWith(path) || name.endsWith("."));
        if (other !== undefined) fail("wrong-attribute", `${other} is not below ${path}`, t.log.last);
        if (new Set(names).size < names.length) fail("wrong-attribute", "a name twice", t.log.last);
      }),
    ],
    pass: "Software version and serial number among them, and nothing else.",
  }),
  tr069({
    id: "parameters.get-unknown",
    title: "A parameter that there is not is answered 9005",
    clause: "A.3.2.2",
    objective: "One that is not there makes the whole request fail.",
    preconditions: [],
    steps: [
      step("GetParameterValues of one that there is and one that there is not: 9005.", (t) =>
        t.refused(
          { method: "GetParameterValues", names: [t.known.path(KEY), t.known.path("NoSuchThing")] },
          [invalidParameterName],
          "to a parameter that there is not",
        ),
      ),
    ],
    pass: "9005.",
  }),
  tr069({
    id: "parameters.names",
    title: "GetParameterNames shows the next level, and what may be set",
    clause: "A.3.2.3",
    objective: "With NextLevel only what is directly below the path; Writable says what SetParameterValues takes.",
    preconditions: [],
    steps: [
      step("GetParameterNames of ManagementServer, next level.", async (t) => {
        const path = t.known.path("ManagementServer.");
        const { parameters } = await t.ask({ method: "GetParameterNames", path, nextLevel: true });
        const deeper = parameters.find(
          ({ name }) => !/^[^.]+\.?$/.test(name.slice(path.length)) || !name.startsWith(path),
        );
        if (deeper !== undefined) fail("wrong-attribute", `${deeper.name} is not of the next level`, t.log.last);
        const writable = (rest: string): boolean | undefined =>
          parameters.find(({ name }) => name === t.known.path(rest))?.writable;
        if (writable(INTERVAL) !== true) fail("wrong-attribute", `${INTERVAL} is not writable`, t.log.last);
        if (writable(KEY) !== false) fail("wrong-attribute", `${KEY} is said to be writable`, t.log.last);
      }),
      step("GetParameterNames of a path that there is not: 9005.", (t) =>
        t.refused(
          { method: "GetParameterNames", path: t.known.path("NoSuchThing."), nextLevel: true },
          [invalidParameterName],
          "to a path that there is not",
        ),
      ),
    ],
    pass: "One level, the interval writable, ParameterKey not; 9005.",
  }),
  tr069({
    id: "parameters.names-level",
    title: "NextLevel of a parameter makes no sense",
    clause: "A.3.2.3",
    objective: "With NextLevel the path has to be a partial one: 9003.",
    preconditions: [],
    steps: [
      step("GetParameterNames of a whole name, next level: 9003.", (t) =>
        t.refused(
          { method: "GetParameterNames", path: t.known.path(KEY), nextLevel: true },
          [invalidArguments],
          "to the next level of a parameter",
        ),
      ),
    ],
    pass: "9003.",
  }),
  tr069({
    id: "parameters.set",
    title: "What is set is set, with its ParameterKey",
    clause: "A.3.2.1",
    objective: "Status 0 says that it is applied; ParameterKey is that of the last request that was.",
    preconditions: [],
    steps: [
      step("Set the interval, with a key; read both back.", async (t) => {
        const before = await values(t, INTERVAL);
        const wanted = `${Number(before.get(INTERVAL)) + 7}`;
        const parameterKey = t.key();
        const { status } = await t.ask(settingInterval(t, wanted, parameterKey));
        if (status !== 0 && status !== 1) fail("wrong-result", `Status ${status}`, t.log.last);
        const after = await values(t, INTERVAL, KEY);
        if (after.get(INTERVAL) !== wanted)
          fail("wrong-attribute", `${INTERVAL} reads "${after.get(INTERVAL)}", set was "${wanted}"`, t.log.last);
        if (after.get(KEY) !== parameterKey)
          fail(
            "wrong-attribute",
            `ParameterKey reads "${after.get(KEY)}", not "${parameterKey}"`,
            t.log.last,
            "A.3.2.1",
          );
        await t.ask(settingInterval(t, before.get(INTERVAL)!, parameterKey));
      }),
    ],
    pass: "Both read as they were set.",
  }),
  tr069({
    id: "parameters.set-unknown",
    title: "All is set, or nothing: an unknown name",
    clause: "A.3.2.1",
    objective: "9003 with 9005 for the parameter; what stands beside it is not set, nor is ParameterKey.",
    preconditions: [],
    steps: [
      step("Set a good value, and one of a parameter that there is not.", (t) =>
        setRefused(t, { path: "NoSuchThing", text: "1", codes: [invalidParameterName] }),
      ),
    ],
    pass: "9003, 9005 by name, and nothing has changed.",
  }),
  tr069({
    id: "parameters.set-read-only",
    title: "All is set, or nothing: a parameter that may not be set",
    clause: "A.3.2.1",
    objective: "9003 with 9008 for the parameter.",
    preconditions: [],
    steps: [
      step("Set a good value, and SoftwareVersion.", (t) =>
        setRefused(t, { path: "DeviceInfo.SoftwareVersion", text: "9.9", codes: [parameterNotWritable] }),
      ),
    ],
    pass: "9003, 9008 by name, and nothing has changed.",
  }),
  tr069({
    id: "parameters.set-value",
    title: "All is set, or nothing: a value that cannot be",
    clause: "A.3.2.1",
    objective: "9003 with 9007 (or 9006) for the parameter.",
    preconditions: [],
    steps: [
      step("Set a good value, and PeriodicInformEnable to maybe.", (t) =>
        setRefused(t, {
          path: "ManagementServer.PeriodicInformEnable",
          text: "maybe",
          type: "boolean",
          codes: [invalidParameterValue, invalidParameterType],
        }),
      ),
    ],
    pass: "9003, 9007 or 9006 by name, and nothing has changed.",
  }),
  tr069({
    id: "parameters.set-twice",
    title: "A parameter is set once in a request",
    clause: "A.3.2.1",
    objective: "The same name twice in one request: 9003.",
    preconditions: [],
    steps: [
      step("Set the interval twice in one request: 9003.", (t) =>
        t.refused(
          {
            method: "SetParameterValues",
            parameters: ["86400", "3600"].map((text) => t.parameter(INTERVAL, "unsignedInt", text)),
            parameterKey: "",
          },
          [invalidArguments],
          "to the same parameter twice",
        ),
      ),
    ],
    pass: "9003.",
  }),
  tr069({
    id: "parameters.secrets",
    title: "Passwords are not read back",
    clause: "A.3.2.2",
    objective: "Whoever may read parameters learns no password by it: they read as empty.",
    preconditions: [],
    steps: [
      step("Read the passwords of ManagementServer.", async (t) => {
        const paths = ["ManagementServer.Password", "ManagementServer.ConnectionRequestPassword"];
        for (const [path, text] of await values(t, ...paths))
          if (text !== "") fail("wrong-attribute", `${path} reads as something`, t.log.last);
      }),
    ],
    pass: "Both are empty.",
  }),
  tr069({
    id: "parameters.kept",
    title: "What was set outlives a restart",
    clause: "A.3.2.1",
    objective: "Values that were set, and ParameterKey, are there after a restart.",
    preconditions: [],
    steps: [
      step("Set the provisioning code and a key; Reboot; read both back.", async (t) => {
        const parameterKey = t.key();
        const path = "DeviceInfo.ProvisioningCode";
        const text = "poncast.conform";
        await t.ask({ method: "SetParameterValues", parameters: [t.parameter(path, "string", text)], parameterKey });
        await t.ask({ method: "Reboot", commandKey: t.key() });
        await t.quiet();
        await t.informed([BOOT], CWMP_LIMITS.restartMs);
        await t.quiet();
        const after = await values(t, path, KEY);
        if (after.get(path) !== text || after.get(KEY) !== parameterKey)
          fail("not-kept", `${path} reads "${after.get(path)}", ParameterKey "${after.get(KEY)}"`, t.log.last);
      }),
    ],
    pass: "Both as they were set.",
  }),
];
