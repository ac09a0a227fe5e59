/** When a transfer may go: after its delay, within its windows and as their modes allow (TR-069, A.3.2.8 and A.4.1.8). */
import { CWMP_WINDOW_MODES } from "../../../cwmp/index.ts";
import type { CpeContext } from "./context.ts";
import { WINDOW_RETRIES_MAX } from "./policy.ts";
import type { TransferRecord } from "./types.ts";

const NS_PER_SECOND = 1e9;

const receivedNs = (context: CpeContext, number: number): number => context.receivedNs.get(number) ?? 0;

/** When its delay is over, or its first window opens. */
export function dueNs(context: CpeContext, { number, delaySeconds, windows }: TransferRecord): number {
  const fromNs = receivedNs(context, number);
  return fromNs + (windows.length === 0 ? delaySeconds : windows[0].windowStartSeconds) * NS_PER_SECOND;
}

/** The window that is open; −1: none is. */
export function openWindow(context: CpeContext, { number, windows }: TransferRecord, nowNs: number): number {
  const fromNs = receivedNs(context, number);
  return windows.findIndex(
    ({ windowStartSeconds, windowEndSeconds }) =>
      nowNs >= fromNs + windowStartSeconds * NS_PER_SECOND && nowNs < fromNs + windowEndSeconds * NS_PER_SECOND,
  );
}

/** No window will open any more. */
export function isMissed(context: CpeContext, { number, windows }: TransferRecord, nowNs: number): boolean {
  const fromNs = receivedNs(context, number);
  return windows.length > 0 && windows.every((each) => nowNs >= fromNs + each.windowEndSeconds * NS_PER_SECOND);
}

/** When a window opens or closes; Infinity: none does. */
export function windowChangeNs(context: CpeContext, { number, windows }: TransferRecord, nowNs: number): number {
  const fromNs = receivedNs(context, number);
  const edges = windows.flatMap(({ windowStartSeconds, windowEndSeconds }) => [windowStartSeconds, windowEndSeconds]);
  return Math.min(...edges.map((seconds) => fromNs + seconds * NS_PER_SECOND).filter((edge) => edge > nowNs), Infinity);
}

/** Why it does not go on now; empty: it may. */
export function holdCause(context: CpeContext, transfer: TransferRecord, nowNs: number): string {
  const { number, windows } = transfer;
  if (dueNs(context, transfer) > nowNs) return windows.length === 0 ? "delay" : "window";
  if (windows.length === 0) return "";
  const open = openWindow(context, transfer, nowNs);
  if (open < 0) return "window";
  const { windowMode } = windows[open];
  if (windowMode === CWMP_WINDOW_MODES.whenIdle) return context.isIdle ? "" : "in use";
  if (windowMode !== CWMP_WINDOW_MODES.confirmationNeeded || context.confirmed.has(number)) return "";
  return context.refused.has(number) ? "refused by the user" : "confirmation";
}

/** Tries after the first that the window allows. */
export function retriesMax({ windows }: TransferRecord, window: number): number {
  const maxRetries = windows[window]?.maxRetries ?? 0;
  return maxRetries < 0 ? WINDOW_RETRIES_MAX : maxRetries;
}

/** Why windows make no sense; empty: they do. */
export function windowsProblem(windows: TransferRecord["windows"]): string {
  if (windows.length === 0) return "no TimeWindow";
  const modes: ReadonlySet<string> = new Set(Object.values(CWMP_WINDOW_MODES));
  for (const { windowStartSeconds, windowEndSeconds, windowMode, maxRetries } of windows) {
    if (windowEndSeconds <= windowStartSeconds) return "a window that ends before it begins";
    if (!modes.has(windowMode)) return `WindowMode ${windowMode}`;
    if (maxRetries < -1) return `MaxRetries ${maxRetries}`;
  }
  const [first, second] = windows;
  // The second begins after the first has ended (A.4.1.8).
  return second !== undefined && second.windowStartSeconds < first.windowEndSeconds ? "windows that overlap" : "";
}
