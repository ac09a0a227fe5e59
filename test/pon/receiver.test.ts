/** From burst writer to receiver: a frame comes through or is lost as its fibre says, whoever else listens. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { crc32Trailer, encodeSection, noTrailer, type SectionSpan, type Trailer } from "../../omci/index.ts";
import {
  BROADCAST_PORT,
  BurstWriter,
  createDropFibre,
  createStream,
  type DownstreamListener,
  DownstreamReceiver,
  type Encapsulation,
  type FibreSpec,
  ImpairedWriter,
  type ImpairmentSpec,
  newTraffic,
} from "../../pon/index.ts";

const OWN_PORT = 3;

const spanOf = (over: Partial<SectionSpan> = {}): SectionSpan => {
  const count = over.count ?? 16;
  const extended = over.messageSet === "extended";
  const sectionBytes = over.sectionBytes ?? (extended ? 1965 : 31);
  const data = Uint8Array.from({ length: count * sectionBytes }, (_, at) => at * 7 + (at >> 8));
  const base: SectionSpan = {
    messageSet: "baseline",
    classId: 7,
    instanceId: 0xffff,
    firstTci: 100,
    firstSection: 0,
    count,
    ackRequested: true,
    data,
    dataOffset: 0,
    dataStride: sectionBytes,
    sectionBytes,
    lastSectionBytes: sectionBytes,
  };
  return { ...base, ...over };
};

/** Sections of runs as frames without trailer. */
const framesOf = (span: SectionSpan): string[] =>
  Array.from({ length: span.count }, (_, index) => {
    const out = new Uint8Array(2048);
    return Buffer.from(out.subarray(0, encodeSection(span, index, out, 0))).toString("hex");
  });

interface Heard extends DownstreamListener {
  /** `s` or `f`, channel, frame. */
  frames: string[];
  runs: number;
  drops: string[];
}

function listener(spec: FibreSpec = {}, serial = "A", trailer: Trailer = crc32Trailer): Heard {
  const heard: Heard = {
    portId: OWN_PORT,
    trailer,
    links: createDropFibre(1, serial, { drop: spec }),
    frames: [],
    runs: 0,
    drops: [],
    onSections: (channel, span) => {
      heard.runs++;
      heard.frames.push(...framesOf(span).map((frame) => `${channel} ${frame}`));
    },
    onFrame: (channel, pdu) => heard.frames.push(`${channel} ${Buffer.from(pdu).toString("hex")}`),
    onDropped: (cause) => heard.drops.push(cause),
  };
  return heard;
}

interface Setup {
  encapsulation?: Encapsulation;
  burstBytes?: number;
  trailer?: Trailer;
}

function pon({ encapsulation = "gem", burstBytes = 60_000, trailer = crc32Trailer }: Setup = {}) {
  const datagrams: Uint8Array[] = [];
  const clock = { nowNs: 0 };
  const receiver = new DownstreamReceiver(encapsulation, trailer, () => clock.nowNs);
  const writer = new BurstWriter({
    encapsulation,
    burstBytes,
    traffic: newTraffic(),
    send: (buffer, lengthBytes) => {
      datagrams.push(buffer.slice(0, lengthBytes));
      // What was sent may be overwritten at once.
      buffer.fill(0xee);
      writer.reuse(buffer);
    },
  });
  const deliver = (): void => {
    writer.flush();
    for (const datagram of datagrams.splice(0)) receiver.datagram(datagram);
  };
  return { datagrams, clock, receiver, writer, deliver, trailer };
}

const getRequest = Uint8Array.from({ length: 44 }, (_, at) => [0x80, 1, 0x49, 0x0a, 0, 7][at] ?? 0);

describe("from writer to receiver", () => {
  const runs = fc.array(
    fc
      .record({
        extended: fc.boolean(),
        count: fc.integer({ min: 1, max: 256 }),
        bytes: fc.integer({ min: 1, max: 1965 }),
        short: fc.nat(),
        ackRequested: fc.boolean(),
        broadcast: fc.boolean(),
      })
      .map(({ extended, count, bytes, short, ackRequested, broadcast }) => {
        const sectionBytes = extended ? bytes : 31;
        const lastSectionBytes = 1 + (short % sectionBytes);
        const messageSet = extended ? ("extended" as const) : ("baseline" as const);
        const span = spanOf({ messageSet, count, sectionBytes, lastSectionBytes, ackRequested });
        return { span, broadcast };
      }),
    { minLength: 1, maxLength: 4 },
  );

  it("every section comes through, whatever the burst size, the trailer and the port", () => {
    fc.assert(
      fc.property(
        runs,
        fc.constantFrom(100, 1472, 8000, 60_000),
        fc.constantFrom(crc32Trailer, noTrailer),
        (sent, burstBytes, trailer) => {
          const { writer, receiver, deliver } = pon({ burstBytes, trailer });
          const heard = listener({}, "A", trailer);
          receiver.add(heard);
          for (const { span, broadcast } of sent) writer.sections(broadcast ? BROADCAST_PORT : OWN_PORT, span, trailer);
          deliver();
          const expected = sent.flatMap(({ span, broadcast }) =>
            framesOf(span).map((frame) => `${broadcast ? "broadcast" : "omcc"} ${frame}`),
          );
          expect(heard.frames).toEqual(expected);
          expect(heard.drops).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("sections arrive as one run per datagram, and other frames in their place", () => {
    const { writer, receiver, datagrams } = pon();
    const heard = listener();
    receiver.add(heard);
    writer.sections(BROADCAST_PORT, spanOf({ count: 200, ackRequested: false }), crc32Trailer);
    writer.frame(OWN_PORT, getRequest, 44, crc32Trailer);
    writer.sections(BROADCAST_PORT, spanOf({ firstTci: 300, firstSection: 200, count: 9 }), crc32Trailer);
    writer.flush();
    // A burst has one destination.
    expect(datagrams.length).toBe(3);
    receiver.datagram(Uint8Array.from(Buffer.concat(datagrams)));
    expect(heard.runs).toBe(2);
    expect(heard.frames.length).toBe(210);
    expect(heard.frames[200]).toBe(`omcc ${Buffer.from(getRequest).toString("hex")}`);
  });

  it("no datagram is larger than the burst, but one frame alone may be", () => {
    const { writer, datagrams } = pon({ burstBytes: 1472 });
    writer.sections(BROADCAST_PORT, spanOf({ count: 100 }), crc32Trailer);
    writer.sections(BROADCAST_PORT, spanOf({ messageSet: "extended", count: 2 }), crc32Trailer);
    writer.flush();
    // 27 GEM frames of 53 bytes fit; the last four bursts are the rest of 100 and the two large ones.
    expect(datagrams.map(({ length }) => length)).toEqual([1431, 1431, 1431, 1007, 1985, 1985]);
  });

  it("counts frames and bytes, with and without headers", () => {
    const { writer } = pon();
    writer.sections(BROADCAST_PORT, spanOf({ count: 10 }), crc32Trailer);
    writer.frame(OWN_PORT, getRequest, 44, crc32Trailer);
    expect(writer.traffic).toEqual({ frames: 11, omciBytes: 11 * 48, gemBytes: 11 * 53 });
  });

  it("plain: one bare OMCI frame in each datagram", () => {
    const { writer, receiver, datagrams } = pon({ encapsulation: "plain" });
    const heard = listener();
    receiver.add(heard);
    receiver.add(listener({}, "B"));
    writer.sections(BROADCAST_PORT, spanOf({ count: 3 }), crc32Trailer);
    writer.flush();
    expect(datagrams.map(({ length }) => length)).toEqual([48, 48, 48]);
    receiver.datagram(datagrams[0]);
    receiver.datagram(datagrams[1], heard);
    const frames = framesOf(spanOf({ count: 3, ackRequested: false }));
    expect(heard.frames).toEqual([`broadcast ${frames[0]}`, `omcc ${frames[1]}`]);
  });

  it("refuses a frame longer than OMCI has", () => {
    const { writer } = pon();
    expect(() => writer.frame(1, new Uint8Array(1981), 1981, crc32Trailer)).toThrow(RangeError);
  });
});

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

describe("an impaired writer", () => {
  const up: ImpairmentSpec[] = [
    { kind: "loss", chance: 0.1 },
    { kind: "corruption", chance: 0.1, bitFlips: 2 },
    { kind: "duplication", chance: 0.1 },
  ];
  const impaired = (specs: ImpairmentSpec[]) => {
    const fibre = pon();
    const heard = listener();
    fibre.receiver.add(heard);
    const drops: string[] = [];
    const impairedWriter = new ImpairedWriter({
      writer: fibre.writer,
      link: createDropFibre(1, "A", { drop: { up: specs } }).up,
      nowNs: () => fibre.clock.nowNs,
      onDropped: (cause) => drops.push(cause),
    });
    return { ...fibre, heard, drops, impairedWriter };
  };

  it("loses before the splitter what all ONTs miss, the same in runs and in frames", () => {
    const inSpans = impaired(up);
    const inFrames = impaired(up);
    const span = spanOf({ count: 250, ackRequested: false });
    for (let window = 0; window < 8; window++) {
      inSpans.impairedWriter.sections(BROADCAST_PORT, span, crc32Trailer);
      for (const frame of framesOf(span)) {
        const pdu = Buffer.from(frame, "hex");
        inFrames.impairedWriter.frame(BROADCAST_PORT, pdu, pdu.length, crc32Trailer);
      }
    }
    inSpans.deliver();
    inFrames.deliver();
    expect(inSpans.heard.frames).toEqual(inFrames.heard.frames);
    expect(inSpans.drops).toEqual(inFrames.drops);
    expect(inSpans.heard.drops.length).toBeGreaterThan(100);
    expect(new Set(inSpans.heard.drops)).toEqual(new Set(["bad-trailer"]));
    // What the fibre loses was sent all the same.
    expect(inSpans.writer.traffic).toEqual(inFrames.writer.traffic);
    const { frames } = inSpans.writer.traffic;
    expect(frames).toBe(inSpans.heard.frames.length + inSpans.heard.drops.length + inSpans.drops.length);
  });

  it("holds frames back", () => {
    const delay = { shape: "constant", delayNs: 700 } as const;
    const { impairedWriter, heard, deliver } = impaired([{ kind: "latency", delay, keepOrder: true }]);
    impairedWriter.frame(OWN_PORT, getRequest, 44, crc32Trailer);
    deliver();
    expect(heard.frames.length).toBe(0);
    expect(impairedWriter.nextTimeoutNs()).toBe(700);
    impairedWriter.handleTimeout(699);
    deliver();
    expect(heard.frames.length).toBe(0);
    impairedWriter.handleTimeout(700);
    deliver();
    expect(heard.frames.length).toBe(1);
    expect(() => impairedWriter.sections(OWN_PORT, spanOf(), crc32Trailer)).toThrow("holds frames");
    impairedWriter.frame(OWN_PORT, getRequest, 44, crc32Trailer);
    impairedWriter.clear();
    expect(impairedWriter.nextTimeoutNs()).toBe(Infinity);
  });
});
