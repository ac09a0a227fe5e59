/** A configuration (FileType 3): parameters of this device and their values, as JSON; all of it is taken, or nothing. */
import { REQUEST_DEADLINE_NS, statusCause, backoffNs } from "../../road/core/index.ts";
import type { CpeContext } from "./context.ts";
import { isFinalCause } from "./faults.ts";
import { setAll } from "./parameter-requests.ts";
import { PARAMETERS } from "./parameters.ts";
import { CONFIGURATION_BYTES_MAX, FILE_ATTEMPTS_MAX } from "./policy.ts";

export function beginConfiguration(context: CpeContext, number: number, fromNs: number): void {
  context.configuration = { number, exchange: null, body: [], bodyBytes: 0, attempts: 0, retryNs: fromNs };
}

export function advanceConfiguration(context: CpeContext, nowNs: number): void {
  const { configuration, active } = context;
  if (configuration === null || configuration.exchange !== null || configuration.retryNs > nowNs) return;
  if (active === undefined) return;
  context.setState(nowNs, "downloading");
  const { url, username, password } = active;
  const id = context.request({
    method: "GET",
    url: context.movedUrl === "" ? url : context.movedUrl,
    headers: {},
    isBulk: false,
    credentials: { username, password },
  });
  configuration.body = [];
  configuration.bodyBytes = 0;
  configuration.exchange = { id, deadlineNs: nowNs + REQUEST_DEADLINE_NS, status: 0, headers: {} };
}

export function configurationTimeNs({ configuration }: CpeContext, nowNs: number): number {
  if (configuration === null) return Infinity;
  if (configuration.exchange !== null) return configuration.exchange.deadlineNs;
  return configuration.retryNs > nowNs ? configuration.retryNs : Infinity;
}

export function configurationBody({ configuration }: CpeContext, bytes: Uint8Array): void {
  if (configuration === null) return;
  configuration.bodyBytes += bytes.length;
  if (configuration.bodyBytes <= CONFIGURATION_BYTES_MAX) configuration.body.push(bytes.slice());
}

export type ConfigurationEnd = { kind: "none" } | { kind: "done" | "refused" | "failed"; cause: string };

/** @param broken why there is no whole answer; undefined: there is @returns what becomes of the transfer */
export function configurationDone(context: CpeContext, nowNs: number, broken?: string): ConfigurationEnd {
  const { configuration, active } = context;
  if (configuration === null || configuration.exchange === null || active === undefined) return { kind: "none" };
  const { status } = configuration.exchange;
  configuration.exchange = null;
  const cause =
    broken ?? (status === 200 ? sizeCause(configuration.bodyBytes, active.fileSizeBytes) : statusCause(status));
  if (cause === "") return apply(context, nowNs, Buffer.concat(configuration.body));
  configuration.attempts += 1;
  if (isFinalCause(cause) || configuration.attempts >= FILE_ATTEMPTS_MAX) return { kind: "failed", cause };
  context.emit({ type: "dropped", cause: `file: ${cause}` });
  configuration.retryNs = nowNs + backoffNs(configuration.attempts, context.config.chance);
  return { kind: "none" };
}

function sizeCause(bytes: number, announcedBytes: number): string {
  if (bytes > CONFIGURATION_BYTES_MAX) return "endless-data";
  return announcedBytes !== 0 && bytes !== announcedBytes ? "size-mismatch" : "";
}

function apply(context: CpeContext, nowNs: number, bytes: Uint8Array): ConfigurationEnd {
  context.setState(nowNs, "verifying");
  const values = readConfiguration(bytes);
  if (values === undefined) return { kind: "refused", cause: "not readable: parameters and their values in JSON are" };
  const parameters = Object.entries(values).map(([name, text]) => ({
    name,
    value: { type: PARAMETERS.get(name)?.type ?? ("string" as const), text },
  }));
  const faults = setAll(context, parameters, context.record.parameterKey);
  if (faults === undefined) return { kind: "done", cause: "" };
  const [{ parameterName, faultString }] = faults;
  return { kind: "refused", cause: `${parameterName}: ${faultString}` };
}

function readConfiguration(bytes: Uint8Array): Record<string, string> | undefined {
  try {
    const read: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (typeof read !== "object" || read === null || Array.isArray(read)) return undefined;
    const entries = Object.entries(read);
    return entries.every((entry): entry is [string, string] => typeof entry[1] === "string")
      ? Object.fromEntries(entries)
      : undefined;
  } catch {
    return undefined;
  }
}
