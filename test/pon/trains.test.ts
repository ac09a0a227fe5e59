/** Sections read as trains by the kernel are what they are one by one. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { crc32Holds } from "../../base/kernel/crc32.ts";
import { crc32Trailer, newSectionView, readSection } from "../../omci/index.ts";
import { frameKernel } from "../../base/kernel/frame-kernel.ts";
import { BROADCAST_PORT, createDropFibre, DownstreamReceiver, encodeGemHeader, GemReader } from "../../pon/index.ts";

/** One frame of a burst; all is as in the frame before it unless said. */
interface Step {
  tciBy: number;
  numberBy: number;
  /** What is otherwise about it. */
  odd: "nothing" | "ar" | "class" | "instance" | "port" | "shorter" | "trailer" | "data" | "header" | "idle" | "get";
}

const step: fc.Arbitrary<Step> = fc.record({
  tciBy: fc.oneof(
    { weight: 20, arbitrary: fc.constant(1) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 300 }) },
  ),
  numberBy: fc.oneof(
    { weight: 20, arbitrary: fc.constant(1) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 9 }) },
  ),
  odd: fc.oneof(
    { weight: 40, arbitrary: fc.constant("nothing" as const) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        ...(["ar", "class", "instance", "port", "shorter", "trailer", "data", "header", "idle", "get"] as const),
      ),
    },
  ),
});

const bursts = fc.record({
  extended: fc.boolean(),
  dataBytes: fc.oneof(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 900, max: 1965 })),
  firstTci: fc.constantFrom<number>(1, 0x7ffe, 0xfffe),
  firstNumber: fc.constantFrom<number>(0, 250),
  steps: fc.array(step, { minLength: 1, maxLength: 60 }),
  seed: fc.nat(),
});

type Burst = typeof bursts extends fc.Arbitrary<infer T> ? T : never;

function burstOf({ extended, dataBytes, firstTci, firstNumber, steps, seed }: Burst): Uint8Array {
  const out = new Uint8Array(steps.length * 2000);
  let [at, tci, number] = [0, firstTci, firstNumber];
  for (const [index, { tciBy, numberBy, odd }] of steps.entries()) {
    if (odd === "idle") at += encodeGemHeader(out, at, BROADCAST_PORT, 0);
    const bytes = odd === "shorter" ? Math.max(1, dataBytes >> 1) : dataBytes;
    const pduBytes = extended ? 11 + bytes : 44;
    at += encodeGemHeader(out, at, odd === "port" ? 3 : BROADCAST_PORT, pduBytes + 4);
    if (odd === "header") out[at - 1] = out[at - 1]! ^ 1;
    const type = odd === "get" ? 0x49 : 0x14;
    const head = [tci >> 8, tci & 0xff, odd === "ar" ? 0x54 : type, extended ? 0x0b : 0x0a];
    head.push(0, odd === "class" ? 8 : 7, 0xff, odd === "instance" ? 1 : 0xff);
    if (extended) head.push((bytes + 1) >> 8, (bytes + 1) & 0xff);
    out.set([...head, number], at);
    for (let byte = head.length + 1; byte < pduBytes; byte++) out[at + byte] = seed + byte * (index + 3);
    crc32Trailer.seal(out, at, at + pduBytes);
    if (odd === "trailer") out[at + pduBytes] = out[at + pduBytes]! ^ 4;
    if (odd === "data") out[at + pduBytes - 1] = out[at + pduBytes - 1]! ^ 0x80;
    at += pduBytes + 4;
    tci = (tci + tciBy) & 0xffff;
    number = (number + numberBy) & 0xff;
  }
  return out.slice(0, at);
}

/** What a receiver has to hand over, taken apart frame by frame. */
function oneByOne(burst: Uint8Array): string[] {
  const heard: string[] = [];
  const reader = new GemReader();
  const view = newSectionView();
  reader.start(burst);
  while (reader.next()) {
    const { payloadStart: start, payloadEnd: end, portId } = reader;
    const channel = portId === BROADCAST_PORT ? "broadcast" : "omcc";
    if (!crc32Holds(burst, start, end)) heard.push("bad-trailer");
    else if (readSection(burst, start, end - 4, view)) {
      const { tci, classId, instanceId, sectionNumber, ackRequested, extended } = view;
      const data = Buffer.from(burst.subarray(view.dataStart, view.dataEnd)).toString("hex");
      heard.push([channel, extended, tci, classId, instanceId, sectionNumber, ackRequested, data].join(" "));
    } else heard.push(`${channel} frame`);
  }
  if (reader.fault !== "none") heard.push(reader.fault);
  return heard;
}

function received(burst: Uint8Array): { heard: string[]; runs: number } {
  const heard: string[] = [];
  let runs = 0;
  const receiver = new DownstreamReceiver("gem", crc32Trailer);
  receiver.add({
    portId: 3,
    trailer: crc32Trailer,
    links: createDropFibre(1, "A", {}),
    onSections: (channel, span) => {
      runs++;
      for (let index = 0; index < span.count; index++) {
        const last = index === span.count - 1;
        const from = span.dataOffset + index * span.dataStride;
        const bytes = span.data.subarray(from, from + (last ? span.lastSectionBytes : span.sectionBytes));
        const ar = last && span.ackRequested;
        const { messageSet, firstTci, classId, instanceId, firstSection } = span;
        const data = Buffer.from(bytes).toString("hex");
        const extended = messageSet === "extended";
        heard.push(
          [channel, extended, firstTci + index, classId, instanceId, firstSection + index, ar, data].join(" "),
        );
      }
    },
    onFrame: (channel) => heard.push(`${channel} frame`),
    onDropped: (cause) => heard.push(cause),
  });
  receiver.datagram(burst);
  for (const cause of ["bad-hec", "cut-off"]) if (receiver.dropped.has(cause)) heard.push(cause);
  return { heard, runs };
}

describe("trains of sections", () => {
  it("are what their frames are one by one, whatever is odd about one of them", () => {
    fc.assert(
      fc.property(bursts, (plan) => {
        const burst = burstOf(plan);
        expect(received(burst).heard.toSorted()).toEqual(oneByOne(burst).toSorted());
      }),
      { numRuns: 1000 },
    );
  });

  it("are cut off where the burst is", () => {
    const steps = Array.from({ length: 9 }, (): Step => ({ tciBy: 1, numberBy: 1, odd: "nothing" }));
    const plan = { extended: false, dataBytes: 31, firstTci: 9, firstNumber: 0, steps, seed: 1 };
    const whole = burstOf(plan);
    // From long to short: what was there before would complete the frame that is cut off.
    for (let length = whole.length; length >= 0; length--) {
      const burst = whole.slice(0, length);
      expect(received(burst).heard).toEqual(oneByOne(burst));
    }
  });

  it("are one run each", () => {
    expect(frameKernel()).not.toBeNull();
    const steps = Array.from({ length: 30 }, (): Step => ({ tciBy: 1, numberBy: 1, odd: "nothing" }));
    steps[29]!.odd = "ar";
    for (const extended of [false, true]) {
      const burst = burstOf({ extended, dataBytes: 1965, firstTci: 9, firstNumber: 0, steps, seed: 1 });
      expect(received(burst).runs).toBe(1);
    }
  });

  it("leave what is behind them in its place", () => {
    const odd = ["nothing", "nothing", "nothing", "get", "nothing", "nothing", "ar"] as const;
    const steps = odd.map((each): Step => ({ tciBy: 1, numberBy: 1, odd: each }));
    const burst = burstOf({ extended: true, dataBytes: 700, firstTci: 9, firstNumber: 0, steps, seed: 1 });
    expect(received(burst).heard).toEqual(oneByOne(burst));
  });
});
