/** Which of the standard's faults a device's own cause is (TR-069, A.5); the cause stands behind the standard's words. */
import { CPE_FAULTS, type CpeFaultName, type CwmpFaultStruct, faultLine } from "../../../cwmp/index.ts";

/** The first that fits. What is not listed is a transfer that failed. */
const FAULTS: readonly (readonly [RegExp, CpeFaultName])[] = [
  [/^window$|^no window in time/, "windowMissed"],
  [/untrusted-signature|expired/, "fileAuthenticationFailed"],
  [
    /crc-mismatch|hash-mismatch|size-mismatch|truncated-file|bad-manifest|not-a-bundle|rebuild-failed|not readable/,
    "fileCorrupted",
  ],
  [/^room$|slot-too-small|no room/, "resourcesExceeded"],
  [/not authorised|certificate|staple|signed by|self-signed/i, "serverAuthenticationFailed"],
  [/^not there$/, "fileNotReached"],
  [/ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|no answer|nobody is there/, "serverNotReached"],
  [
    /truncated|endless-data|slow-retrieval|reset|hang up|closed before|other range|range not satisfiable|changed|not downloaded in time/,
    "downloadNotCompleted",
  ],
];

/** @param cause as the device has it @returns FaultStruct of a TransferComplete */
export function faultOf(cause: string): CwmpFaultStruct {
  const name = FAULTS.find(([pattern]) => pattern.test(cause))?.[1] ?? "transferFailed";
  const faultCode = CPE_FAULTS[name];
  return { faultCode, faultString: faultLine(faultCode, cause) };
}

export const NO_FAULT: CwmpFaultStruct = { faultCode: 0, faultString: "" };

/** Asking again would bring the same. */
const FINAL: ReadonlySet<string> = new Set(["not there", "not authorised", "size-mismatch"]);
const FINAL_WORDS = /certificate|staple|self-signed|^status 4/i;

export const isFinalCause = (cause: string): boolean => FINAL.has(cause) || FINAL_WORDS.test(cause);
