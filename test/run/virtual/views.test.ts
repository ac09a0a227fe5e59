/** ONTs in virtual time that leave the image where it lies do what ONTs do that copy each section they get. */
import { describe, expect, it } from "vitest";
import { parseScenario } from "../../../scenarios/index.ts";
import { prepareImages } from "../../../run/images/index.ts";
import { Simulation } from "../../../run/virtual/world.ts";
import { expectViewsChangeNothing } from "./views.ts";

const small = (more: string): string => `
name: small
onts: 12
ont: { maxWindowSections: 32 }
${more.includes("image:") ? "" : "image: { bytes: 300000 }"}
${more}`;

describe("views of the image change nothing", () => {
  it.each([
    ["without loss", ""],
    ["with loss, repaired by parity", "impairments: [{ kind: loss, chance: 0.02 }]"],
    ["repaired by what is missing", "olt: { recovery: selective }\nimpairments: [{ kind: loss, chance: 0.02 }]"],
    ["repaired by windows", "olt: { recovery: window }\nimpairments: [{ kind: loss, chance: 0.01 }]"],
    ["in baseline", "olt: { messageSet: baseline }\nimpairments: [{ kind: loss, chance: 0.01 }]"],
    ["in unicast", "olt: { mode: unicast }\nimpairments: [{ kind: loss, chance: 0.02 }]"],
    ["where bits flip unseen", "pon: { trailer: none }\nimpairments: [{ kind: corruption, chance: 0.002 }]"],
    ["where sections overtake others", "impairments: [{ kind: reordering, chance: 0.1, delayMs: 2 }]"],
    ["where sections come twice", "impairments: [{ kind: duplication, chance: 0.1 }]"],
    ["where the image is wrong", "image: { bytes: 300000, fault: flippedByte }\nolt: { force: true }"],
    ["where power is cut", "faults: [{ whenPhase: downloading, action: powerCycle, onts: [1, 2], offSeconds: 0.5 }]"],
    [
      "with quirks",
      "fleet:\n  - { count: 2, quirk: 5vt }\n  - { count: 2, quirk: realtek }\n  - {}\nimpairments: [{ kind: loss, chance: 0.01 }]",
    ],
  ])("%s", (_what, more) => {
    expectViewsChangeNothing(parseScenario(small(more), "small.yaml"));
  });

  it("slots hold the image itself, and copies of it are found to be the same", () => {
    for (const copiesSections of [false, true]) {
      const scenario = parseScenario(small("impairments: [{ kind: loss, chance: 0.02 }]"), "small.yaml");
      const images = prepareImages(scenario);
      const simulation = new Simulation(scenario, images, { copiesSections });
      simulation.run();
      for (const { flash, activeSlot } of simulation.onts) {
        expect(flash.slots[activeSlot].sharedPrefix(images.bytes.length)?.equals(images.bytes)).toBe(true);
        expect(flash.slots[activeSlot].privateBytes).toBe(0);
      }
    }
  });
});
