/** Frames packed into bursts come out as they went in, whatever the size of the bursts, the trailer and the port. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { crc32Trailer, noTrailer } from "../../omci/index.ts";
import { BROADCAST_PORT } from "../../pon/index.ts";
import { framesOf, getRequest, listener, OWN_PORT, pon, spanOf } from "./bench-fibre.ts";

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

  it("a datagram takes frames until one more would be too much for it", () => {
    // A baseline frame: GEM header, PDU, trailer.
    const frameBytes = 5 + 44 + 4;
    for (const [burstBytes, sizes] of [
      [3 * frameBytes, [3, 3, 1]],
      [3 * frameBytes - 1, [2, 2, 2, 1]],
    ] as const) {
      const { writer, datagrams } = pon({ burstBytes });
      for (let frame = 0; frame < 7; frame++) writer.frame(OWN_PORT, getRequest, 44, crc32Trailer);
      writer.flush();
      expect(datagrams.map(({ length }) => length / frameBytes)).toEqual(sizes);
    }
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
