/** A receiver hands each ONT what its own fibre lets through, whoever else listens. */
import { describe, expect, it } from "vitest";
import { crc32Trailer, noTrailer } from "../../omci/index.ts";
import { BROADCAST_PORT, createStream, type FibreSpec, type ImpairmentSpec } from "../../pon/index.ts";
import { framesOf, getRequest, type Heard, listener, OWN_PORT, pon, spanOf } from "./bench-fibre.ts";

describe("a receiver", () => {
  it("survives any bytes: 20,000 damaged bursts", () => {
    const stream = createStream(3, "damage");
    const { writer, receiver, datagrams } = pon();
    const heard = listener();
    receiver.add(heard);
    writer.sections(BROADCAST_PORT, spanOf({ count: 20 }), crc32Trailer);
    writer.frame(OWN_PORT, getRequest, 44, crc32Trailer);
    writer.flush();
    // Our own writers make a burst for one port; others may mix them.
    const both = Uint8Array.from(Buffer.concat(datagrams));
    const good = new Set([...framesOf(spanOf({ count: 20 })), Buffer.from(getRequest).toString("hex")]);
    for (let n = 0; n < 20_000; n++) {
      const burst = both.slice(0, 1 + stream.nextBelow(both.length));
      for (let flip = stream.nextBelow(6); flip > 0; flip--)
        burst[stream.nextBelow(burst.length)] ^= 1 << stream.nextBelow(8);
      receiver.datagram(burst);
    }
    // Nothing damaged gets through: the trailer is 32 bits, and 20,000 tries are few.
    expect(new Set(heard.frames.map((frame) => frame.split(" ")[1]))).toEqual(good);
    expect([...receiver.dropped.keys()].sort()).toEqual(["bad-hec", "bad-trailer", "cut-off"]);
    expect(heard.drops.length).toBeGreaterThan(1000);
  });

  it("hears its own OMCC and the broadcast port, nothing while it is not ranged", () => {
    const { writer, receiver, deliver } = pon();
    const [own, other, away] = [listener(), listener({}, "B"), listener({}, "C")];
    other.portId = 4;
    away.portId = -1;
    for (const one of [own, other, away]) receiver.add(one);
    writer.frame(OWN_PORT, getRequest, 44, crc32Trailer);
    writer.frame(77, getRequest, 44, crc32Trailer);
    writer.frame(BROADCAST_PORT, getRequest, 44, crc32Trailer);
    deliver();
    expect([own, other, away].map(({ frames }) => frames.length)).toEqual([2, 1, 0]);
    expect([own, other, away].flatMap(({ drops }) => drops)).toEqual([]);
    expect([...receiver.dropped]).toEqual([["other-port", 1]]);
  });

  it("does to each ONT what its own fibre does, beside others or alone", () => {
    const spec: FibreSpec = {
      down: [
        { kind: "loss", chance: 0.1 },
        { kind: "duplication", chance: 0.05 },
      ],
    };
    const heardBy = (serials: string[]): Heard[] => {
      const { writer, receiver, deliver } = pon();
      const all = serials.map((serial) => listener(spec, serial));
      for (const heard of all) receiver.add(heard);
      for (let window = 0; window < 20; window++)
        writer.sections(BROADCAST_PORT, spanOf({ count: 250, firstTci: 1 + window * 250 }), crc32Trailer);
      deliver();
      return all;
    };
    const [alone] = heardBy(["A"]);
    const [, beside, third] = heardBy(["B", "A", "C"]);
    expect(beside.frames).toEqual(alone.frames);
    expect(beside.drops).toEqual(alone.drops);
    expect(third.frames).not.toEqual(alone.frames);
    expect(alone.drops.length).toBeGreaterThan(400);
    expect(alone.drops.length).toBeLessThan(600);
  });

  it("in runs and frame by frame, the same frames are lost, spoiled and doubled", () => {
    const down: ImpairmentSpec[] = [
      { kind: "loss", chance: 0.05 },
      { kind: "corruption", chance: 0.05, bitFlips: 3 },
      { kind: "duplication", chance: 0.1 },
    ];
    const heardIn = (burstBytes: number): Heard => {
      const { writer, receiver, deliver } = pon({ burstBytes });
      const heard = listener({ down });
      receiver.add(heard);
      for (let window = 0; window < 8; window++)
        writer.sections(BROADCAST_PORT, spanOf({ count: 256, firstTci: 1 + window * 256 }), crc32Trailer);
      deliver();
      return heard;
    };
    const single = heardIn(60);
    expect(heardIn(60_000).frames).toEqual(single.frames);
    expect(heardIn(60_000).drops).toEqual(single.drops);
    expect(new Set(single.drops)).toEqual(new Set(["loss", "bad-trailer"]));
    expect(single.frames.length).toBeGreaterThan(2048 - single.drops.length + 100);
  });

  it("without a trailer lets spoiled frames through", () => {
    const { writer, receiver, deliver } = pon({ trailer: noTrailer });
    const spec: FibreSpec = { down: [{ kind: "corruption", chance: 1, bitFlips: 1 }] };
    const heard = listener(spec, "A", noTrailer);
    receiver.add(heard);
    writer.frame(OWN_PORT, getRequest, 44, noTrailer);
    deliver();
    const [, hex] = heard.frames[0].split(" ");
    const wrong = Buffer.from(hex, "hex").reduce((bits, byte, at) => {
      let ones = bits;
      for (let different = byte ^ getRequest[at]; different > 0; different >>= 1) ones += different & 1;
      return ones;
    }, 0);
    expect(wrong).toBe(1);
  });

  it("holds frames back until they are due, and joins sections again", () => {
    const { writer, receiver, deliver, clock } = pon();
    const latency: ImpairmentSpec = {
      kind: "latency",
      delay: { shape: "constant", delayNs: 5000 },
      keepOrder: true,
    };
    const heard = listener({ down: [latency] });
    receiver.add(heard);
    const span = spanOf({ count: 200 });
    writer.sections(BROADCAST_PORT, span, crc32Trailer);
    deliver();
    expect(heard.frames).toEqual([]);
    expect(receiver.nextTimeoutNs()).toBe(5000);
    clock.nowNs = 5000;
    receiver.handleTimeout(clock.nowNs);
    expect(heard.frames).toEqual(framesOf(span).map((frame) => `broadcast ${frame}`));
    expect(heard.runs).toBeLessThan(5);
    expect(receiver.nextTimeoutNs()).toBe(Infinity);
  });

  it("lets frames that are late be overtaken, and loses what its delay line has no room for", () => {
    const { writer, receiver, deliver, clock } = pon();
    const delay = { shape: "constant", delayNs: 1e6 } as const;
    const heard = listener({ down: [{ kind: "reordering", chance: 0.2, delay }] });
    receiver.add(heard);
    const span = spanOf({ count: 256, ackRequested: false });
    for (let window = 0; window < 200; window++) writer.sections(BROADCAST_PORT, span, crc32Trailer);
    deliver();
    const inTime = heard.frames.length;
    const full = heard.drops.length;
    expect(new Set(heard.drops)).toEqual(new Set(["delay-queue-full"]));
    clock.nowNs = 1e6;
    receiver.handleTimeout(clock.nowNs);
    expect(heard.frames.length - inTime).toBe(8192);
    expect(inTime + full + 8192).toBe(200 * 256);
  });
});
