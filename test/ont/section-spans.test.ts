/** A span of sections does to an ONT what its sections do one by one. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeSection } from "../../omci/index.ts";
import type { MessageSet } from "../../omci/messages.ts";
import type { SectionSpan } from "../../omci/section-span.ts";
import { BenchOnt } from "./hands.ts";
import { testImage } from "./images.ts";
import { written } from "./windows.ts";

describe("a span of sections", () => {
  const imageBytes = 4000;
  const image = testImage(imageBytes);

  /** What one ONT makes of runs, given whole or section by section as frames. */
  function outcome(runs: readonly SectionSpan[], channel: "omcc" | "broadcast", asFrames: boolean): unknown {
    const bench = BenchOnt.up({ parityAware: false });
    bench.start(imageBytes, { tci: 0x0100, windowSections: 16 });
    for (const span of runs) {
      if (!asFrames) {
        bench.run(channel, span);
        continue;
      }
      for (let index = 0; index < span.count; index++) {
        const pdu = new Uint8Array(2000);
        bench.frame(channel, pdu.slice(0, encodeSection(span, index, pdu, 0)));
      }
    }
    const drops: Record<string, number> = {};
    for (const { cause, count } of bench.eventsOf("dropped")) drops[cause] = (drops[cause] ?? 0) + (count ?? 1);
    return {
      raw: bench.raw,
      slot: written(bench),
      snapshot: bench.ont.snapshot(),
      events: bench.events.filter((event) => event.type !== "dropped"),
      drops,
    };
  }

  const runs = fc.record({
    messageSet: fc.constantFrom<MessageSet>("baseline", "extended"),
    firstTci: fc.oneof(fc.integer({ min: 0x0100, max: 0x0120 }), fc.constant(0x7ff8)),
    firstSection: fc.integer({ min: 0, max: 10 }),
    count: fc.integer({ min: 1, max: 12 }),
    ackRequested: fc.boolean(),
    instanceId: fc.constantFrom(1, 1, 1, 0xffff, 0),
    at: fc.integer({ min: 0, max: 600 }),
    size: fc.constantFrom(31, 31, 60, 100),
    shorter: fc.constantFrom(0, 0, 7),
    gap: fc.constantFrom(0, 9),
    lasting: fc.boolean(),
  });

  type Run = typeof runs extends fc.Arbitrary<infer Value> ? Value : never;
  const once = { ackRequested: false, instanceId: 1, at: 0, size: 31, shorter: 0, gap: 0, lasting: false } as const;
  const baseline = { ...once, messageSet: "baseline" } as const;
  const extended = { ...once, messageSet: "extended", shorter: 7 } as const;
  /** Spans that were counted in another way than their sections. */
  const onceFailed: [Run[], "omcc"][] = [
    // A section of another size in the middle of a span, and others behind it.
    [
      [
        { ...extended, firstTci: 0x7ff8, firstSection: 0, count: 2 },
        { ...baseline, firstTci: 0x7ff8, firstSection: 0, count: 3 },
        { ...baseline, firstTci: 0x7ff8, firstSection: 3, count: 1, ackRequested: true },
      ],
      "omcc",
    ],
    // A span that changes the size itself, of another attempt than what is kept.
    [
      [
        { ...baseline, firstTci: 0x7ff8, firstSection: 0, count: 1 },
        { ...extended, firstTci: 0x0100, firstSection: 0, count: 2, size: 60 },
        { ...baseline, firstTci: 0x0100, firstSection: 2, count: 2, ackRequested: true },
      ],
      "omcc",
    ],
  ];

  it("has the effect of its sections one by one", () => {
    fc.assert(
      fc.property(
        fc.array(runs, { minLength: 1, maxLength: 8 }),
        fc.constantFrom("omcc" as const, "broadcast" as const),
        (list, channel) => {
          const made = list.map(({ messageSet, size, shorter, gap, at, ...rest }): SectionSpan => {
            const sectionBytes = messageSet === "baseline" ? 31 : size;
            // A TCI range that wraps is no run: consecutive TCIs are what makes one.
            const count = Math.min(rest.count, 0x7fff - rest.firstTci);
            return {
              messageSet,
              classId: 7,
              ...rest,
              count,
              data: image,
              dataOffset: at,
              dataStride: sectionBytes + gap,
              sectionBytes,
              lastSectionBytes: sectionBytes - shorter,
              parityOf: null,
            };
          });
          expect(outcome(made, channel, false)).toEqual(outcome(made, channel, true));
        },
      ),
      { numRuns: 400, examples: onceFailed },
    );
  });
});
