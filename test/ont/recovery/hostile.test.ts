/** Whatever octets come to a boot loader, by any of its roads: no throw, no image that becomes valid, and it goes on serving. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeTftp, encodeTftp, octetsOf, textOf, type TftpRequest } from "../../../base/recovery/index.ts";
import { ConsoleSession, FastbootSession, TftpSession } from "../../../ont/recovery/index.ts";
import { LossyFiles } from "../lossy-files.ts";
import { brick, newBundle, RecoveryBench } from "./bench.ts";

const FOLDER = "/state/onts/1";

function bricked(): RecoveryBench {
  const files = new LossyFiles();
  brick(FOLDER, {}, files.fs);
  return new RecoveryBench(FOLDER, {}, files.fs);
}

const commands = fc.oneof(
  fc.constantFrom(
    "getvar:all",
    "download:00000010",
    "download:ffffffff",
    "flash:image_a",
    "flash:image_b",
    "set_active:a",
    "reboot",
    "reboot-bootloader",
    "continue",
    "fetch:image_a",
    "oem begin image_a 100 00",
    "oem write 0",
    "oem write ffffffff",
    "oem end image_a",
    "oem drop",
    "oem stage image_b",
    "upload",
    "loady",
  ),
  fc.string({ maxLength: 20 }),
);
const frame = (bytes: Uint8Array): Uint8Array => {
  const head = new Uint8Array(8);
  head[7] = bytes.length;
  return Uint8Array.from([...head, ...bytes]);
};

function expectUnharmed(bench: RecoveryBench): void {
  bench.settle();
  expect(bench.record.slots).toEqual([null, null]);
  bench.loader.clear();
  expect(bench.ask("getvar:product").text).toBe("PC-1");
  expect(bench.loader.stage.lengthBytes).toBe(0);
}

describe("a boot loader takes anything", () => {
  it("by fastboot", () => {
    const octets = fc.uint8Array({ minLength: 1, maxLength: 40 });
    const parts = fc.oneof(
      commands.map((text) => frame(octetsOf(text || "x"))),
      octets.map(frame),
      octets,
    );
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 12 }), (all) => {
        const bench = bricked();
        const session = new FastbootSession(bench.loader, () => undefined);
        session.push(octetsOf("FB01"));
        for (const bytes of all) session.push(bytes);
        session.close();
        expectUnharmed(bench);
      }),
      { numRuns: 100 },
    );
  });

  it("on its console", () => {
    const parts = fc.oneof(
      commands.map((text) => octetsOf(`${text}\r`)),
      fc.uint8Array({ maxLength: 1_100 }),
    );
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 12 }), (all) => {
        const bench = bricked();
        const session = new ConsoleSession(bench.loader, () => undefined);
        for (const [at, bytes] of all.entries()) {
          session.push(at, bytes);
          session.handleTimeout(at * 1_000);
        }
        expect(session.pollOut().length).toBeLessThan(200_000);
        session.clear();
        expectUnharmed(bench);
      }),
      { numRuns: 100 },
    );
  });

  it("by TFTP", () => {
    const files = fc.oneof(
      fc.constantFrom("image_a", "image_b", "stage", "command", "device.txt"),
      fc.string({ minLength: 1, maxLength: 12 }),
    );
    const packets = fc.array(fc.uint8Array({ minLength: 4, maxLength: 40 }), { maxLength: 8 });
    fc.assert(
      fc.property(
        fc.constantFrom("read" as const, "write" as const),
        files,
        commands,
        packets,
        (type, file, text, all) => {
          const bench = bricked();
          const options = new Map([["tsize", "10"]]);
          const request = decodeTftp(encodeTftp({ type, file: file.replaceAll("\0", "?"), mode: "octet", options }));
          const session = new TftpSession(bench.loader, { answer: "" }, 0, request as TftpRequest, () => undefined);
          session.handlePacket(0, encodeTftp({ type: "data", block: 1, bytes: octetsOf(text) }));
          for (const bytes of all) session.handlePacket(0, bytes);
          for (let step = 1; step < 20; step++) session.handleTimeout(step * 2_000);
          let out = 0;
          while (session.pollPacket(50_000) !== undefined) out += 1;
          expect(out).toBeLessThan(200);
          session.close();
          expectUnharmed(bench);
        },
      ),
      { numRuns: 150 },
    );
  });
});

it("fastboot that is cut off at any octet leaves nothing valid, and the next one recovers the device", () => {
  const whole = [
    octetsOf("FB01"),
    frame(octetsOf(`download:${newBundle.length.toString(16).padStart(8, "0")}`)),
    Uint8Array.from([0, 0, 0, 0, 0, newBundle.length >> 16, (newBundle.length >> 8) & 255, newBundle.length & 255]),
    newBundle,
    frame(octetsOf("flash:image_a")),
  ];
  const stream = Uint8Array.from(Buffer.concat(whole));
  for (const cutAt of [3, 20, 40, 5_000, 100_000, stream.length - 30, stream.length - 1]) {
    const bench = bricked();
    const cut = new FastbootSession(bench.loader, () => undefined);
    cut.push(stream.subarray(0, cutAt));
    cut.close();
    expect(bench.record.slots[0]).toBeNull();
    const next = new FastbootSession(bench.loader, () => undefined);
    next.push(stream);
    expect(textOf(next.pollOut())).toContain("OKAY");
    expect(bench.record.slots[0]?.version, `cut at ${cutAt}`).toBe("2.0.0");
  }
});
