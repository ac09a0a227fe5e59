/** How presets end in virtual time. */
import { join } from "node:path";
import { expect } from "vitest";
import type { Scenario } from "../../../scenarios/index.ts";
import { loadScenario } from "../../../scenarios/schema/load.ts";
import { simulate } from "../../../run/virtual/index.ts";

/** Presets that show how a rollout is stopped. */
const STOPS: Readonly<Record<string, RegExp>> = { "bad-firmware.yaml": /canary/ };
/** What takes the same ways in a fraction of the work: ports are alike, and a quarter of the image at a quarter of the rate takes as long. */
const SMALLER: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  "field-realistic.yaml": { "image.bytes": 1_048_576 },
  "headend-16-ports.yaml": { pons: 4, "image.bytes": 1_048_576 },
  "street-by-street.yaml": { "image.bytes": 4_194_304, "olt.rateBytesPerSecond": 39_062 },
};

/** @param file in the folder of the presets */
export function presetOf(file: string): Scenario {
  const overrides = Object.entries(SMALLER[file] ?? {}).map(([path, value]) => ({ path, value, option: "" }));
  return loadScenario(join("scenarios", file), overrides);
}

/** @param file in the folder of the presets */
export function expectEndsAsItSays(file: string): void {
  const { reasons, end } = simulate(presetOf(file));
  expect(end).toBe("finished");
  if (STOPS[file] === undefined) expect(reasons).toEqual([]);
  else expect(reasons[0]).toMatch(STOPS[file]);
}
