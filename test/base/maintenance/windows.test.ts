/** Maintenance windows by wall clock, summer times included: a table, and beside it a clock that is asked minute by minute. */
import { expect, it } from "vitest";
import { readWindow, windowAt } from "../../../base/maintenance/index.ts";

const at = (text: string): number => Date.parse(text);
const state = (rule: string, now: string): [boolean, string, string] => {
  const window = readWindow(rule);
  if (window === undefined) throw new Error(`${rule} is none`);
  const { isOpen, opensMs, closesMs } = windowAt(window, at(now));
  return [isOpen, new Date(opensMs).toISOString().slice(0, 16), new Date(closesMs).toISOString().slice(0, 16)];
};

const BERLIN = "02:00-05:00 Europe/Berlin";

it.each<[string, string, boolean, string, string]>([
  ["02:00-05:00", "2026-11-27T01:59:59Z", false, "2026-11-27T02:00", "2026-11-27T05:00"],
  ["02:00-05:00", "2026-11-27T02:00:00Z", true, "2026-11-27T02:00", "2026-11-27T05:00"],
  ["02:00-05:00", "2026-11-27T04:59:59Z", true, "2026-11-27T02:00", "2026-11-27T05:00"],
  ["02:00-05:00", "2026-11-27T05:00:00Z", false, "2026-11-28T02:00", "2026-11-28T05:00"],
  ["22:00-04:00 UTC", "2026-11-27T23:00:00Z", true, "2026-11-27T22:00", "2026-11-28T04:00"],
  ["22:00-04:00 UTC", "2026-11-28T03:00:00Z", true, "2026-11-27T22:00", "2026-11-28T04:00"],
  ["00:00-23:59 UTC", "2026-11-28T12:00:00Z", true, "2026-11-28T00:00", "2026-11-28T23:59"],
  [BERLIN, "2026-11-27T00:30:00Z", false, "2026-11-27T01:00", "2026-11-27T04:00"],
  [BERLIN, "2026-06-27T00:30:00Z", true, "2026-06-27T00:00", "2026-06-27T03:00"],
  // 02:00 does not exist on that day: it opens at 03:00 of summer time.
  [BERLIN, "2026-03-29T00:59:59Z", false, "2026-03-29T01:00", "2026-03-29T03:00"],
  [BERLIN, "2026-03-29T01:00:00Z", true, "2026-03-29T01:00", "2026-03-29T03:00"],
  // 02:00 comes twice on that day: it opens with the first.
  [BERLIN, "2026-10-25T00:00:00Z", true, "2026-10-25T00:00", "2026-10-25T04:00"],
  [BERLIN, "2026-10-25T01:00:00Z", true, "2026-10-25T00:00", "2026-10-25T04:00"],
  [BERLIN, "2026-10-25T04:00:00Z", false, "2026-10-26T01:00", "2026-10-26T04:00"],
  ["mon-fri 02:00-05:00", "2026-11-27T05:00:00Z", false, "2026-11-30T02:00", "2026-11-30T05:00"],
  ["sat,sun 02:00-05:00", "2026-11-27T05:00:00Z", false, "2026-11-28T02:00", "2026-11-28T05:00"],
  ["fri 23:00-03:00", "2026-11-28T02:00:00Z", true, "2026-11-27T23:00", "2026-11-28T03:00"],
  ["sun 02:00-05:00 Europe/Berlin", "2026-03-28T12:00:00Z", false, "2026-03-29T01:00", "2026-03-29T03:00"],
  // All of it is left out on that day.
  ["02:15-02:45 Europe/Berlin", "2026-03-29T00:50:00Z", false, "2026-03-30T00:15", "2026-03-30T00:45"],
  ["02:15-02:45 Europe/Berlin", "2026-03-29T01:00:00Z", false, "2026-03-30T00:15", "2026-03-30T00:45"],
])("%s at %s", (rule, now, isOpen, opens, closes) => expect(state(rule, now)).toEqual([isOpen, opens, closes]));

it.each([
  "",
  "02:00",
  "2:00-5:00",
  "24:00-05:00",
  "02:00-02:00",
  "02:00-05:00 Mars/Olympus",
  "02:00-05:60 UTC",
  "day 02:00-05:00",
  "fri-mon 02:00-05:00",
])("%s is no window", (rule) => expect(readWindow(rule)).toBeUndefined());

/** A zone's own calendar and clock, by Intl alone. */
function wallClock(timeZone: string): (ms: number) => string {
  const format = new Intl.DateTimeFormat("sv", { timeZone, dateStyle: "short", timeStyle: "short" });
  return (ms) => format.format(ms);
}

/** The night before a change of clocks, and the change, in each zone; Cairo's is at midnight, Lord Howe's is half an hour. */
const NIGHTS = [
  ["Europe/Berlin", "2026-03-28", "2026-10-24"],
  ["America/New_York", "2026-03-07", "2026-10-31"],
  ["Australia/Lord_Howe", "2026-10-03", "2026-04-04"],
  ["Pacific/Chatham", "2026-09-26", "2026-04-04"],
  ["Africa/Cairo", "2026-04-23", "2026-10-29"],
] as const;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const HOURS = ["00:00-00:30", "01:45-02:15", "02:00-05:00", "02:15-02:45", "02:45-03:15", "23:30-02:30"];
/** Every start, end and change of clocks is on one. */
const STEP_MS = 15 * MINUTE_MS;
const STEPS_A_DAY = 24 * 4;

const NIGHT_ROWS = NIGHTS.flatMap(([zone, ...days]) =>
  days.flatMap((day) => HOURS.map((hours) => [zone, day, hours] as const)),
);

/** The oracle: a day's start is the first instant at which its clock shows that, or more; its end the first after that. */
it.each(NIGHT_ROWS)("%s from %s, %s: step by step as on a wall clock", (zone, day, hours) => {
  const local = wallClock(zone);
  const fromMs = at(`${day}T00:00:00Z`) - 12 * HOUR_MS;
  const [start, end] = hours.split("-");
  const window = readWindow(`${hours} ${zone}`)!;
  const instants = Array.from({ length: 2 * STEPS_A_DAY }, (_, step) => fromMs + step * STEP_MS);
  const shown = instants.map(local);
  const firstAt = (text: string): number => {
    const found = shown.findIndex((each) => each >= text);
    return found < 0 ? shown.length : found;
  };
  const dayAfter = (date: string): string =>
    new Date(at(`${date}T12:00:00Z`) + 24 * HOUR_MS).toISOString().slice(0, 10);
  const open = new Set<number>();
  for (const date of new Set(shown.map((text) => text.slice(0, 10)))) {
    const closes = firstAt(`${end < start ? dayAfter(date) : date} ${end}`);
    for (let step = firstAt(`${date} ${start}`); step < closes; step++) open.add(step);
  }
  // The first day began before what is looked at.
  for (let step = STEPS_A_DAY; step < shown.length; step++) {
    const { isOpen, opensMs, closesMs } = windowAt(window, instants[step]);
    expect(isOpen, shown[step]).toBe(open.has(step));
    expect(isOpen).toBe(opensMs <= instants[step] && instants[step] < closesMs);
  }
});
