/** Sections that wait at an ONT until something else happens to it leave the run that it is when each comes as an event. */
import { expect, it } from "vitest";
import { recordObserver } from "../../../run/virtual/recorder.ts";
import { type Observer, simulate } from "../../../run/virtual/index.ts";
import { parseScenario, type Scenario } from "../../../scenarios/index.ts";

const small = (more: string, seed: number): Scenario =>
  parseScenario(
    `name: small\nonts: 12\nseed: ${seed}\nimage: { bytes: 150000 }\nont: { maxWindowSections: 40 }\n${more}`,
    "small.yaml",
  );

/** @param looks whether somebody looks at every step, so that nothing waits */
function told(scenario: Scenario, looks: boolean): { steps: number; text: string } {
  const journal: string[] = [];
  const write = (record: unknown): void => void journal.push(JSON.stringify(record));
  const frames: Observer = { upstream: (nowNs, ont, pdu) => write([nowNs, ont.index, [...pdu]]) };
  const looking: Observer = looks ? { step: () => undefined } : {};
  const { result, steps, end } = simulate(scenario, { observers: [recordObserver({ write }), frames, looking] });
  return { steps, text: [JSON.stringify(result), end, ...journal].join("\n") };
}

const ALL_ANSWERED = ["without loss", "with sections that come twice"];

it.each([
  ["without loss", ""],
  ["with loss, repaired by parity", "impairments: [{ kind: loss, chance: 0.02 }]"],
  ["with much loss", "impairments: [{ kind: loss, chance: 0.2 }]"],
  ["repaired by what is missing", "olt: { recovery: selective }\nimpairments: [{ kind: loss, chance: 0.02 }]"],
  ["repaired by windows", "olt: { recovery: window }\nimpairments: [{ kind: loss, chance: 0.01 }]"],
  ["in baseline", "olt: { messageSet: baseline }\nimpairments: [{ kind: loss, chance: 0.01 }]"],
  ["in unicast", "olt: { mode: unicast }\nimpairments: [{ kind: loss, chance: 0.02 }]"],
  ["with sections that overtake others", "impairments: [{ kind: reordering, chance: 0.1, delayMs: 2 }]"],
  ["with sections that come twice", "impairments: [{ kind: duplication, chance: 0.1 }]"],
  ["with corrupted frames", "impairments: [{ kind: corruption, chance: 0.02 }]"],
  [
    "with slow ONTs",
    "impairments: [{ kind: loss, chance: 0.02 }]\nfleet: [{ count: 3, sectionMicroseconds: 300 }, {}]",
  ],
  [
    "with power cuts",
    "faults: [{ whenPhase: downloading, action: powerCycle, onts: [1, 2], offSeconds: 0.5 }]\nimpairments: [{ kind: loss, chance: 0.02 }]",
  ],
  [
    "with ONTs that come late and such as look at each section",
    "fleet:\n  - { count: 2, quirk: realtek }\n  - { count: 2, quirk: slow }\n  - { count: 2, joinAtSeconds: 0.02 }\n  - {}\nimpairments: [{ kind: loss, chance: 0.02 }]",
  ],
])("%s", (what, more) => {
  let fewer = 0;
  for (const seed of [1, 2]) {
    const scenario = small(more, seed);
    const [waits, looked] = [told(scenario, false), told(scenario, true)];
    expect(waits.text === looked.text).toBe(true);
    expect(waits.steps).toBeLessThanOrEqual(looked.steps);
    fewer += looked.steps - waits.steps;
  }
  // Where each send is answered there is nothing that waits.
  expect(fewer > 0).toBe(!ALL_ANSWERED.includes(what));
});
