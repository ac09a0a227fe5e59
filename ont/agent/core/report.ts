/** What the depot is told of an action, as DDI's feedback. */
import {
  type DdiExecution,
  type DdiFinished,
  ddiPath,
  type DdiPlace,
  writeDdiFeedback,
} from "../../../base/ddi/index.ts";
import type { AgentContext } from "./context.ts";

const MS_PER_SECOND = 1000;
/** Reports that wait; more than these only repeat what is known. */
const TASKS_MAX = 16;

export const placeOf = ({ config }: AgentContext, place: DdiPlace): string =>
  ddiPath({ tenant: config.tenant, device: config.device, place });

/** What the depot is to know of an action. A final report is told until the depot has it. */
export function report(
  context: AgentContext,
  nowNs: number,
  to: { action: string; isCancel?: boolean; isFinal?: boolean },
  status: { execution: DdiExecution; finished: DdiFinished; details: readonly string[] },
): void {
  const { action, isCancel = false, isFinal = false } = to;
  if (context.tasks.length >= TASKS_MAX && !isFinal) return;
  const wallSeconds = context.wallSeconds(nowNs);
  const timeMs = wallSeconds === undefined ? {} : { timeMs: clampedMs(wallSeconds) };
  const body = writeDdiFeedback({ id: action, ...timeMs, ...status });
  const path = placeOf(context, { kind: isCancel ? "cancelFeedback" : "deploymentFeedback", action });
  const { execution, finished } = status;
  context.tasks.push({ kind: "report", path, execution, finished, body, isFinal });
}

/** A clock may say anything; DDI writes the years up to 9999. */
const clampedMs = (wallSeconds: number): number =>
  Math.max(0, Math.min(253_402_300_799_000, wallSeconds * MS_PER_SECOND));
