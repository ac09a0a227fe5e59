/** TFTP: packets as RFC 1350 and 2347 have them; transfers over a line that loses, repeats and reorders; any octets at all. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ByteQueue,
  decodeTftp,
  encodeTftp,
  octetsOf,
  TFTP_DEFAULTS,
  type TftpEvent,
  type TftpRequest,
  type TftpTerms,
  TftpTransfer,
} from "../../../base/recovery/index.ts";
import { createStream } from "../../../pon/random.ts";

const SERVING = { blockBytesMax: 1_000, windowBlocksMax: 8, bytesMax: 100_000 };
const sourceOf = (bytes: Uint8Array) => ({
  sizeBytes: bytes.length,
  readAt: (offset: number, length: number) => bytes.subarray(offset, offset + length),
});
const content = (length: number): Uint8Array => Uint8Array.from({ length }, (_, at) => (at * 7 + (at >> 8)) & 0xff);

interface Line {
  seed: number;
  /** Of 100 datagrams. */
  lost: number;
  twice: number;
  late: number;
}

interface Ended {
  received: Uint8Array;
  client: TftpEvent | undefined;
  server: TftpEvent | undefined;
  packets: number;
}

/** Lets client and server talk over the line until both have come to an end, in virtual time. */
function talk(direction: "read" | "write", bytes: Uint8Array, wished: TftpTerms, line: Line): Ended {
  const stream = createStream(line.seed, "line");
  const chance = (percent: number): boolean => stream.nextFloat() * 100 < percent;
  const source = sourceOf(bytes);
  const received = new ByteQueue();
  const ends: { client: TftpEvent | undefined; server: TftpEvent | undefined } = {
    client: undefined,
    server: undefined,
  };
  let nowMs = 0;
  let packets = 0;
  const way: { dueMs: number; to: "client" | "server"; bytes: Uint8Array }[] = [];
  const client =
    direction === "read"
      ? TftpTransfer.read(0, "image_a", wished, SERVING.bytesMax)
      : TftpTransfer.write(0, "image_a", wished, source);
  let server: TftpTransfer | undefined;
  const drain = (who: "client" | "server", transfer: TftpTransfer | undefined): void => {
    if (transfer === undefined) return;
    for (let event = transfer.pollEvent(); event !== undefined; event = transfer.pollEvent()) {
      if (event.type === "data") received.push(event.bytes);
      if (event.type === "received") transfer.confirm(nowMs);
      if (event.type === "done" || event.type === "failed") ends[who] = event;
    }
    for (let packet = transfer.pollPacket(); packet !== undefined; packet = transfer.pollPacket()) {
      packets += 1;
      const to = who === "client" ? "server" : "client";
      if (chance(line.lost)) continue;
      for (let copy = chance(line.twice) ? 2 : 1; copy > 0; copy--)
        way.push({
          dueMs: nowMs + 1 + (chance(line.late) ? Math.floor(stream.nextFloat() * 900) : 0),
          to,
          bytes: packet,
        });
    }
  };
  for (let steps = 0; steps < 20_000; steps++) {
    drain("client", client);
    drain("server", server);
    way.sort((one, other) => one.dueMs - other.dueMs);
    const timeoutMs = Math.min(client.nextTimeoutMs(), server?.nextTimeoutMs() ?? Infinity);
    const next = way[0];
    if (next === undefined && timeoutMs === Infinity) break;
    nowMs = Math.max(nowMs, Math.min(next?.dueMs ?? Infinity, timeoutMs));
    if (next !== undefined && next.dueMs <= nowMs) {
      way.shift();
      if (next.to === "client") client.handlePacket(nowMs, next.bytes);
      else if (server === undefined) {
        const request = decodeTftp(next.bytes) as TftpRequest;
        server = TftpTransfer.serve(nowMs, request, SERVING, direction === "read" ? source : undefined);
      } else server.handlePacket(nowMs, next.bytes);
    } else {
      client.handleTimeout(nowMs);
      server?.handleTimeout(nowMs);
    }
  }
  return { received: received.take(Infinity), ...ends, packets };
}

const CLEAR: Line = { seed: 1, lost: 0, twice: 0, late: 0 };

describe("packets of TFTP", () => {
  it("are these octets", () => {
    const options = new Map([
      ["blksize", "1428"],
      ["windowsize", "8"],
    ]);
    const text = "\0\x01image_a\0octet\0blksize\x001428\0windowsize\x008\0";
    expect(encodeTftp({ type: "read", file: "image_a", mode: "octet", options })).toEqual(octetsOf(text));
    expect(decodeTftp(octetsOf("\0\x02x\0OCTET\0BlkSize\x00512\0"))).toEqual({
      type: "write",
      file: "x",
      mode: "octet",
      options: new Map([["blksize", "512"]]),
    });
    expect(encodeTftp({ type: "data", block: 0x10203, bytes: octetsOf("ab") })).toEqual(octetsOf("\0\x03\x02\x03ab"));
    expect(encodeTftp({ type: "error", code: 3, text: "full" })).toEqual(octetsOf("\0\x05\0\x03full\0"));
    expect(decodeTftp(octetsOf("\0\x05\0\x01not here"))).toEqual({ type: "error", code: 1, text: "not here" });
  });

  it("are read from any octets without a throw", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 8 }), fc.uint8Array({ maxLength: 60 }), (opcode, rest) => {
        const packet = decodeTftp(Uint8Array.from([0, opcode, ...rest]));
        if (packet !== undefined) expect(decodeTftp(encodeTftp(packet))).toEqual(packet);
      }),
      { numRuns: 300 },
    );
  });
});

describe("a transfer of TFTP", () => {
  it.each([0, 1, 511, 512, 513, 2_048, 50_000])("of %i octets comes over a clear line, both ways", (length) => {
    const bytes = content(length);
    for (const direction of ["read", "write"] as const)
      for (const wished of [
        TFTP_DEFAULTS,
        { ...TFTP_DEFAULTS, blockBytes: 900 },
        { ...TFTP_DEFAULTS, blockBytes: 5_000, windowBlocks: 100 },
      ]) {
        const { received, client, server } = talk(direction, bytes, wished, CLEAR);
        expect(Buffer.compare(received, bytes)).toBe(0);
        expect([client?.type, server?.type]).toEqual(["done", "done"]);
      }
  });

  it("counts blocks beyond 65,535", () => {
    const serving = { ...SERVING, bytesMax: 1_000_000 };
    const request: TftpRequest = { type: "write", file: "x", mode: "octet", options: new Map([["blksize", "8"]]) };
    const server = TftpTransfer.serve(0, request, serving);
    const block = new Uint8Array(8);
    let last: TftpEvent | undefined;
    const hand = (number: number, bytes: Uint8Array): void => {
      server.handlePacket(0, encodeTftp({ type: "data", block: number, bytes }));
      while (server.pollPacket() !== undefined);
      for (let event = server.pollEvent(); event !== undefined; event = server.pollEvent()) last = event;
    };
    for (let number = 1; number <= 65_540; number++) hand(number, block);
    hand(65_541, new Uint8Array(0));
    expect(last).toEqual({ type: "received", bytes: 65_540 * 8 });
  });

  it("ends with the same octets, or a failure that is said, whatever a line does", () => {
    const cases = fc.record({
      seed: fc.integer({ min: 1, max: 1e9 }),
      lost: fc.integer({ min: 0, max: 25 }),
      twice: fc.integer({ min: 0, max: 25 }),
      late: fc.integer({ min: 0, max: 25 }),
    });
    let good = 0;
    fc.assert(
      fc.property(
        cases,
        fc.constantFrom("read" as const, "write" as const),
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 0, max: 9_000 }),
        (line, direction, windowBlocks, length) => {
          const bytes = content(length);
          const ended = talk(direction, bytes, { ...TFTP_DEFAULTS, windowBlocks }, line);
          const receiver = direction === "read" ? ended.client : ended.server;
          const sender = direction === "read" ? ended.server : ended.client;
          if (receiver?.type === "done") {
            expect(Buffer.compare(ended.received, bytes)).toBe(0);
            good += 1;
          } else expect(Buffer.compare(ended.received, bytes.subarray(0, ended.received.length))).toBe(0);
          if (sender?.type === "done") expect(receiver?.type).toBe("done");
        },
      ),
      { numRuns: 120, seed: 17 },
    );
    expect(good).toBeGreaterThan(100);
  });

  it("does not send twice what an answer that came twice asks for", () => {
    const { packets } = talk("write", content(20_000), TFTP_DEFAULTS, { ...CLEAR, twice: 100 });
    // 40 blocks and their answers, the request and its answer.
    expect(packets).toBeLessThan(40 * 2 + 45);
  });

  it("is refused where the file is too large, told before or found out", () => {
    const large = content(SERVING.bytesMax + 1);
    for (const direction of ["read", "write"] as const) {
      const { client, server } = talk(direction, large, TFTP_DEFAULTS, CLEAR);
      expect(client).toMatchObject({ type: "failed", code: 3 });
      expect(server).toMatchObject({ type: "failed", code: 3 });
    }
  });
});
