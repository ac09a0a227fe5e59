/** `image.payload: none`: a run without the payload's bytes is the run with them, but for the digests. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { prepareImages } from "../../../run/images/index.ts";
import { isWithoutBytes, whyBytesAreMade } from "../../../run/images/payload-kind.ts";
import { refuseVirtualOnly } from "../../../run/processes/limits.ts";
import { runVirtual } from "../../../run/virtual/index.ts";
import { Simulation } from "../../../run/virtual/world.ts";
import { loadScenario, parseScenario, type Scenario } from "../../../scenarios/index.ts";
import { expectBytesChangeNothing } from "./payloads.ts";

const small = (more: string, seed = 1): Scenario =>
  parseScenario(
    `name: small\nonts: 10\nseed: ${seed}\nont: { maxWindowSections: 32 }\n${more.includes("image:") ? "" : "image: { bytes: 200000, payload: none }\n"}${more}`,
    "small.yaml",
  );

describe("without the payload's bytes everything is the same", () => {
  it.each([
    ["without loss", ""],
    ["with loss, repaired by parity", "impairments: [{ kind: loss, chance: 0.02 }]"],
    ["repaired by what is missing", "olt: { recovery: selective }\nimpairments: [{ kind: loss, chance: 0.02 }]"],
    ["repaired by windows", "olt: { recovery: window }\nimpairments: [{ kind: loss, chance: 0.01 }]"],
    ["in baseline", "olt: { messageSet: baseline }\nimpairments: [{ kind: loss, chance: 0.01 }]"],
    ["in unicast", "olt: { mode: unicast }\nimpairments: [{ kind: loss, chance: 0.02 }]"],
    ["with corrupted frames", "impairments: [{ kind: corruption, chance: 0.02 }]"],
    ["with sections that overtake others", "impairments: [{ kind: reordering, chance: 0.1, delayMs: 2 }]"],
    ["with sections that come twice", "impairments: [{ kind: duplication, chance: 0.1 }]"],
    [
      "with a wrong image",
      "image: { bytes: 200000, payload: none, fault: flippedByte }\nolt: { force: true }\nimpairments: [{ kind: loss, chance: 0.02 }]",
    ],
    ["with half an image", "image: { bytes: 200000, payload: none, fault: truncated }\nolt: { force: true }"],
    ["with a stranger's key", "image: { bytes: 200000, payload: none, fault: wrongKey }"],
    [
      "with power cuts",
      "faults: [{ whenPhase: downloading, action: powerCycle, onts: [1, 2], offSeconds: 0.5 }]\nimpairments: [{ kind: loss, chance: 0.01 }]",
    ],
    [
      "with quirks",
      "fleet:\n  - { count: 2, quirk: 5vt }\n  - { count: 2, quirk: realtek }\n  - {}\nimpairments: [{ kind: loss, chance: 0.01 }]",
    ],
    [
      "with an ONT that lays sections down in wrong places and takes whatever comes of it",
      "fleet: [{ count: 3, quirk: bbsim }, {}]\nimpairments: [{ kind: loss, chance: 0.02 }]",
    ],
  ])("%s", (_what, more) => {
    for (const seed of [1, 2]) {
      const scenario = small(more, seed);
      expect(isWithoutBytes(scenario)).toBe(true);
      expectBytesChangeNothing(scenario);
    }
  });

  it.each(["bad-firmware", "flaky-power", "mixed-fleet", "olt-restart"])("preset %s, of a small image", (name) => {
    const bytes = { path: "image.bytes", value: 50_000, option: "image.bytes" };
    expectBytesChangeNothing(loadScenario(`scenarios/${name}.yaml`, [bytes]));
  });
});

it("no ONT keeps bytes of its own, and the digests are names that follow from the seed", () => {
  const scenario = small("impairments: [{ kind: loss, chance: 0.02 }]");
  const images = prepareImages(scenario);
  const simulation = new Simulation(scenario, images);
  simulation.run();
  for (const { flash, activeSlot } of simulation.onts) {
    expect(flash.slots[activeSlot].sharedPrefix(images.bytes.length)?.buffer).toBe(images.bytes.buffer);
    expect(flash.slots[activeSlot].privateBytes).toBe(0);
  }
  const named = (seed: number): string => prepareImages(small("", seed)).facts.sha256;
  expect(named(1)).toBe(images.facts.sha256);
  expect(named(2)).not.toBe(named(1));
  const made = prepareImages({ ...scenario, image: { ...scenario.image, payload: "made" } }).facts;
  expect(made.bytes).toBe(images.facts.bytes);
  expect(made.sha256).not.toBe(images.facts.sha256);
});

describe("where bytes are needed", () => {
  const payload = "image: { bytes: 20000, payload: none";
  it.each([
    [`${payload}, deltas: [{ base: PONCAST-1.0.0 }] }`, "deltas are made from them (image.deltas)"],
    [`${payload}, variants: [{ hardware: [HW-1] }, { hardware: [HW-2] }] }`, /each variant by its digest/],
    [`${payload} }\nroad: https`, "road https checks files by their digests"],
    [`${payload} }\ncampaign: {}`, /^a campaign's roads/],
    [
      `${payload} }\npon: { trailer: none }\nfleet: [{ impairments: [{ kind: corruption, chance: 0.1 }] }]`,
      /^corrupted frames are taken for whatever their bytes say/,
    ],
  ])("they are made all the same: %s", (more, why) => {
    const scenario = small(more);
    expect(whyBytesAreMade(scenario)).toMatch(why);
    expect(isWithoutBytes(scenario)).toBe(false);
    const made = prepareImages({ ...scenario, image: { ...scenario.image, payload: "made" } });
    expect(prepareImages(scenario).facts).toEqual(made.facts);
  });

  it("a run is refused", async () => {
    const scenario = small("");
    const folder = mkdtempSync(join(tmpdir(), "payload-"));
    await expect(runVirtual(scenario, { out: join(folder, "run"), pcap: join(folder, "a.pcapng") })).rejects.toThrow(
      "image.payload: none: a capture shows bytes: leave it out, or --pcap",
    );
    expect(() => refuseVirtualOnly(scenario)).toThrow("image.payload: none: in virtual time only: --virtual");
    const file = join(folder, "raw.bin");
    writeFileSync(file, Buffer.alloc(2000));
    expect(() => prepareImages({ ...scenario, image: { ...scenario.image, file } })).toThrow(
      `image: ${file}: has a payload; leave out image.payload: none, or the file`,
    );
  });
});
