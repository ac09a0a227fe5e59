/** What people type as values of options: addresses, and quantities with their units. */
import { describe, expect, it } from "vitest";
import { parseAddress, parseDuration, parseRate, parseShare, parseSize } from "../../cli/units.ts";

describe("an address", () => {
  it.each([
    ["9464", "127.0.0.1", 9464],
    ["0.0.0.0:0", "0.0.0.0", 0],
    ["localhost:80", "localhost", 80],
    ["[::1]:9464", "::1", 9464],
  ])("%s", (text, host, port) => expect(parseAddress("--metrics", text)).toEqual({ host, port }));

  it.each(["", "host", "host:", "host:65536"])("is not %j", (text) =>
    expect(() => parseAddress("--metrics", text)).toThrow("host:port, such as 127.0.0.1:9464"),
  );
});

describe("a value of an option", () => {
  it.each([
    [parseSize("--x", "8388608"), 8_388_608],
    [parseSize("--x", "32mb"), 32e6],
    [parseRate("--x", "20Mbps"), 2_500_000],
    [parseDuration("--x", "90min"), 5400],
    [parseShare("--x", "0.001"), 0.001],
    [parseShare("--x", "1e-3"), 0.001],
    [parseShare("--x", "0.1%"), 0.001],
    [parseShare("--x", "100%"), 1],
  ])("%d is %d", (value, expected) => expect(value).toBe(expected));

  it.each<[() => number, string]>([
    [
      () => parseSize("--size", "8MiX"),
      "--size: 8MiX is not allowed; a number with one of B, kB, MB, GB, KiB, MiB, GiB, such as 8MiB",
    ],
    [() => parseRate("--rate", "20"), "--rate: 20 is not allowed; a number with one of bit/s"],
    [
      () => parseDuration("--within", "4"),
      "--within: 4 is not allowed; a number with one of ms, s, min, h, d, such as 4h",
    ],
    [() => parseShare("--loss", "1.5"), "--loss: 1.5 is not allowed; 0 to 1, or a percentage, such as 0.1%"],
    [() => parseShare("--loss", "101%"), "--loss: 101% is not allowed"],
    [() => parseShare("--loss", "-1"), "--loss: -1 is not allowed"],
    [() => parseShare("--loss", ""), "--loss:  is not allowed"],
  ])("that is none is told in one line: %s", (parse, line) => expect(parse).toThrow(line));
});
