/** What looks like frames and is none: inputs of nothing else hold no frame. */
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { readInput } from "../../decode/index.ts";
import { hexdumpC, rowsOf, spaced } from "./written.ts";

const LINES = 400;
const digest = (kind: string, at: number): string => createHash(kind).update(`line ${at}`).digest("hex");
const hexOf = (at: number, bytes: number): string => {
  let hex = "";
  for (let part = 0; hex.length < 2 * bytes; part++) hex += digest("sha512", 1000 * at + part);
  return hex.slice(0, 2 * bytes);
};
const all = (line: (at: number) => string): string => Array.from({ length: LINES }, (_, at) => line(at)).join("\n");
const dashed = (hex: string): string =>
  [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-");

/** Kind → a text of it. */
const TEXTS: Record<string, string> = {
  UUIDs: all((at) => `{"ts":"2026-03-01T10:00:00Z","device-id":"${dashed(digest("md5", at))}","msg":"state"}`),
  "UUIDs without dashes": all((at) => `device ${digest("md5", at)} is up`),
  "hashes of git": all((at) => `${digest("sha1", at)} Merge branch`),
  "SHA-256": all((at) => `${digest("sha256", at)}  image-${at}.bin`),
  "SHA-512 in base64": all((at) => `sha512-${Buffer.from(digest("sha512", at), "hex").toString("base64")}`),
  "keys of AES": all((at) => `onu ${at} key ${spaced(hexOf(at, 16))}`),
  "a certificate": `-----BEGIN CERTIFICATE-----\n${Buffer.from(hexOf(1, 800), "hex")
    .toString("base64")
    .match(/.{1,64}/g)!
    .join("\n")}\n-----END CERTIFICATE-----`,
  "a private key": `-----BEGIN OPENSSH PRIVATE KEY-----\n${Buffer.from(hexOf(2, 2000), "hex")
    .toString("base64")
    .match(/.{1,70}/g)!
    .join("\n")}\n-----END OPENSSH PRIVATE KEY-----`,
  "JSON Web tokens": all(
    (at) =>
      `Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.${Buffer.from(hexOf(at, 60), "hex").toString("base64url")}.${Buffer.from(hexOf(at, 32), "hex").toString("base64url")}`,
  ),
  PLOAM: all((at) => `PLOAM DS: ${spaced(`${(at % 128).toString(16).padStart(2, "0")}0a${hexOf(at, 11)}`)}`),
  "PLOAM of 48 bytes": all((at) => `XGPON PLOAM rx: ${hexOf(at, 48)}`),
  "MAC addresses": all(
    (at) =>
      `${hexOf(at, 6).match(/../g)!.join(":")} ${hexOf(at + 1, 6)
        .match(/../g)!
        .join(":")} vlan ${at}`,
  ),
  "IPv6 addresses": all((at) => `inet6 ${hexOf(at, 16).match(/..../g)!.join(":")}/64`),
  "values of attributes": all(
    (at) => `ME 257 inst 0 attr 1 value: ${spaced(Buffer.from("ONT-G240W-A".padEnd(20, "\0")).toString("hex"))} ${at}`,
  ),
  "MIBs without frames": all((at) => `class 7 instance 0x000${at % 2} attributes f800 00 0a 00 0b`),
  "an oops of a kernel": all((at) => `[  12.0000${at % 10}] Code: ${spaced(hexOf(at, 40))} <0f> 0b`),
  "a stack": all((at) => `[  12.3] ${hexOf(at, 8)} ${hexOf(at + 1, 8)} ${hexOf(at + 2, 8)} ${hexOf(at + 3, 8)}`),
  "memory of zeros": hexdumpC("00".repeat(16 * LINES)),
  "memory of anything": hexdumpC(hexOf(7, 16 * LINES)),
  "a program in hex": rowsOf(hexOf(8, 32 * LINES), 32)
    .map((row, at) => `:20${(32 * at).toString(16).padStart(4, "0")}00${row.toUpperCase()}FF`)
    .join("\n"),
  "counters in columns": all((at) => [at, 2 * at, 7, 10, 0, 256, 44, at % 9, 1, 0, 3, 12].join("  ")),
  "ids of containers": all((at) => `${digest("sha256", at).slice(0, 12)}  olt-${at}  Up 3 hours`),
  "addresses of programs": all(
    (at) => `7f${hexOf(at, 5)}-7f${hexOf(at + 1, 5)} r-xp 00000000 08:01 ${at} /usr/lib/libc.so`,
  ),
  "TCP in a dump": all(
    (at) =>
      `\t0x${(16 * (at % 4)).toString(16).padStart(4, "0")}:  ${(at % 4 === 0 ? `45000040${hexOf(at, 5)}06${hexOf(at, 6)}` : hexOf(at, 16)).match(/..../g)!.join(" ")}`,
  ),
};

describe("no frames", () => {
  it.each(Object.entries(TEXTS))("%s", (_, text) => {
    const { frames, notes } = readInput(Buffer.from(`${text}\n`));
    expect(frames.map(({ frame }) => Buffer.from(frame).toString("hex"))).toEqual([]);
    expect(notes.join()).toMatch(/lines hold no frame/);
  });
});
