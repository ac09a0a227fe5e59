/** Maintenance windows by wall clock: open or not at a given time, and until when. Zones and their summer times are croner's. */
import { Cron } from "croner";

const DAY = "(?:sun|mon|tue|wed|thu|fri|sat)";
const RULE = new RegExp(
  String.raw`^(?:(${DAY}(?:[-,]${DAY})*) +)?([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)(?: +(\S+))?$`,
);
const MS_PER_SECOND = 1_000;
const MS_PER_DAY = 86_400_000;
const EVERY_DAY = "*";

/** When devices may install: `HH:MM` of a zone, on some days or on all. */
export interface MaintenanceWindow {
  /** As it was written. */
  rule: string;
  /** Days on which it opens, `mon-fri,sun` for example, `*` for all. */
  days: string;
  start: string;
  end: string;
  timeZone: string;
}

export interface WindowState {
  isOpen: boolean;
  /** Open: since when; closed: when it opens next. Milliseconds since 1970. */
  opensMs: number;
  closesMs: number;
}

/**
 * Of `02:00-05:00 Europe/Berlin`, or `mon-fri 02:00-05:00`; UTC where no zone is named. One that ends before it starts ends on
 * the day after.
 *
 * @returns undefined for what has not the form, or no such zone
 */
export function readWindow(text: string): MaintenanceWindow | undefined {
  const rule = text.trim();
  const found = RULE.exec(rule);
  if (found === null) return undefined;
  const [, days = EVERY_DAY, startHour, startMinute, endHour, endMinute, timeZone = "UTC"] = found;
  const [start, end] = [`${startHour}:${startMinute}`, `${endHour}:${endMinute}`];
  if (start === end) return undefined;
  try {
    Intl.DateTimeFormat("en", { timeZone });
    // Days from a later one to an earlier one, for example, are none.
    instantsOf(start, timeZone, 0, days);
  } catch {
    return undefined;
  }
  return { rule, days, start, end, timeZone };
}

interface KnownState {
  state: WindowState;
  fromMs: number;
  /** It opens or closes then. */
  untilMs: number;
}

/** Asked at each poll and each session: what it was it is until it opens or closes. By the window itself, so that it goes with it. */
const known = new WeakMap<MaintenanceWindow, KnownState>();

/**
 * A start that a clock put forward leaves out is the first instant after, and so is an end: a window that is left out as a
 * whole does not open. Of an hour that comes twice the first counts.
 *
 * @param nowMs milliseconds since 1970
 */
export function windowAt(window: MaintenanceWindow, nowMs: number): WindowState {
  const last = known.get(window);
  if (last !== undefined && last.fromMs <= nowMs && nowMs < last.untilMs) return last.state;
  const state = stateAt(window, nowMs);
  known.set(window, { state, fromMs: nowMs, untilMs: state.isOpen ? state.closesMs : state.opensMs });
  return state;
}

function stateAt({ days, start, end, timeZone }: MaintenanceWindow, nowMs: number): WindowState {
  // A window is shorter than a day: what opened before has closed.
  const starts = instantsOf(start, timeZone, nowMs - 2 * MS_PER_DAY, days);
  for (;;) {
    const opensMs = starts.next();
    // The end may be the same instant as the start, where a clock was put forward over both.
    const closesMs = instantsOf(end, timeZone, opensMs - MS_PER_SECOND, EVERY_DAY).next();
    if (closesMs > nowMs && closesMs > opensMs) return { isOpen: opensMs <= nowMs, opensMs, closesMs };
  }
}

/** Every such day at that time, from then on. */
function instantsOf(time: string, timezone: string, fromMs: number, days: string): { next: () => number } {
  const [hour, minute] = time.split(":").map(Number);
  const cron = new Cron(`${minute} ${hour} * * ${days}`, { timezone, paused: true });
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
