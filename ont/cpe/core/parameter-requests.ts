/** GetParameterNames, GetParameterValues and SetParameterValues (TR-069, A.3.2.1 to A.3.2.3): all of it, or nothing. */
import {
  CPE_FAULTS,
  cwmpFault,
  type CwmpMessage,
  type CwmpParameter,
  type CwmpParameterFault,
  type CwmpRequestOf,
  faultLine,
} from "../../../cwmp/index.ts";
import { knownToAcs } from "./attributes.ts";
import type { CpeContext } from "./context.ts";
import type { CpeRecord } from "./types.ts";
import { parameterOf, PARAMETERS, parametersBelow } from "./parameters.ts";

const ROOT = "Device.";

const unknownName = (name: string): CwmpMessage => cwmpFault(CPE_FAULTS.invalidParameterName, name);

export function getValues(
  context: CpeContext,
  nowNs: number,
  { names }: CwmpRequestOf<"GetParameterValues">,
): CwmpMessage {
  const found = new Set<string>();
  for (const path of names) {
    const these = parametersBelow(path);
    if (these.length === 0) return unknownName(path);
    for (const name of these) found.add(name);
  }
  return {
    method: "GetParameterValuesResponse",
    parameters: [...found].map((name) => parameterOf(context, nowNs, name)),
  };
}

export function getNames({ path, nextLevel }: CwmpRequestOf<"GetParameterNames">): CwmpMessage {
  const isPartial = path === "" || path.endsWith(".");
  const names = parametersBelow(path);
  if (names.length === 0) return unknownName(path);
  // A.3.2.3: next level of a parameter is an argument that makes no sense.
  if (nextLevel && !isPartial) return cwmpFault(CPE_FAULTS.invalidArguments, "next level of a parameter");
  const found = new Map<string, boolean>();
  for (const name of names) {
    const rest = name.slice(path.length);
    const steps = rest.split(".");
    for (let step = 1; step < steps.length; step++) found.set(`${path}${steps.slice(0, step).join(".")}.`, false);
    found.set(name, PARAMETERS.get(name)!.check !== undefined);
  }
  if (!nextLevel && isPartial) found.set(path === "" ? ROOT : path, false);
  const isNext = (name: string): boolean => {
    const rest = name.slice(path.length);
    return rest !== "" && rest.replace(/\.$/, "").split(".").length === 1;
  };
  return {
    method: "GetParameterNamesResponse",
    parameters: [...found]
      .filter(([name]) => !nextLevel || isNext(name))
      .map(([name, writable]) => ({ name, writable })),
  };
}

/** Why a value cannot be set. */
function faultOfOne(context: CpeContext, { name, value }: CwmpParameter): CwmpParameterFault | undefined {
  const fault = (faultCode: number, reason: string): CwmpParameterFault => ({
    parameterName: name,
    faultCode,
    faultString: faultLine(faultCode, reason),
  });
  const parameter = PARAMETERS.get(name);
  if (parameter === undefined) return fault(CPE_FAULTS.invalidParameterName, "");
  if (parameter.check === undefined) return fault(CPE_FAULTS.parameterNotWritable, "");
  // Some ACSs name every type "string".
  if (value.type !== parameter.type && value.type !== "string")
    return fault(CPE_FAULTS.invalidParameterType, `${value.type}, not ${parameter.type}`);
  const problem = parameter.check(context, value.text);
  return problem === "" ? undefined : fault(CPE_FAULTS.invalidParameterValue, problem);
}

/** @returns what is wrong; undefined: all is set, and on its way to be kept */
export function setAll(
  context: CpeContext,
  parameters: readonly CwmpParameter[],
  parameterKey: string,
): readonly CwmpParameterFault[] | undefined {
  const faults = parameters.flatMap((each) => faultOfOne(context, each) ?? []);
  const names = new Set<string>();
  for (const { name } of parameters) {
    if (names.has(name))
      faults.push({
        parameterName: name,
        faultCode: CPE_FAULTS.invalidArguments,
        faultString: faultLine(CPE_FAULTS.invalidArguments, "twice"),
      });
    names.add(name);
  }
  if (faults.length > 0) return faults;
  let change: Partial<CpeRecord> = { parameterKey };
  const values = { ...context.record.parameters };
  for (const { name, value } of parameters) {
    const { set } = PARAMETERS.get(name)!;
    if (set === undefined) values[name] = value.text;
    else change = { ...change, ...set(context, value.text) };
  }
  context.persist({ ...change, parameters: values }, "answer");
  return undefined;
}

export function setValues(
  context: CpeContext,
  nowNs: number,
  { parameters, parameterKey }: CwmpRequestOf<"SetParameterValues">,
): CwmpMessage {
  const faults = setAll(context, parameters, parameterKey);
  if (faults !== undefined) return cwmpFault(CPE_FAULTS.invalidArguments, faults[0].parameterName, faults);
  knownToAcs(
    context,
    nowNs,
    parameters.map(({ name }) => name),
  );
  return { method: "SetParameterValuesResponse", status: 0 };
}
