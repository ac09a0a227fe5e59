/** Deltas over OMCI: groups by what ONTs run, the image for the others, one image for each hardware. */
import { describe, expect, it } from "vitest";
import { prepareImages, simulate, type SimulatedRun } from "../../../run/virtual/index.ts";
import { planCost } from "../../../study/sizing/index.ts";
import { parseScenario } from "../../../scenarios/index.ts";

const BYTES = 256 * 1024;
const run = (text: string): SimulatedRun => simulate(parseScenario(text, "text"));
const passesOf = ({ result }: SimulatedRun): string[] =>
  result.groups.map(({ payload, onts, why }) => `${onts} ${payload}, ${why}`);

describe("deltas", () => {
  const threeBases = `
    onts: 128
    image:
      bytes: 2097152
      deltas: [{ base: A-1, changed: 0.08 }, { base: A-2, changed: 0.04 }, { base: A-3, changed: 0.02 }]
    fleet: [{ count: 60, version: A-1 }, { count: 40, version: A-2 }, { version: A-3 }]
    impairments: [{ kind: loss, chance: 0.01 }]`;

  it("bring 128 ONTs on three bases to the image, at the cost that was planned", () => {
    const done = run(threeBases);
    const { result } = done;
    expect(done.reasons).toEqual([]);
    expect(result.onts).toEqual({ total: 128, committed: 128, rolledBack: 0, failed: 0 });
    expect(new Set(result.ontResults.map(({ sha256 }) => sha256))).toEqual(new Set([result.image.sha256]));
    expect(passesOf(done)).toEqual(["60 delta A-1, first", "40 delta A-2, first", "28 delta A-3, first"]);
    expect(result.plan?.bytes).toBeLessThan(400_000);
    const planned = planCost(parseScenario(threeBases, "text"), result.plan!)!.copies;
    expect(Math.abs(result.downstream.imageCopies / planned - 1)).toBeLessThan(0.02);
  });

  it("go to each ONT alone in unicast mode", () => {
    const done = run(`
      onts: 6
      image: { bytes: ${BYTES}, deltas: [{ base: A-1 }] }
      fleet: [{ count: 4, version: A-1 }, { version: A-0 }]
      olt: { mode: unicast }`);
    expect(done.result.onts.committed).toBe(6);
    expect(passesOf(done).toSorted()).toEqual([
      ...Array.from({ length: 4 }, () => "1 delta A-1, alone"),
      ...Array.from({ length: 2 }, () => "1 image, alone"),
    ]);
    expect(done.result.downstream.imageCopies).toBeLessThan(2.5);
  });

  it("are left where some ONTs need the image anyway, unless they are asked for", () => {
    const mixed = (policy: string): SimulatedRun =>
      run(`
        onts: 6
        image: { bytes: ${BYTES}, deltaPolicy: ${policy}, deltas: [{ base: A-1 }] }
        fleet: [{ count: 4, version: A-1 }, { count: 1, version: A-1, deltaAware: false }, { version: A-0 }]`);
    const cheapest = mixed("cheapest");
    expect(passesOf(cheapest)).toEqual(["6 image, first"]);
    expect(cheapest.result.plan?.notes).toEqual([
      "delta A-1: not sent: 2 of the ONTs need image anyway, which then serves all",
    ]);
    const always = mixed("always");
    expect(passesOf(always).toSorted()).toEqual(["2 image, first", "4 delta A-1, first"]);
    expect([cheapest, always].map(({ result }) => result.onts.committed)).toEqual([6, 6]);
  });

  it("that an ONT does not take are followed by the image", () => {
    // What these run has the version of the base, and other bytes.
    const scenario = parseScenario(
      `
      onts: 4
      image: { bytes: ${BYTES}, deltas: [{ base: A-1 }] }
      fleet: [{ version: A-1 }]`,
      "text",
    );
    const images = prepareImages(scenario);
    const [, delta] = images.payloads;
    const spoiled = Uint8Array.from(delta.content);
    // Behind the header, which is looked at first.
    spoiled[Math.floor(spoiled.length / 2)] ^= 0xff;
    const read = (at: number, length: number): Uint8Array => spoiled.subarray(at, at + length);
    const payloads = [images.payloads[0], { ...delta, content: spoiled, source: { ...delta.source, read } }];
    const done = simulate(scenario, { images: { ...images, payloads } });
    expect(done.result.onts.committed).toBe(4);
    expect(passesOf(done)).toEqual(["4 delta A-1, first", "4 image, catchUp"]);
  });
});

describe("an image for several kinds of hardware", () => {
  const fleet =
    "fleet: [{ count: 3, hardware: ARM-1, version: A-1 }, { count: 2, hardware: MIPS-1, version: A-1 }, { hardware: X86-1, version: A-1 }]";
  const variants =
    "[{ hardware: [ARM-1], bytes: 400000 }, { hardware: [MIPS-1], bytes: 500000 }, { hardware: [X86-1, X86-2], bytes: 300000 }]";

  it("goes to each kind in a group of its own", () => {
    const done = run(`
      onts: 6
      image: { variants: ${variants} }
      ${fleet}`);
    expect(done.reasons).toEqual([]);
    expect(passesOf(done)).toEqual(["3 image ARM-1, first", "2 image MIPS-1, first", "1 image X86-1/X86-2, first"]);
    expect(new Set(done.result.ontResults.map(({ sha256 }) => sha256)).size).toBe(3);
  });

  it("goes by deltas for each as well", () => {
    const done = run(`
      onts: 6
      image: { variants: ${variants}, deltas: [{ base: A-1 }] }
      ${fleet}`);
    expect(done.reasons).toEqual([]);
    expect(passesOf(done)).toEqual([
      "3 delta A-1 ARM-1, first",
      "2 delta A-1 MIPS-1, first",
      "1 delta A-1 X86-1/X86-2, first",
    ]);
  });

  it("leaves out hardware that it is not for", () => {
    const done = run(`
      onts: 2
      image: { variants: ${variants} }
      fleet: [{ count: 1, hardware: ARM-1 }, { hardware: PPC-1, expect: skipped }]`);
    expect(done.reasons).toEqual([]);
    expect(done.result.ontResults[1].cause).toBe("hardware PPC-1: no image is for it");
  });
});
