/** The device's own window for installations, and for downloads where these are for it, too. */
import type { AgentContext } from "./context.ts";

const NS_PER_SECOND = 1e9;

/** The device's own window; one that goes by a clock is closed where nobody knows the time. */
export function windowIsOpen(context: AgentContext, nowNs: number): boolean {
  const { window } = context.config;
  if (window === undefined) return true;
  const wallSeconds = context.wallSeconds(nowNs);
  return wallSeconds !== undefined && window.at(wallSeconds).isOpen;
}

/** When the window changes; Infinity where it does not, or nobody knows. */
export function windowChangeNs(context: AgentContext, nowNs: number): number {
  const wallSeconds = context.wallSeconds(nowNs);
  const { window } = context.config;
  if (window === undefined || wallSeconds === undefined) return Infinity;
  return nowNs + Math.max(1, Math.ceil(window.at(wallSeconds).changesInSeconds * NS_PER_SECOND));
}
