/** The faults of both sides (TR-069, A.5): what a code means, whose fault it is, and which code a device's reason has. */
import type { CwmpFault, CwmpParameterFault, CwmpReadFault } from "./types.ts";

/** Of a CPE. */
export const CPE_FAULTS = {
  methodNotSupported: 9000,
  requestDenied: 9001,
  internalError: 9002,
  invalidArguments: 9003,
  resourcesExceeded: 9004,
  invalidParameterName: 9005,
  invalidParameterType: 9006,
  invalidParameterValue: 9007,
  parameterNotWritable: 9008,
  notificationRejected: 9009,
  transferFailed: 9010,
  uploadFailed: 9011,
  serverAuthenticationFailed: 9012,
  protocolNotSupported: 9013,
  multicastJoinFailed: 9014,
  serverNotReached: 9015,
  fileNotReached: 9016,
  downloadNotCompleted: 9017,
  fileCorrupted: 9018,
  fileAuthenticationFailed: 9019,
  windowMissed: 9020,
  cancelNotPermitted: 9021,
  invalidUuidFormat: 9022,
} as const;

/** Of an ACS. */
export const ACS_FAULTS = {
  methodNotSupported: 8000,
  requestDenied: 8001,
  internalError: 8002,
  invalidArguments: 8003,
  resourcesExceeded: 8004,
  retryRequest: 8005,
  incompatibleVersion: 8006,
} as const;

export type CpeFaultName = keyof typeof CPE_FAULTS;
export type AcsFaultName = keyof typeof ACS_FAULTS;

const TEXTS: Readonly<Record<CpeFaultName | AcsFaultName, string>> = {
  methodNotSupported: "Method not supported",
  requestDenied: "Request denied",
  internalError: "Internal error",
  invalidArguments: "Invalid arguments",
  resourcesExceeded: "Resources exceeded",
  invalidParameterName: "Invalid parameter name",
  invalidParameterType: "Invalid parameter type",
  invalidParameterValue: "Invalid parameter value",
  parameterNotWritable: "Attempt to set a non-writable parameter",
  notificationRejected: "Notification request rejected",
  transferFailed: "File transfer failure",
  uploadFailed: "Upload failure",
  serverAuthenticationFailed: "File transfer server authentication failure",
  protocolNotSupported: "Unsupported protocol for file transfer",
  multicastJoinFailed: "File transfer failure: unable to join multicast group",
  serverNotReached: "File transfer failure: unable to contact file server",
  fileNotReached: "File transfer failure: unable to access file",
  downloadNotCompleted: "File transfer failure: unable to complete download",
  fileCorrupted: "File transfer failure: file corrupted",
  fileAuthenticationFailed: "File transfer failure: file authentication failure",
  windowMissed: "File transfer failure: unable to complete download within specified time windows",
  cancelNotPermitted: "Cancelation of file transfer not permitted in current transfer state",
  invalidUuidFormat: "Invalid UUID format",
  retryRequest: "Retry request",
  incompatibleVersion: "Version incompatible",
};

const NAMES = new Map<number, CpeFaultName | AcsFaultName>(
  [...Object.entries(CPE_FAULTS), ...Object.entries(ACS_FAULTS)].map(([name, code]) => [
    code,
    name as CpeFaultName | AcsFaultName,
  ]),
);

/** What the standard calls it; of a vendor's own code, that it is one. */
export function faultText(code: number): string {
  const name = NAMES.get(code);
  return name === undefined ? "fault of the vendor" : TEXTS[name];
}

/** Faults for which the one who asked is to blame; the others are of who answers (SOAP 1.1, 4.4.1). */
const SERVER_FAULTS: ReadonlySet<number> = new Set([
  CPE_FAULTS.methodNotSupported,
  CPE_FAULTS.requestDenied,
  CPE_FAULTS.internalError,
  CPE_FAULTS.resourcesExceeded,
  CPE_FAULTS.notificationRejected,
  ACS_FAULTS.methodNotSupported,
  ACS_FAULTS.requestDenied,
  ACS_FAULTS.internalError,
  ACS_FAULTS.resourcesExceeded,
  ACS_FAULTS.retryRequest,
]);

/** @param reason what the device itself says of it, behind the standard's words */
export function cwmpFault(code: number, reason = "", parameterFaults: readonly CwmpParameterFault[] = []): CwmpFault {
  return {
    method: "Fault",
    soapFaultCode: SERVER_FAULTS.has(code) ? "Server" : "Client",
    faultCode: code,
    faultString: faultLine(code, reason),
    parameterFaults,
  };
}

/** Of FaultStruct. */
const FAULT_CHARACTERS_MAX = 256;

/** The standard's words and the reason, as long as a FaultString may be. */
export function faultLine(code: number, reason = ""): string {
  const line = reason === "" ? faultText(code) : `${faultText(code)}: ${reason}`;
  // Half of a pair of surrogates is no character.
  return line.slice(0, FAULT_CHARACTERS_MAX).replace(/[\uD800-\uDBFF]$/, "");
}

/** What an endpoint answers to bytes that it cannot read; undefined: they are no message at all, which HTTP says (400). */
export function faultForReading({ kind, problem, method }: CwmpReadFault, side: "acs" | "cpe"): CwmpFault | undefined {
  const codes = side === "acs" ? ACS_FAULTS : CPE_FAULTS;
  switch (kind) {
    case "method":
      return cwmpFault(codes.methodNotSupported, method);
    case "arguments":
      return cwmpFault(codes.invalidArguments, problem);
    case "version":
      return side === "acs" ? cwmpFault(ACS_FAULTS.incompatibleVersion, problem) : undefined;
    case "xml":
    case "soap":
      return undefined;
  }
}
