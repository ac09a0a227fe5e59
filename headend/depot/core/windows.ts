/** Maintenance windows by wall clock: open or not at a given time, and until when. Zones and their summer times are croner's. */
import { Cron } from "croner";
import type { MaintenanceWindow } from "./types.ts";

const RULE = /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)(?: +(\S+))?$/;
const MS_PER_DAY = 86_400_000;

export interface WindowState {
  isOpen: boolean;
  /** Open: since when; closed: when it opens next. Milliseconds since 1970. */
  opensMs: number;
  closesMs: number;
}

/** Of `02:00-05:00 Europe/Berlin`; UTC where no zone is named. @returns undefined for what has not the form, or no such zone */
export function readWindow(text: string): MaintenanceWindow | undefined {
  const rule = text.trim();
  const found = RULE.exec(rule);
  if (found === null) return undefined;
  const [, startHour, startMinute, endHour, endMinute, timeZone = "UTC"] = found;
  const [start, end] = [`${startHour}:${startMinute}`, `${endHour}:${endMinute}`];
  try {
    Intl.DateTimeFormat("en", { timeZone });
  } catch {
    return undefined;
  }
  return start === end ? undefined : { rule, start, end, timeZone };
}

/**
 * A start that a clock put forward leaves out is the first instant after; of an hour that comes twice the first counts.
 *
 * @param nowMs milliseconds since 1970
 */
export function windowAt({ start, end, timeZone }: MaintenanceWindow, nowMs: number): WindowState {
  // A window is shorter than a day: the last start is one of the last two.
  const starts = instantsOf(start, timeZone, nowMs - 2 * MS_PER_DAY);
  let opensMs = starts.next();
  let closesMs = endAfter(opensMs, end, timeZone);
  while (closesMs <= nowMs) {
    opensMs = starts.next();
    closesMs = endAfter(opensMs, end, timeZone);
  }
  return { isOpen: opensMs <= nowMs, opensMs, closesMs };
}

const endAfter = (opensMs: number, end: string, timeZone: string): number => instantsOf(end, timeZone, opensMs).next();

/** Every day at that time, from then on. */
function instantsOf(time: string, timezone: string, fromMs: number): { next: () => number } {
  const [hour, minute] = time.split(":").map(Number);
  const cron = new Cron(`${minute} ${hour} * * *`, { timezone, paused: true });
  let at = new Date(fromMs);
  return {
    next: () => {
      const found = cron.nextRun(at);
      if (found === null) throw new Error(`no ${time} after ${at.toISOString()} in ${timezone}`);
      at = found;
      return at.getTime();
    },
  };
}
