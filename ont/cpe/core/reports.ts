/** What the CPE has to tell the ACS in requests of its own, and what is over once the ACS has it. */
import { CWMP_EVENTS, type CwmpEvent, type CwmpMessage } from "../../../cwmp/index.ts";
import type { CpeContext, OwnRequest } from "./context.ts";
import { NO_FAULT } from "./faults.ts";
import type { TransferRecord } from "./types.ts";

/** @param events of the Inform: a transfer is told of in a session that was opened for it (TR-069, 3.7.1.5) */
export function ownRequests(context: CpeContext, events: readonly CwmpEvent[]): OwnRequest[] {
  const codes = new Set(events.map(({ eventCode }) => eventCode));
  const isTold = (transfer: TransferRecord): boolean =>
    transfer.phase === "done" && eventsOf(transfer).every(({ eventCode }) => codes.has(eventCode));
  const requests: OwnRequest[] = context.record.transfers
    .filter(isTold)
    .map((transfer) => ({ number: transfer.number, message: completeOf(transfer) }));
  if (codes.has(CWMP_EVENTS.bootstrap)) requests.push({ number: 0, message: { method: "GetRPCMethods" } });
  if (codes.has(CWMP_EVENTS.requestDownload))
    requests.push({
      number: 0,
      message: { method: "RequestDownload", fileType: "1 Firmware Upgrade Image", fileArguments: [] },
    });
  return requests;
}

function completeOf(transfer: TransferRecord): CwmpMessage {
  const { rpc, commandKey, startMs: startTime, completeMs: completeTime, fault } = transfer;
  const result = { fault: fault ?? NO_FAULT, startTime, completeTime };
  if (rpc !== "autonomous") return { method: "TransferComplete", commandKey, ...result };
  const { fileType, fileSizeBytes, targetFileName } = transfer;
  const file = { fileType, fileSizeBytes, targetFileName };
  return {
    method: "AutonomousTransferComplete",
    announceUrl: "",
    transferUrl: "",
    isDownload: true,
    ...file,
    ...result,
  };
}

/** By which a transfer is told of (TR-069, table 8). */
export function eventsOf({ rpc, commandKey }: Pick<TransferRecord, "rpc" | "commandKey">): CwmpEvent[] {
  if (rpc === "autonomous") return [{ eventCode: CWMP_EVENTS.autonomousTransferComplete, commandKey: "" }];
  const eventCode = rpc === "Download" ? CWMP_EVENTS.methodDownload : CWMP_EVENTS.methodScheduleDownload;
  return [
    { eventCode: CWMP_EVENTS.transferComplete, commandKey: "" },
    { eventCode, commandKey },
  ];
}

/** The ACS has answered it: nobody hears of it again. */
export function acknowledged(context: CpeContext, { number, message }: OwnRequest): void {
  if (message.method === "RequestDownload") context.wantsDownload = false;
  const transfer = context.transferOf(number);
  if (transfer === undefined) return;
  const { record } = context;
  const transfers = record.transfers.filter((each) => each.number !== number);
  const kept = transfers.filter(({ phase }) => phase === "done").flatMap(eventsOf);
  const isOver = (event: CwmpEvent): boolean => isIn(eventsOf(transfer), event) && !isIn(kept, event);
  context.receivedNs.delete(number);
  context.persist({ transfers, events: record.events.filter((event) => !isOver(event)) });
  const isGood = (transfer.fault ?? NO_FAULT).faultCode === 0;
  context.emit({ type: "reported", execution: "closed", finished: isGood ? "success" : "failure" });
}

const isIn = (events: readonly CwmpEvent[], { eventCode, commandKey }: CwmpEvent): boolean =>
  events.some((each) => each.eventCode === eventCode && each.commandKey === commandKey);
