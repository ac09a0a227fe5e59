/** The hand-written reader and writer of sections, and the joining of runs, held to the table codec. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decodeMessage,
  encodeMessage,
  encodeSection,
  type Message,
  type MessageSet,
  newSectionSpan,
  newSectionView,
  readSection,
  type SectionSpan,
  SectionSpanCollector,
  sliceSpan,
} from "../../omci/index.ts";
import { anyMessage, bytes } from "./arbitrary.ts";

type Section = Extract<Message, { type: "downloadSectionRequest" }>;

const spanOfSet = (messageSet: MessageSet): fc.Arbitrary<SectionSpan> =>
  fc
    .record({
      classId: fc.constantFrom(7, 65280),
      instanceId: fc.nat(0xffff),
      firstTci: fc.integer({ min: 1, max: 0xff00 }),
      firstSection: fc.nat(255),
      count: fc.nat(40),
      ackRequested: fc.boolean(),
      dataOffset: fc.nat(20),
      gap: fc.nat(70),
      size: fc.integer({ min: 1, max: messageSet === "baseline" ? 31 : 200 }),
      last: fc.nat(),
      content: bytes(64),
    })
    .map(({ gap, size, last, content, ...rest }) => {
      const sectionBytes = messageSet === "baseline" ? 31 : size;
      const count = 1 + Math.min(rest.count, 255 - rest.firstSection);
      const dataStride = sectionBytes + gap;
      const data = Uint8Array.from({ length: rest.dataOffset + count * dataStride }, (_, at) => content[at % 64] ^ at);
      return {
        ...rest,
        messageSet,
        count,
        data,
        dataStride,
        sectionBytes,
        lastSectionBytes: 1 + (last % sectionBytes),
        parityOf: null,
        lasting: false,
      };
    });
const anySpan = fc.constantFrom<MessageSet>("baseline", "extended").chain(spanOfSet);

/** A section of a run as the message it is; baseline sections are filled up with zeros. */
function sectionOf(span: SectionSpan, index: number): Section {
  const last = index === span.count - 1;
  const from = span.dataOffset + index * span.dataStride;
  const content = span.data.slice(from, from + (last ? span.lastSectionBytes : span.sectionBytes));
  const data = span.messageSet === "baseline" ? new Uint8Array(31) : content;
  data.set(content);
  return {
    type: "downloadSectionRequest",
    messageSet: span.messageSet,
    tci: span.firstTci + index,
    classId: span.classId,
    instanceId: span.instanceId,
    ackRequested: last && span.ackRequested,
    sectionNumber: span.firstSection + index,
    data,
  };
}

const toHex = (some: Uint8Array): string => Buffer.from(some).toString("hex");

const pduOf = (message: Message): Uint8Array => {
  const out = new Uint8Array(2000);
  return out.slice(0, encodeMessage(message, out));
};

describe("a run's sections", () => {
  it("are written byte for byte as the table codec writes them", () => {
    fc.assert(
      fc.property(anySpan, fc.nat(30), (span, at) => {
        for (let index = 0; index < span.count; index++) {
          const out = new Uint8Array(2100).fill(0xa5);
          const written = encodeSection(span, index, out, at);
          const wanted = new Uint8Array(2100).fill(0xa5);
          wanted.set(pduOf(sectionOf(span, index)), at);
          expect(toHex(out)).toBe(toHex(wanted));
          expect(written).toBe(pduOf(sectionOf(span, index)).length);
        }
      }),
      { numRuns: 120 },
    );
  });
});

/** What `readSection` finds at a place of a buffer, as a message. */
function read(buffer: Uint8Array, start: number, end: number): Section | undefined {
  const view = newSectionView();
  if (!readSection(buffer, start, end, view)) return undefined;
  const { extended, dataStart, dataEnd, ...rest } = view;
  const data = buffer.slice(dataStart, dataEnd);
  return { type: "downloadSectionRequest", messageSet: extended ? "extended" : "baseline", ...rest, data };
}

describe("readSection", () => {
  /** Bytes that begin like a section of either set, and any message; lengths right and wrong. */
  const sectionLike = fc
    .tuple(
      bytes(2),
      fc.constantFrom(0x14, 0x54, 0x34, 0x94),
      fc.constantFrom(0x0a, 0x0b),
      bytes(4),
      fc.oneof(bytes(2, 40), bytes(32), bytes(36)),
    )
    .map(([tci, type, device, me, contents]) => {
      const length = device === 0x0b ? [0, contents.length] : [];
      return Uint8Array.from([...tci, type, device, ...me, ...length, ...contents]);
    });
  const frame = fc.oneof({ weight: 3, arbitrary: sectionLike }, anyMessage.map(pduOf), bytes(0, 60));

  it("takes what the table codec takes for a section, and reads the same from it", () => {
    const seen = { sections: 0, others: 0 };
    fc.assert(
      fc.property(frame, bytes(0, 9), fc.constantFrom(0, 0, 0, 0, 1, 4), (pdu, before, cut) => {
        const shorter = pdu.subarray(0, pdu.length - cut);
        const buffer = Uint8Array.from([...before, ...shorter, 1, 2, 3]);
        const found = read(buffer, before.length, before.length + shorter.length);
        const decoded = decodeMessage(shorter);
        const message = decoded.ok ? decoded.message : undefined;
        // The reserved bit is the one deviation that the fast reader does not overlook; trailers it never sees.
        const plain = decoded.ok && !decoded.deviations.includes("reserved-bit");
        const withTrailer = pduLengthOf(shorter) !== shorter.length;
        const wanted = plain && !withTrailer && message?.type === "downloadSectionRequest" ? message : undefined;
        if (wanted) seen.sections++;
        else seen.others++;
        expect(found).toEqual(wanted);
      }),
      { numRuns: 4000, seed: 914 },
    );
    expect(Math.min(seen.sections, seen.others)).toBeGreaterThan(300);
  });
});

/** Length without a trailer, as the frame itself says. */
function pduLengthOf(frame: Uint8Array): number {
  if (frame[3] === 0x0b) return 10 + ((frame[8] << 8) | frame[9]);
  return frame.length === 48 ? 44 : frame.length;
}

describe("SectionSpanCollector", () => {
  /** How a section follows the one before it: 0 goes on, others differ from that in one way. */
  const steps = fc.array(
    fc.record({
      change: fc.oneof(
        { weight: 8, arbitrary: fc.constant(0) },
        { weight: 1, arbitrary: fc.integer({ min: 1, max: 6 }) },
      ),
      ack: fc.integer({ min: 0, max: 11 }),
      size: fc.integer({ min: 1, max: 20 }),
    }),
    { minLength: 1, maxLength: 60 },
  );

  interface Placed {
    pdu: Uint8Array;
    gap: number;
  }

  function sequence(parts: readonly { change: number; ack: number; size: number }[]): Placed[] {
    let tci = 100;
    let sectionNumber = -1;
    let instanceId = 1;
    let classId = 7;
    let messageSet: MessageSet = "extended";
    return parts.map(({ change, ack, size }) => {
      tci = change === 1 ? tci + 5 : tci + 1;
      sectionNumber = (change === 2 ? sectionNumber + 3 : sectionNumber + 1) & 0xff;
      if (change === 3) instanceId ^= 1;
      if (change === 4) classId = classId === 7 ? 65280 : 7;
      if (change === 5) messageSet = messageSet === "baseline" ? "extended" : "baseline";
      const dataBytes = messageSet === "baseline" ? 31 : change === 6 ? size : 20;
      const message: Section = {
        type: "downloadSectionRequest",
        messageSet,
        tci,
        classId,
        instanceId,
        ackRequested: ack === 0,
        sectionNumber,
        data: Uint8Array.from({ length: dataBytes }, (_, at) => at + tci),
      };
      return { pdu: pduOf(message), gap: ack === 1 ? 3 : 9 };
    });
  }

  function collect(placed: readonly Placed[]): { frames: Uint8Array[]; runs: number } {
    const length = placed.reduce((sum, { pdu, gap }) => sum + pdu.length + gap, 0);
    const buffer = new Uint8Array(length);
    const frames: Uint8Array[] = [];
    let runs = 0;
    const collector = new SectionSpanCollector((span) => {
      runs++;
      expect(span.lastSectionBytes).toBeLessThanOrEqual(span.sectionBytes);
      for (let index = 0; index < span.count; index++) {
        const out = new Uint8Array(2000);
        frames.push(out.slice(0, encodeSection(span, index, out, 0)));
      }
    });
    const view = newSectionView();
    let at = 0;
    for (const { pdu, gap } of placed) {
      at += gap;
      buffer.set(pdu, at);
      expect(readSection(buffer, at, at + pdu.length, view)).toBe(true);
      collector.add(buffer, view);
      at += pdu.length;
    }
    collector.flush();
    return { frames, runs };
  }

  it("hands on every section once, in order, whatever follows what", () => {
    fc.assert(
      fc.property(steps, (parts) => {
        const placed = sequence(parts);
        expect(collect(placed).frames).toEqual(placed.map(({ pdu }) => pdu));
      }),
      { numRuns: 400 },
    );
  });

  it("makes one run of a whole window, and another behind AR and at every break", () => {
    const plain = { change: 0, ack: 5, size: 20 };
    const asked = { ...plain, ack: 0 };
    const window = Array.from({ length: 255 }, () => plain);
    expect(collect(sequence([...window, asked])).runs).toBe(1);
    expect(collect(sequence([plain, asked, plain, asked])).runs).toBe(2);
    for (let change = 1; change <= 5; change++)
      expect(collect(sequence([plain, { ...plain, change }, plain])).runs, `change ${change}`).toBe(2);
    // A shorter section is the last of its run.
    expect(collect(sequence([plain, { ...plain, change: 6, size: 3 }, plain])).runs).toBe(2);
  });
});

describe("a part of a span", () => {
  it("has the sections of the whole, and asks for an answer only at its end", () => {
    fc.assert(
      fc.property(anySpan, fc.nat(), (span, where) => {
        const cut = where % span.count;
        const parts: [number, number][] = [
          [0, cut],
          [cut, span.count],
        ];
        const [out, whole] = [new Uint8Array(2000), new Uint8Array(2000)];
        for (const [from, to] of parts) {
          const part = sliceSpan(span, from, to, newSectionSpan());
          expect(part.count).toBe(to - from);
          for (let index = from; index < to; index++) {
            const end = encodeSection(part, index - from, out, 0);
            expect(out.slice(0, end)).toEqual(whole.slice(0, encodeSection(span, index, whole, 0)));
          }
        }
      }),
      { numRuns: 100 },
    );
  });
});
