/** A download that is answered when it is done (Status 0), or when that takes too long (Status 1). */
import { cwmpFault, type CwmpMessage } from "../../../cwmp/index.ts";
import type { CpeContext } from "./context.ts";
import { LATER } from "./queue.ts";
import { eventsOf } from "./reports.ts";
import type { TransferRecord } from "./types.ts";

export function advanceHeldAnswer(context: CpeContext, nowNs: number): void {
  const { heldAnswer, session } = context;
  if (heldAnswer === null) return;
  const transfer = context.transferOf(heldAnswer.number);
  const isDone = transfer?.phase === "done";
  // Nobody is there any more who would hear it: it is told as any other.
  if (session === null || session.step !== "answering") {
    context.heldAnswer = null;
    if (isDone) context.changeTransfer(transfer.number, {}, "none", eventsOf(transfer));
    return;
  }
  if (!isDone && transfer !== undefined && heldAnswer.deadlineNs > nowNs) return;
  context.heldAnswer = null;
  session.answer = isDone ? answerOf(transfer) : LATER;
  if (!isDone) return;
  // It is answered: nothing is left to tell.
  const { record } = context;
  context.persist({ transfers: record.transfers.filter(({ number }) => number !== transfer.number) }, "answer");
}

function answerOf({ fault, startMs: startTime, completeMs: completeTime }: TransferRecord): CwmpMessage {
  if (fault !== null && fault.faultCode !== 0) return cwmpFault(fault.faultCode, reasonOf(fault.faultString));
  return { method: "DownloadResponse", status: 0, startTime, completeTime };
}

/** The standard's words come before it once more. */
const reasonOf = (faultString: string): string => faultString.split(": ").slice(-1)[0];
