/** Addresses as people type them. */
import { describe, expect, it } from "vitest";
import { parseAddress } from "../../cli/units.ts";

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
