/** What cases of several groups have in common: how they are written, what they offer, what they look at. */
import { CWMP_EVENTS, CWMP_FILE_TYPES, type CwmpMessageOf } from "../../../../../cwmp/index.ts";
import { CaseFailure, type FailureKey } from "../../../../core/index.ts";
import type { CwmpCase, CwmpStep } from "../../case.ts";
import type { HeardComplete, HeardPost, HeardSession } from "../acs.ts";
import type { CpeTester } from "../tester.ts";

export type CpeCase = CwmpCase<CpeTester>;

export const tr069 = (each: Omit<CpeCase, "basis">): CpeCase => ({ ...each, basis: "TR-069" });

/** The standard leaves it open, and ACSs count on it. */
export const field = (each: Omit<CpeCase, "basis">): CpeCase => ({ ...each, basis: "field" });

export const step = (text: string, run: CwmpStep<CpeTester>["run"]): CwmpStep<CpeTester> => ({ text, run });

export function fail(key: FailureKey, text: string, at: HeardPost | HeardSession | number, clause?: string): never {
  const exchange = typeof at === "number" ? at : "posts" in at ? (at.posts[0]?.exchange ?? 0) : at.exchange;
  throw new CaseFailure(key, text, exchange, clause);
}

export const {
  bootstrap: BOOTSTRAP,
  boot: BOOT,
  periodic: PERIODIC,
  scheduled: SCHEDULED,
  valueChange: VALUE_CHANGE,
  connectionRequest: CONNECTION_REQUEST,
  transferComplete: TRANSFER_COMPLETE,
  methodReboot: M_REBOOT,
  methodScheduleInform: M_SCHEDULE_INFORM,
  methodDownload: M_DOWNLOAD,
  methodScheduleDownload: M_SCHEDULE_DOWNLOAD,
} = CWMP_EVENTS;

/** No image for anybody. */
export const JUNK = Uint8Array.from({ length: 3_000 }, (_, index) => (index * 37 + 11) % 251);

export const download = (
  t: CpeTester,
  url: string,
  change: Partial<CwmpMessageOf<"Download">> = {},
): CwmpMessageOf<"Download"> => ({
  method: "Download",
  commandKey: t.key(),
  fileType: CWMP_FILE_TYPES.firmware,
  url,
  username: "",
  password: "",
  fileSizeBytes: 0,
  targetFileName: "",
  delaySeconds: 0,
  successUrl: "",
  failureUrl: "",
  ...change,
});

/** A download of a file that is no image: it is fetched, and comes to nothing. */
export async function failingDownload(
  t: CpeTester,
  change: Partial<CwmpMessageOf<"Download">> = {},
): Promise<{ commandKey: string; name: string }> {
  const name = `junk-${t.key()}.bin`;
  const asked = download(t, t.serve(name, { bytes: JUNK }), change);
  await t.ask(asked);
  return { commandKey: asked.commandKey, name };
}

/** @returns its code; 0: it went well */
export const codeOf = ({ message }: HeardComplete): number => message.fault.faultCode;

/** The transfer ends with one of these faults. */
export async function endsWith(t: CpeTester, commandKey: string, wanted: readonly number[]): Promise<HeardComplete> {
  const complete = await t.completed(commandKey);
  const code = codeOf(complete);
  if (wanted.includes(code)) return complete;
  const { faultString } = complete.message.fault;
  const what = `TransferComplete with fault ${code}${faultString === "" ? "" : ` (${faultString})`}`;
  return fail(code === 0 ? "wrongly-accepted" : "wrong-fault", `${what}, not ${wanted.join(" or ")}`, complete.post);
}

/** The Inform of a session has the event, with that key. */
export function hasEvent(session: HeardSession, code: string, commandKey: string, clause = "3.7.1.5"): void {
  const found = session.inform.events.filter(({ eventCode }) => eventCode === code);
  if (found.length === 0) fail("wrong-event", `the Inform has no ${code}`, session, clause);
  if (found.some((each) => each.commandKey === commandKey)) return;
  const keys = found.map((each) => `"${each.commandKey}"`).join(", ");
  fail("wrong-key", `${code} with CommandKey ${keys}, not "${commandKey}"`, session, clause);
}

export { codesOf as codesOfSession } from "../acs.ts";

/** Reads parameters by their names behind the root. */
export async function values(t: CpeTester, ...paths: string[]): Promise<Map<string, string>> {
  const { parameters } = await t.ask({ method: "GetParameterValues", names: paths.map((path) => t.known.path(path)) });
  return new Map(parameters.map(({ name, value }) => [name.slice(t.known.root.length + 1), value.text]));
}

export const INTERVAL = "ManagementServer.PeriodicInformInterval";
export const KEY = "ManagementServer.ParameterKey";

export const settingInterval = (
  t: CpeTester,
  text: string,
  parameterKey = t.key(),
): CwmpMessageOf<"SetParameterValues"> => ({
  method: "SetParameterValues",
  parameters: [t.parameter(INTERVAL, "unsignedInt", text)],
  parameterKey,
});
