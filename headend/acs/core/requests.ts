/** Requests of the ACS: from what an operator writes, with the task's command key, and what their answers come to. */
import { CWMP_RPCS, cwmpTime, type CwmpResponse, faultText, readCwmp, writeCwmp } from "../../../cwmp/index.ts";
import type { AcsRequest, AcsRpc, AcsTask } from "./types.ts";

const KEY = /^poncast-(\d{1,15})$/;
/** By which the device names the transfer, the restart … that the task has asked for. */
export const commandKeyOf = ({ id }: Pick<AcsTask, "id">): string => `poncast-${id}`;

/** Of a task of ours. */
export function taskOfKey(commandKey: string): number | undefined {
  const found = KEY.exec(commandKey);
  return found === null ? undefined : Number(found[1]);
}

export function withCommandKey(request: AcsRequest, task: Pick<AcsTask, "id">): AcsRequest {
  if (!("commandKey" in request) || request.method === "CancelTransfer" || request.commandKey !== "") return request;
  return { ...request, commandKey: commandKeyOf(task) };
}

export const isTransfer = ({ order }: Pick<AcsTask, "order">): boolean =>
  order.kind === "update" || order.request.method === "Download" || order.request.method === "ScheduleDownload";

const EMPTY: Readonly<Record<string, unknown>> = { text: "", unsignedInt: 0, int: 0, boolean: false, list: [] };

/**
 * A request from JSON: `{"method": "Reboot"}`, with its arguments by the names of the table; what is left out is empty.
 *
 * @returns or one line that says what is wrong with it
 */
export function readAcsRequest(json: unknown): AcsRequest | string {
  if (typeof json !== "object" || json === null) return "an object with a method is needed";
  const given = json as Readonly<Record<string, unknown>>;
  const method = given["method"];
  if (typeof method !== "string" || !Object.hasOwn(CWMP_RPCS, method)) return "its method is no RPC that is known";
  const { from, request: fields } = CWMP_RPCS[method as AcsRpc];
  if (from !== "acs" && method !== "GetRPCMethods") return `${method} is not sent by an ACS`;
  const unknown = Object.keys(given).find((name) => name !== "method" && !Object.hasOwn(fields, name));
  if (unknown !== undefined)
    return `${method} has no ${unknown}; it has ${Object.keys(fields).join(", ") || "nothing"}`;
  const empty = Object.entries(fields).map(([name, { kind }]) => [name, EMPTY[kind]]);
  // As it would go over the wire: what cannot be said so is refused here, and all that is left has its type.
  try {
    const message = { ...Object.fromEntries(empty), ...given } as unknown as AcsRequest;
    const reading = readCwmp(new TextEncoder().encode(writeCwmp({ version: "1.2", id: "", message })));
    return reading.ok ? (reading.envelope.message as AcsRequest) : reading.fault.problem;
  } catch (error) {
    return `${method}: ${(error as Error).message}`;
  }
}

/** What an answer says, in a line; and whether it is worth keeping. */
export function outcomeOf(response: CwmpResponse): { detail: string; isKept: boolean } {
  switch (response.method) {
    case "GetParameterValuesResponse": {
      const { length } = response.parameters;
      return { detail: `${length} parameter${length === 1 ? "" : "s"}`, isKept: true };
    }
    case "GetParameterAttributesResponse":
      return { detail: `attributes of ${response.parameters.length}`, isKept: true };
    case "AddObjectResponse":
      return { detail: `instance ${response.instanceNumber}`, isKept: true };
    case "GetParameterNamesResponse":
      return { detail: `${response.parameters.length} names`, isKept: true };
    case "GetAllQueuedTransfersResponse":
    case "GetQueuedTransfersResponse":
      return { detail: `${response.transfers.length} transfers`, isKept: true };
    case "GetRPCMethodsResponse":
      return { detail: response.methods.join(" "), isKept: true };
    case "SetParameterValuesResponse":
      return { detail: response.status === 0 ? "applied" : "applied at the next restart", isKept: false };
    case "DownloadResponse":
      return { detail: `done at ${cwmpTime(response.completeTime)}`, isKept: false };
    default:
      return { detail: "done", isKept: false };
  }
}

export const faultDetail = (code: number, words: string): string => `${code} ${words === "" ? faultText(code) : words}`;
