/**
 * Attributes of parameters (TR-069, A.3.2.4, A.3.2.5): which changes the ACS wants to hear of, and who else may write. A change that
 * the ACS has made itself is no news to it.
 */
import {
  CPE_FAULTS,
  CWMP_EVENTS,
  type CwmpAttributeChange,
  cwmpFault,
  type CwmpMessage,
  type CwmpParameter,
  type CwmpRequestOf,
} from "../../../cwmp/index.ts";
import type { CpeContext } from "./context.ts";
import { DEVICE_INFO, MANAGEMENT, parameterOf, parametersBelow } from "./parameters.ts";
import type { ParameterAttributes } from "./types.ts";

const OFF = 0;
const ACTIVE = 2;
/** The only one who has a name in the standard; others are ignored. */
const SUBSCRIBER = "Subscriber";

/** The ACS hears of these always, at once (TR-181, "forced active"). */
const FORCED_ACTIVE: ReadonlySet<string> = new Set([
  `${DEVICE_INFO}SoftwareVersion`,
  `${DEVICE_INFO}ProvisioningCode`,
  `${MANAGEMENT}ConnectionRequestURL`,
]);
/** It never stands still. */
const UPTIME = `${DEVICE_INFO}UpTime`;
/** What the version that runs says is told by the install, with the version that the ACS knew. */
const WATCHED_ALWAYS = [...FORCED_ACTIVE].filter((name) => !name.endsWith("SoftwareVersion"));

const attributesOf = ({ record }: CpeContext, name: string): ParameterAttributes =>
  record.attributes[name] ?? { notification: FORCED_ACTIVE.has(name) ? ACTIVE : OFF, accessList: [] };

export function getAttributes(context: CpeContext, { names }: CwmpRequestOf<"GetParameterAttributes">): CwmpMessage {
  const found = new Set<string>();
  for (const path of names) {
    const these = parametersBelow(path);
    if (these.length === 0) return cwmpFault(CPE_FAULTS.invalidParameterName, path);
    for (const name of these) found.add(name);
  }
  const parameters = [...found].map((name) => ({ name, ...attributesOf(context, name) }));
  return { method: "GetParameterAttributesResponse", parameters };
}

/** All of it, or nothing. */
export function setAttributes(
  context: CpeContext,
  nowNs: number,
  { parameters }: CwmpRequestOf<"SetParameterAttributes">,
): CwmpMessage {
  const attributes = { ...context.record.attributes };
  const toldValues = { ...context.record.toldValues };
  for (const change of parameters) {
    const names = parametersBelow(change.name);
    const fault = names.length === 0 ? cwmpFault(CPE_FAULTS.invalidParameterName, change.name) : faultOf(change);
    if (fault !== undefined) return fault;
    for (const name of names) {
      const { notification, accessList } = attributes[name] ?? attributesOf(context, name);
      attributes[name] = {
        notification:
          change.changesNotification && mayNotify(name, change.notification) ? change.notification : notification,
        accessList: change.changesAccessList ? change.accessList.filter((each) => each === SUBSCRIBER) : accessList,
      };
      // What it is now is known to whoever asks for changes from now on.
      if (attributes[name].notification !== OFF && toldValues[name] === undefined)
        toldValues[name] = parameterOf(context, nowNs, name).value.text;
    }
  }
  context.persist({ attributes, toldValues }, "answer");
  return { method: "SetParameterAttributesResponse" };
}

/** Of a path, what cannot be asked of one parameter leaves that one alone; of the parameter itself it is refused. */
function mayNotify(name: string, notification: number): boolean {
  if (FORCED_ACTIVE.has(name)) return notification === ACTIVE;
  return name !== UPTIME || notification !== ACTIVE;
}

function faultOf({ name, changesNotification, notification }: CwmpAttributeChange): CwmpMessage | undefined {
  if (!changesNotification) return undefined;
  // 3 to 6 are of Lightweight Notifications, which this CPE does not send.
  if (notification < OFF || notification > ACTIVE)
    return cwmpFault(CPE_FAULTS.invalidArguments, `Notification ${notification}`);
  return mayNotify(name, notification) ? undefined : cwmpFault(CPE_FAULTS.notificationRejected, name);
}

function* watched(context: CpeContext): Iterable<readonly [name: string, notification: number]> {
  const { attributes } = context.record;
  for (const name of WATCHED_ALWAYS) yield [name, ACTIVE];
  for (const name in attributes)
    if (!FORCED_ACTIVE.has(name) && attributes[name]!.notification !== OFF)
      yield [name, attributes[name]!.notification];
}

/** An active change takes the CPE to its ACS. */
export function advanceAttributes(context: CpeContext, nowNs: number): void {
  if (context.session !== null) return;
  for (const [name, notification] of watched(context)) {
    const told = context.record.toldValues[name];
    if (notification === ACTIVE && told !== undefined && told !== parameterOf(context, nowNs, name).value.text)
      return context.addEvent(CWMP_EVENTS.valueChange);
  }
}

/** @returns parameters that are watched and are not as the ACS knows them, and those of which it will know from now on */
export function changesToTell(
  context: CpeContext,
  nowNs: number,
): { changed: readonly CwmpParameter[]; told: Readonly<Record<string, string>> } {
  const changed: CwmpParameter[] = [];
  const told: Record<string, string> = {};
  for (const [name] of watched(context)) {
    const before = context.record.toldValues[name];
    const parameter = parameterOf(context, nowNs, name);
    if (before === parameter.value.text) continue;
    told[name] = parameter.value.text;
    if (before !== undefined) changed.push(parameter);
  }
  return { changed, told };
}

/** What the ACS has set it knows. */
export function knownToAcs(context: CpeContext, nowNs: number, names: readonly string[]): void {
  const { record, session } = context;
  const { toldValues } = record;
  const known = names.filter((name) => toldValues[name] !== undefined || session?.told[name] !== undefined);
  if (known.length === 0) return;
  const values = known.map((name) => [name, parameterOf(context, nowNs, name).value.text] as const);
  // Newer than what its Inform has said.
  if (session !== null) session.told = { ...session.told, ...Object.fromEntries(values) };
  context.persist({ toldValues: { ...toldValues, ...Object.fromEntries(values) } }, "answer");
}
