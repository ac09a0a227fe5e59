/** Addresses of a Redis: what they say, and that no password is in what is shown. */
import { describe, expect, it } from "vitest";
import { parseRedisAddress } from "../../../../study/sweep/engines/bullmq/address.ts";

describe("the address of a Redis", () => {
  it.each([
    ["redis://127.0.0.1", { host: "127.0.0.1", port: 6379, database: 0, tls: false, shown: "redis://127.0.0.1:6379" }],
    [
      "rediss://me:a%2Fb%3F@redis.example:7000/3",
      {
        host: "redis.example",
        port: 7000,
        database: 3,
        tls: true,
        username: "me",
        password: "a/b?",
        shown: "rediss://redis.example:7000/3",
      },
    ],
    [
      "redis://:100%@[::1]/",
      { host: "::1", port: 6379, database: 0, tls: false, password: "100%", shown: "redis://[::1]:6379" },
    ],
  ])("%s", (text, address) => expect(parseRedisAddress(text, {})).toEqual(address));

  it("takes a password that it does not have from where redis-cli does", () => {
    const environment = { REDISCLI_AUTH: "p" };
    expect(parseRedisAddress("redis://me@h", environment)).toMatchObject({ username: "me", password: "p" });
    expect(parseRedisAddress("redis://:q@h", environment)).toMatchObject({ password: "q" });
  });

  it.each([
    ["redis://:secret@", "this is no address of a Redis"],
    ["redis:secret", "the address has no host"],
    ["redis://:secret@host:99999", "this is no address of a Redis"],
    ["redis://:secret@host/none", "no number of a database"],
    ["redis://:sec#ret@host", "this is no address of a Redis"],
    ["redis://:secret@host?tls=1", "the address has ? or #"],
  ])("refuses %s and repeats none of it", (text, message) => {
    const attempt = (): unknown => parseRedisAddress(text);
    expect(attempt).toThrow(message);
    expect(attempt).not.toThrow(/secret|ret@/);
  });
});
