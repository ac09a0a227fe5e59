/** After any commands, power cuts and flash delays our ONT keeps an image to boot; no quirk profile breaks down. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { crc32 } from "../../base/kernel/crc32.ts";
import { type BootPlan, quirkProfiles } from "../../ont/index.ts";
import { ms } from "./bench.ts";
import { BenchOnt } from "./hands.ts";
import { factoryImage, testImage } from "./images.ts";

const images = [testImage(60, 1), testImage(150, 2), testImage(31, 3)];

type Step =
  | { do: "start"; slot: number; image: number; windowSections: number }
  | {
      do: "window";
      slot: number;
      image: number;
      lost: number;
      from: number;
      channel: "omcc" | "broadcast";
    }
  | { do: "end"; slot: number; image: number; change: "none" | "crc" | "size" | "abort" }
  | { do: "download"; slot: number; image: number; next: "activate" | "commit" | "nothing" }
  | { do: "activate" | "commit"; slot: number }
  | { do: "reboot" | "powerCut" | "range" | "flash" | "mibReset" }
  | { do: "wait"; ms: number };

const slot = fc.constantFrom(0, 1);
const image = fc.nat({ max: images.length - 1 });
const steps: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("start" as const),
      slot,
      image,
      windowSections: fc.integer({ min: 1, max: 8 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("window" as const),
      slot,
      image,
      lost: fc.constantFrom(-1, -1, -1, 0, 1),
      from: fc.constantFrom(0, 0, 0, 1, 2),
      channel: fc.constantFrom("omcc" as const, "omcc" as const, "broadcast" as const),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("end" as const),
      slot,
      image,
      change: fc.constantFrom(
        "none" as const,
        "none" as const,
        "none" as const,
        "crc" as const,
        "size" as const,
        "abort" as const,
      ),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("download" as const),
      slot,
      image,
      next: fc.constantFrom("activate" as const, "commit" as const, "nothing" as const),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom("activate" as const, "commit" as const), slot }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom(
        "reboot" as const,
        "powerCut" as const,
        "range" as const,
        "flash" as const,
        "mibReset" as const,
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("wait" as const),
      ms: fc.constantFrom(10, 600, 3000, 30_000),
    }),
  },
);

const plans = fc.constantFrom<BootPlan>(
  { kind: "boots" },
  { kind: "hangs" },
  { kind: "crashes" },
  { kind: "bootsAt", attempt: 2 },
);

function carryOut(bench: BenchOnt, step: Step): void {
  switch (step.do) {
    case "start":
      bench.start(images[step.image]!.length, {
        instanceId: step.slot,
        windowSections: step.windowSections,
        tci: 0x100 + (bench.tci++ & 0xff),
      });
      return;
    case "window": {
      const content = images[step.image]!;
      const total = Math.ceil(content.length / 31);
      const firstSection = Math.min(step.from, total - 1);
      const sections = Math.min(3, total - firstSection);
      const base = step.channel === "broadcast" ? 0x101 : (bench.tci += 5);
      const window = {
        base,
        firstSection,
        sections,
        sectionBytes: 31,
        instanceId: step.slot,
        channel: step.channel,
      };
      for (let from = 0; from < sections; from++)
        if (from !== step.lost) bench.window(content, { ...window, from, count: 1 });
      return;
    }
    case "end": {
      const content = images[step.image]!;
      if (step.change === "abort") bench.abort(step.slot);
      else {
        bench.end(content, {
          instanceId: step.slot,
          ...(step.change === "crc" ? { crc32: (crc32(content) ^ 1) >>> 0 } : {}),
          ...(step.change === "size" ? { imageBytes: content.length + 1 } : {}),
        });
      }
      return;
    }
    case "download": {
      const content = images[step.image]!;
      const sections = Math.ceil(content.length / 31);
      if (bench.start(content.length, { instanceId: step.slot }) !== 0) return;
      bench.window(content, {
        base: (bench.tci += 5),
        firstSection: 0,
        sections,
        sectionBytes: 31,
        instanceId: step.slot,
      });
      bench.tci += 5;
      bench.end(content, { instanceId: step.slot });
      if (step.next !== "nothing") carryOut(bench, { do: step.next, slot: step.slot });
      return;
    }
    case "activate":
      bench.activate(step.slot);
      return;
    case "commit":
      bench.commit(step.slot);
      return;
    case "reboot":
      bench.reboot();
      return;
    case "powerCut":
      bench.powerCycle();
      return;
    case "range":
      bench.ont.handleRanged(bench.nowNs, 1);
      bench.settle();
      return;
    case "flash":
      bench.flashStep();
      return;
    case "mibReset":
      bench.result({ type: "mibResetRequest" }, { classId: 2, instanceId: 0 });
      return;
    case "wait":
      bench.advance(step.ms * ms);
      if (bench.ont.snapshot().online && step.ms >= 3000) {
        bench.ont.handleRanged(bench.nowNs, 1);
        bench.settle();
      }
  }
}

/** What holds after every step, whatever the OLT did (G.988 9.1.4). */
function check(bench: BenchOnt): void {
  const { flags, record, activeSlot, online } = bench.ont.snapshot();
  expect(flags.filter((image) => image.committed)).toHaveLength(1);
  expect(flags.filter((image) => image.active)).toHaveLength(1);
  expect(flags[activeSlot].valid).toBe(true);
  expect(flags[record.committed].valid).toBe(true);
  expect(online || Number.isFinite(bench.ont.nextTimeoutNs())).toBe(true);
  // The flash never calls an image valid that is not whole in its slot.
  bench.flash.record.slots.forEach((image, slot) => {
    if (image === null || image.sha256 === factoryImage.sha256) return;
    const bytes = bench.flash.slots[slot]!.subarray(0, image.imageBytes);
    expect(crc32(bytes)).toBe(image.crc32);
  });
  expect(bench.flash.record.slots[bench.flash.record.committed]).not.toBeNull();
}

function play(boot: BootPlan, isInstant: boolean, list: readonly Step[], quirkName?: string): BenchOnt {
  const quirks = quirkName === undefined ? {} : { quirks: quirkProfiles[quirkName]! };
  const bench = BenchOnt.up({ boot, ...quirks });
  bench.instantFlash = isInstant;
  for (const step of list) {
    carryOut(bench, step);
    if (quirkName === undefined) check(bench);
  }
  return bench;
}

describe("any sequence of commands, legal or not", () => {
  it("keeps one image committed, one active, both valid, and the flash whole", () => {
    fc.assert(
      fc.property(plans, fc.boolean(), fc.array(steps, { maxLength: 40 }), (boot, isInstant, list) => {
        play(boot, isInstant, list);
      }),
      { numRuns: 500 },
    );
  });

  it("of this kind reaches stored images, trials and roll-backs", () => {
    const reached = new Set<string>();
    const walks = fc.sample(fc.tuple(plans, fc.boolean(), fc.array(steps, { maxLength: 40 })), {
      seed: 7,
      numRuns: 600,
    });
    for (const walk of walks) {
      for (const event of play(...walk).events) reached.add(event.type === "state" ? event.state : event.type);
    }
    expect([...reached]).toEqual(
      expect.arrayContaining(["imageStored", "fellBack", "committed", "trial", "rolledBack"]),
    );
  });

  it.each(Object.keys(quirkProfiles))("is survived by profile %s", (name) => {
    fc.assert(
      fc.property(plans, fc.boolean(), fc.array(steps, { maxLength: 25 }), (boot, isInstant, list) => {
        const bench = play(boot, isInstant, list, name);
        bench.advance(120_000 * ms);
        expect(bench.ont.snapshot().flags.filter((image) => image.committed)).toHaveLength(1);
      }),
      { numRuns: 60 },
    );
  });
});
