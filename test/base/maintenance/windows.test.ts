/** Maintenance windows by wall clock, summer times included: a table, and clocks on a wall. */
import { expect, it } from "vitest";
import { readWindow, windowAt } from "../../../base/maintenance/index.ts";
import { CLOCK_CHANGES, wallTable } from "../../support/wall-clock.ts";

const HOUR_MS = 3_600_000;

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

const HOURS = ["00:00-00:30", "01:45-02:15", "02:00-05:00", "02:15-02:45", "02:45-03:15", "23:30-02:30"];
const NIGHTS = CLOCK_CHANGES.flatMap(([zone, ...days]) =>
  days.flatMap((day) => HOURS.map((hours) => [zone, day, hours] as const)),
);

it.each(NIGHTS)("%s from %s, %s: step by step as on a wall clock", (zone, day, hours) => {
  const window = readWindow(`${hours} ${zone}`)!;
  const { steps, fromStep } = wallTable(zone, hours, at(`${day}T00:00:00Z`) - 12 * HOUR_MS, 2);
  for (const { ms, shown, isOpen } of steps.slice(fromStep)) {
    const state = windowAt(window, ms);
    expect(state.isOpen, shown).toBe(isOpen);
    expect(state.opensMs <= ms && ms < state.closesMs, shown).toBe(isOpen);
  }
});

it("is told of any time, also of one before that of which it was told last", () => {
  const window = readWindow(BERLIN)!;
  for (const now of ["2026-11-27T02:00:00Z", "2026-11-26T12:00:00Z", "2026-11-28T05:00:00Z", "2026-11-27T02:00:00Z"])
    expect(windowAt(window, at(now))).toEqual(windowAt({ ...window }, at(now)));
});
