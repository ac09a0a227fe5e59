/** YMODEM: blocks as the reference has them, both sides with each other over a line that garbles and drops, any octets at all. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ByteQueue, YmodemReceiver, YmodemSender } from "../../../base/recovery/index.ts";
import {
  ACK,
  CRC_MODE,
  crc16,
  EOT,
  isWholeBlock,
  readYmodemHeader,
  STX,
  ymodemBlock,
  ymodemHeader,
} from "../../../base/recovery/ymodem-packet.ts";
import { createStream } from "../../../pon/random.ts";

const BYTES_MAX = 50_000;
const content = (length: number): Uint8Array => Uint8Array.from({ length }, (_, at) => (at * 5 + (at >> 8)) & 0xff);

interface Ended {
  received: Uint8Array;
  receiver: string;
  sender: string;
}

/** @param harm of the octets, each: kept, garbled or dropped */
function talk(bytes: Uint8Array, harm: (octets: Uint8Array) => Uint8Array = (octets) => octets): Ended {
  let nowMs = 0;
  const readAt = (offset: number, length: number): Uint8Array => bytes.subarray(offset, offset + length);
  const sender = new YmodemSender(0, { name: "image", sizeBytes: bytes.length, readAt });
  const receiver = new YmodemReceiver(0, BYTES_MAX);
  const received = new ByteQueue();
  const ended = { receiver: "", sender: "" };
  for (let steps = 0; steps < 5_000 && (ended.receiver === "" || ended.sender === ""); steps++) {
    const [down, up] = [harm(sender.pollOut()), harm(receiver.pollOut())];
    receiver.push(nowMs, down);
    sender.push(nowMs, up);
    for (let event = receiver.pollEvent(); event !== undefined; event = receiver.pollEvent()) {
      if (event.type === "data") received.push(event.bytes);
      if (event.type === "done" || event.type === "failed") ended.receiver = event.type;
    }
    for (let event = sender.pollEvent(); event !== undefined; event = sender.pollEvent())
      if (event.type !== "sent") ended.sender = event.type;
    if (down.length + up.length > 0) continue;
    const nextMs = Math.min(sender.nextTimeoutMs(), receiver.nextTimeoutMs());
    if (nextMs === Infinity) break;
    nowMs = Math.max(nowMs, nextMs);
    sender.handleTimeout(nowMs);
    receiver.handleTimeout(nowMs);
  }
  return { received: received.take(Infinity), ...ended };
}

describe("blocks of YMODEM", () => {
  it("have the CRC-16 of the reference", () => {
    // The check value of CRC-16/XMODEM.
    expect(crc16(new TextEncoder().encode("123456789"))).toBe(0x31c3);
  });

  it("are long or short, filled, and name the file", () => {
    const short = ymodemBlock(1, content(5));
    expect([short.length, short[0], short[1], short[2], short[8]]).toEqual([133, 1, 1, 254, 0x1a]);
    expect([ymodemBlock(257, content(129)).length, ymodemBlock(257, content(129))[1]]).toEqual([1029, 1]);
    const header = ymodemHeader({ name: "image.bin", sizeBytes: 1234 });
    expect(isWholeBlock(header)).toBe(true);
    expect(readYmodemHeader(header.subarray(3, -2))).toEqual({ name: "image.bin", sizeBytes: 1234 });
    // lrzsz tells time and mode behind the size.
    const text = new TextEncoder().encode("a.bin\x0099 14526373 100644\0");
    expect(readYmodemHeader(text)).toEqual({ name: "a.bin", sizeBytes: 99 });
  });
});

describe("a session of YMODEM", () => {
  it.each([0, 1, 127, 128, 129, 1_024, 1_025, 30_000])("carries a file of %i octets", (length) => {
    const { received, ...ended } = talk(content(length));
    expect(ended).toEqual({ receiver: "done", sender: "done" });
    expect(Buffer.compare(received, content(length))).toBe(0);
  });

  it("is not out of step with a receiver that asked twice before it came to read", () => {
    const bytes = content(3_000);
    const sender = new YmodemSender(0, {
      name: "image",
      sizeBytes: bytes.length,
      readAt: (at, n) => bytes.subarray(at, at + n),
    });
    const received = new ByteQueue();
    let number = 0;
    /** Reads all that is there, as lrzsz does: a block it has is acknowledged once more. */
    const read = (nowMs: number): void => {
      for (let left = sender.pollOut(); left.length > 0;) {
        if (left[0] === EOT) return void sender.push(nowMs, Uint8Array.of(ACK, CRC_MODE));
        const block = left.subarray(0, left[0] === STX ? 1029 : 133);
        left = left.subarray(block.length);
        const isNew = block[1] === number;
        if (isNew && number++ > 0) received.push(block.subarray(3, -2));
        sender.push(nowMs, isNew && number === 1 ? Uint8Array.of(ACK, CRC_MODE) : Uint8Array.of(ACK));
      }
    };
    sender.push(0, Uint8Array.of(CRC_MODE));
    sender.push(10_000, Uint8Array.of(CRC_MODE));
    const sent: number[] = [];
    for (let nowMs = 10_000; !sender.isOver; nowMs = Math.max(nowMs + 1, sender.nextTimeoutMs())) {
      sender.handleTimeout(nowMs);
      for (let rounds = 0; rounds < 20; rounds++) {
        read(nowMs);
        for (let event = sender.pollEvent(); event !== undefined; event = sender.pollEvent())
          if (event.type === "sent") sent.push(Math.min(received.length, bytes.length) - event.bytes);
      }
    }
    // What it believes to be there, is there.
    expect(sent).toEqual([0, 0, 0]);
    expect(Buffer.compare(received.take(bytes.length), bytes)).toBe(0);
  });

  it("ends with the same octets or a failure that is said, however the line garbles and drops", () => {
    let good = 0;
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e9 }),
        fc.constantFrom(0.000_05, 0.000_2, 0.001),
        fc.integer({ min: 0, max: 9_000 }),
        (seed, chance, length) => {
          const stream = createStream(seed, "line");
          const harm = (octets: Uint8Array): Uint8Array =>
            octets
              .map((octet) => (stream.nextFloat() < chance ? Math.floor(stream.nextFloat() * 256) : octet))
              .filter(() => stream.nextFloat() >= chance);
          const bytes = content(length);
          const { received, receiver } = talk(bytes, harm);
          if (receiver === "done") {
            expect(Buffer.compare(received, bytes)).toBe(0);
            good += 1;
          } else expect(Buffer.compare(received, bytes.subarray(0, received.length))).toBe(0);
        },
      ),
      { numRuns: 100, seed: 17 },
    );
    expect(good).toBeGreaterThan(80);
  });

  it("is over for both when one gives up", () => {
    const sender = new YmodemSender(0, { name: "x", sizeBytes: 5, readAt: () => content(5) });
    const receiver = new YmodemReceiver(0, BYTES_MAX);
    sender.push(0, receiver.pollOut());
    receiver.push(0, sender.pollOut());
    receiver.abort("no room");
    sender.push(0, receiver.pollOut());
    expect(sender.isOver).toBe(true);
  });

  it("is not doubled by a receiver that has asked twice before it heard", () => {
    const sender = new YmodemSender(0, { name: "x", sizeBytes: 5, readAt: () => content(5) });
    sender.push(0, Uint8Array.of(0x43, 0x43, 0x43));
    expect(sender.pollOut()).toHaveLength(133);
    sender.push(3_000, Uint8Array.of(0x43));
    sender.handleTimeout(sender.nextTimeoutMs());
    expect(sender.pollOut()).toHaveLength(133);
  });

  it("waits a moment for a receiver that throws away what comes while it speaks, once it has lost something", () => {
    const bytes = content(20_000);
    const readAt = (at: number, length: number): Uint8Array => bytes.subarray(at, at + length);
    const sender = new YmodemSender(0, { name: "image", sizeBytes: bytes.length, readAt });
    const receiver = new YmodemReceiver(0, BYTES_MAX);
    const received = new ByteQueue();
    /** So long after an octet of its own the receiver reads nothing. */
    const DEAF_MS = 15;
    let [nowMs, deafUntilMs, isDone] = [0, 0, false];
    while (!isDone && nowMs < 600_000) {
      const up = receiver.pollOut();
      if (up.length > 0) deafUntilMs = nowMs + DEAF_MS;
      sender.push(nowMs, up);
      const down = sender.pollOut();
      if (nowMs >= deafUntilMs) receiver.push(nowMs, down);
      for (let event = receiver.pollEvent(); event !== undefined; event = receiver.pollEvent())
        if (event.type === "data") received.push(event.bytes);
      for (let event = sender.pollEvent(); event !== undefined; event = sender.pollEvent())
        if (event.type === "done") isDone = true;
      if (up.length + down.length > 0) continue;
      nowMs = Math.max(nowMs, Math.min(sender.nextTimeoutMs(), receiver.nextTimeoutMs()));
      sender.handleTimeout(nowMs);
      receiver.handleTimeout(nowMs);
    }
    expect(Buffer.compare(received.take(Infinity), bytes)).toBe(0);
    // One block was lost, not each.
    expect(nowMs).toBeLessThan(15_000);
  });

  it("is over for a sender whose receiver has left with the file: what comes then is somebody else's", () => {
    const sender = new YmodemSender(0, { name: "x", sizeBytes: 5, readAt: () => content(5) });
    // Asked, name, asked, data, end, next file.
    sender.push(0, Uint8Array.of(0x43, 0x06, 0x43, 0x06, 0x06, 0x43));
    expect(sender.isOver).toBe(false);
    expect(sender.push(0, new TextEncoder().encode("reboot"))).toBe(0);
    expect(sender.isOver).toBe(true);
  });

  it("is refused where the file is too large, told or found out", () => {
    const told = talk(content(BYTES_MAX + 1));
    expect(told).toMatchObject({ receiver: "failed", sender: "failed" });
    expect(told.received).toHaveLength(0);
  });

  it("takes any octets, on both sides, without a throw or a queue that grows", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 1_100 }), { maxLength: 8 }), (all) => {
        const receiver = new YmodemReceiver(0, BYTES_MAX);
        const sender = new YmodemSender(0, { name: "x", sizeBytes: 5, readAt: () => content(5) });
        for (const bytes of all) {
          receiver.push(0, bytes);
          sender.push(0, bytes);
        }
        expect(receiver.pollOut().length).toBeLessThan(10_000);
        expect(sender.pollOut().length).toBeLessThan(2_000_000);
      }),
      { numRuns: 60 },
    );
  });
});
