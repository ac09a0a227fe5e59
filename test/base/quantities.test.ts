/** Sizes, rates, times and shares with their units, as people write them. */
import { describe, expect, it } from "vitest";
import { readQuantity, type Unit } from "../../base/quantities/index.ts";

describe("a quantity", () => {
  it.each<[string, Unit, number]>([
    ["8MiB", "bytes", 8 * 1024 ** 2],
    ["8 mib", "bytes", 8 * 1024 ** 2],
    ["32mb", "bytes", 32e6],
    ["1.1kB", "bytes", 1100],
    ["1.5B", "bytes", 2],
    ["4GiB", "bytes", 4 * 1024 ** 3],
    ["20Mbit/s", "bytes/s", 2_500_000],
    ["20Mbps", "bytes/s", 2_500_000],
    ["20 mb/s", "bytes/s", 2_500_000],
    ["2.5MB/s", "bytes/s", 2_500_000],
    ["2.5MBps", "bit/s", 20_000_000],
    ["1Gbit/s", "bit/s", 1e9],
    ["1.5h", "s", 5400],
    ["200ms", "s", 0.2],
    ["1.1s", "ms", 1100],
    ["125us", "µs", 125],
    ["1d", "s", 86_400],
    ["0.1%", "share", 0.001],
    ["0.7 %", "share", 0.007],
  ])("%s in %s", (text, unit, value) => expect(readQuantity(text, unit)).toBe(value));

  it.each<[string, Unit]>([
    ["8", "bytes"],
    ["", "bytes"],
    ["MiB", "bytes"],
    ["-1MiB", "bytes"],
    ["8Mbit/s", "bytes"],
    ["8iB", "bytes"],
    ["20MB", "bytes/s"],
    ["20MBPS", "bytes/s"],
    ["4", "s"],
    ["4H", "s"],
    ["4mins", "s"],
    ["1%", "s"],
    ["1,5%", "share"],
    ["0.1", "share"],
  ])("%j is none in %s", (text, unit) => expect(readQuantity(text, unit)).toBeUndefined());
});
