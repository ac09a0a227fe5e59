/** Hours as people read them off a wall: which quarters of an hour a window is open for, by Intl alone. */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Every start, end and change of clocks is on one. */
export const WALL_STEP_MS = 15 * MINUTE_MS;
const STEPS_A_DAY = (24 * HOUR_MS) / WALL_STEP_MS;

/** The day before a night in which the clocks of a zone change, forward and back; Cairo's is at midnight, Lord Howe's half an hour. */
export const CLOCK_CHANGES = [
  ["Europe/Berlin", "2026-03-28", "2026-10-24"],
  ["America/New_York", "2026-03-07", "2026-10-31"],
  ["Australia/Lord_Howe", "2026-10-03", "2026-04-04"],
  ["Pacific/Chatham", "2026-09-26", "2026-04-04"],
  ["Africa/Cairo", "2026-04-23", "2026-10-29"],
] as const;

export interface WallTable {
  /** Each quarter of an hour, in order: when, what the zone's clock shows, whether it is open. */
  steps: readonly { ms: number; shown: string; isOpen: boolean }[];
  /** Days before this one began before what is looked at. */
  fromStep: number;
}

/**
 * A day's start is the first instant at which its clock shows that, or more; its end the first after that.
 *
 * @param hours `02:00-05:00`
 * @param fromMs a day is looked at before what is told
 */
export function wallTable(timeZone: string, hours: string, fromMs: number, days: number): WallTable {
  const format = new Intl.DateTimeFormat("sv", { timeZone, dateStyle: "short", timeStyle: "short" });
  const [start, end] = hours.split("-");
  const instants = Array.from({ length: days * STEPS_A_DAY }, (_, step) => fromMs + step * WALL_STEP_MS);
  const shown = instants.map((ms) => format.format(ms));
  const firstAt = (text: string): number => {
    const found = shown.findIndex((each) => each >= text);
    return found < 0 ? shown.length : found;
  };
  const open = new Set<number>();
  for (const date of new Set(shown.map((text) => text.slice(0, 10)))) {
    const closes = firstAt(`${end < start ? dayAfter(date) : date} ${end}`);
    for (let step = firstAt(`${date} ${start}`); step < closes; step++) open.add(step);
  }
  return {
    steps: instants.map((ms, step) => ({ ms, shown: shown[step], isOpen: open.has(step) })),
    fromStep: STEPS_A_DAY,
  };
}

const dayAfter = (date: string): string =>
  new Date(Date.parse(`${date}T12:00:00Z`) + 24 * HOUR_MS).toISOString().slice(0, 10);
