/** DDI's times. */
import { expect, it } from "vitest";
import { DDI_SLEEP_SECONDS_MAX, ddiDuration, ddiTime, readDdiDuration, readDdiTime } from "../../../base/ddi/index.ts";

it.each([
  [0, "00:00:00"],
  [300, "00:05:00"],
  [3_661, "01:01:01"],
  [DDI_SLEEP_SECONDS_MAX, "23:59:59"],
])("%d s to sleep are %s", (seconds, text) => {
  expect(ddiDuration(seconds)).toBe(text);
  expect(readDdiDuration(text)).toBe(seconds);
});

it("a part of a second to sleep counts as one; more than a day cannot be said", () => {
  expect(ddiDuration(0.2)).toBe("00:00:01");
  for (const seconds of [-1, 86_400, Number.NaN]) expect(() => ddiDuration(seconds)).toThrow(RangeError);
});

it.each(["5:00", "00:60:00", "00:00:60", "00:05:00 ", "-1:00:00", "PT5M"])("%s is no duration", (text) =>
  expect(readDdiDuration(text)).toBeUndefined(),
);

it.each([
  ["20261127T163551", Date.UTC(2026, 10, 27, 16, 35, 51)],
  ["20261127T163551Z", Date.UTC(2026, 10, 27, 16, 35, 51)],
  ["20240229T000000", Date.UTC(2024, 1, 29)],
  ["2026-11-27T16:35:51", Date.UTC(2026, 10, 27, 16, 35, 51)],
  ["2026-11-27T17:35:51.500+01:00", Date.UTC(2026, 10, 27, 16, 35, 51)],
])("%s", (text, timeMs) => {
  expect(readDdiTime(text)).toBe(timeMs);
  expect(readDdiTime(ddiTime(timeMs))).toBe(timeMs);
});

it.each(["", "20260229T000000", "20261301T000000", "20260101T240000", "20260101", "2026-13-01T00:00:00", "now"])(
  "%s is no time",
  (text) => expect(readDdiTime(text)).toBeUndefined(),
);
