/** Transfers that the ACS asks for: which are taken, which wait, and which may still be cancelled. */
import {
  CPE_FAULTS,
  CWMP_FILE_TYPES,
  cwmpFault,
  type CwmpMessage,
  type CwmpQueuedTransfer,
  type CwmpRequestOf,
} from "../../../cwmp/index.ts";
import type { CpeContext } from "./context.ts";
import { fileUrlProblem } from "./http.ts";
import { CONFIGURATION_BYTES_MAX, TRANSFERS_MAX } from "./policy.ts";
import type { TransferRecord } from "./types.ts";
import { windowsProblem } from "./windows.ts";

const NS_PER_SECOND = 1e9;
/** Files of a size that no image has are not begun. */
const IMAGE_BYTES_MAX = 0xffff_ffff;

const TAKEN: ReadonlySet<string> = new Set([
  CWMP_FILE_TYPES.firmware,
  CWMP_FILE_TYPES.configuration,
  CWMP_FILE_TYPES.storedFirmware,
]);
const KNOWN: ReadonlySet<string> = new Set(Object.values(CWMP_FILE_TYPES));

type Source = Pick<
  CwmpRequestOf<"Download">,
  "commandKey" | "fileType" | "url" | "username" | "password" | "fileSizeBytes" | "targetFileName"
>;

/** Why it is not taken; undefined: it is. */
function refusalOf(context: CpeContext, { fileType, url, fileSizeBytes }: Source): CwmpMessage | undefined {
  // It has no pages, tones or rings to put anywhere.
  if (!TAKEN.has(fileType))
    return KNOWN.has(fileType)
      ? cwmpFault(CPE_FAULTS.requestDenied, `this device takes no ${fileType.slice(2)}`)
      : cwmpFault(CPE_FAULTS.invalidArguments, `FileType ${fileType}`);
  const problem = fileUrlProblem(url);
  if (problem !== "") return cwmpFault(CPE_FAULTS[problem], `URL ${url}`);
  const most = fileType === CWMP_FILE_TYPES.configuration ? CONFIGURATION_BYTES_MAX : IMAGE_BYTES_MAX;
  if (fileSizeBytes > most) return cwmpFault(CPE_FAULTS.resourcesExceeded, `${fileSizeBytes} bytes, of ${most}`);
  const waiting = context.record.transfers.filter(({ phase }) => phase !== "done");
  if (waiting.length >= TRANSFERS_MAX)
    return cwmpFault(CPE_FAULTS.resourcesExceeded, `${TRANSFERS_MAX} transfers wait`);
  return undefined;
}

function add(
  context: CpeContext,
  nowNs: number,
  source: Source,
  rest: Pick<TransferRecord, "rpc" | "delaySeconds" | "windows">,
): number {
  const { commandKey, fileType, url, username, password, fileSizeBytes, targetFileName } = source;
  const { transfers, lastNumber } = context.record;
  const number = lastNumber + 1;
  const transfer: TransferRecord = {
    number,
    commandKey,
    fileType,
    url,
    username,
    password,
    fileSizeBytes,
    targetFileName,
    ...rest,
    receivedMs: context.wallMs(nowNs),
    phase: "queued",
    file: null,
    retries: 0,
    windowOfRetries: -1,
    attempts: 0,
    startMs: "unknown",
    completeMs: "unknown",
    fault: null,
  };
  context.receivedNs.set(number, nowNs);
  context.persist({ transfers: [...transfers, transfer], lastNumber: number }, "answer");
  return number;
}

export const LATER: CwmpMessage = {
  method: "DownloadResponse",
  status: 1,
  startTime: "unknown",
  completeTime: "unknown",
};

/** @returns undefined where it is answered when it is done */
export function download(
  context: CpeContext,
  nowNs: number,
  message: CwmpRequestOf<"Download">,
): CwmpMessage | undefined {
  const refusal = refusalOf(context, message);
  if (refusal !== undefined) return refusal;
  const { delaySeconds, fileType } = message;
  const number = add(context, nowNs, message, { rpc: "Download", delaySeconds, windows: [] });
  const { answerWithinSeconds } = context.config;
  const isWaited = answerWithinSeconds > 0 && delaySeconds === 0 && fileType !== CWMP_FILE_TYPES.firmware;
  if (!isWaited || context.activeNumber !== 0) return LATER;
  context.heldAnswer = { number, deadlineNs: nowNs + answerWithinSeconds * NS_PER_SECOND };
  return undefined;
}

export function scheduleDownload(
  context: CpeContext,
  nowNs: number,
  message: CwmpRequestOf<"ScheduleDownload">,
): CwmpMessage {
  const problem = windowsProblem(message.windows);
  if (problem !== "") return cwmpFault(CPE_FAULTS.invalidArguments, problem);
  const refusal = refusalOf(context, message);
  if (refusal !== undefined) return refusal;
  add(context, nowNs, message, { rpc: "ScheduleDownload", delaySeconds: 0, windows: message.windows });
  return { method: "ScheduleDownloadResponse" };
}

/** All with that key, or none; nobody hears of them again. One that is not there is cancelled as well as can be. */
export function cancelTransfer(context: CpeContext, nowNs: number, commandKey: string): CwmpMessage {
  const { transfers } = context.record;
  const found = transfers.filter((each) => each.commandKey === commandKey && each.rpc !== "autonomous");
  const late = found.find(({ phase }) => phase === "applying" || phase === "done");
  if (late !== undefined) {
    const reason = late.phase === "done" ? "it is done" : "it is being installed";
    return cwmpFault(CPE_FAULTS.cancelNotPermitted, reason);
  }
  if (found.length > 0) {
    if (found.some(({ number }) => number === context.activeNumber)) {
      context.dropTransfer();
      context.abort(context.configuration?.exchange ?? null);
      context.configuration = null;
      context.activeNumber = 0;
      context.setState(nowNs, "idle", "cancelled by the ACS");
    }
    context.persist({ transfers: transfers.filter((each) => !found.includes(each)) }, "answer");
  }
  return { method: "CancelTransferResponse" };
}

/** Not yet begun, under way, done. */
const stateOf = ({ phase }: TransferRecord): number => (phase === "queued" ? 1 : phase === "done" ? 3 : 2);

export const queuedStates = ({ record }: CpeContext): { commandKey: string; state: number }[] =>
  record.transfers
    .filter(({ rpc }) => rpc !== "autonomous")
    .map((transfer) => ({ commandKey: transfer.commandKey, state: stateOf(transfer) }));

export const allQueued = ({ record }: CpeContext): CwmpQueuedTransfer[] =>
  record.transfers.map((transfer) => {
    const { commandKey, fileType, fileSizeBytes, targetFileName } = transfer;
    return { commandKey, state: stateOf(transfer), isDownload: true, fileType, fileSizeBytes, targetFileName };
  });
