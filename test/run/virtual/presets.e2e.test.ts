/** Every preset in virtual time, whole: it ends as it says. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadScenario } from "../../../scenarios/schema/load.ts";
import { simulate } from "../../../run/virtual/index.ts";

describe("the presets", () => {
  const presets = readdirSync("scenarios").filter((file) => file.endsWith(".yaml"));
  /** Presets that show how a rollout is stopped. */
  const stops: Readonly<Record<string, RegExp>> = { "bad-firmware.yaml": /canary/ };
  /** What takes the same ways in a fraction of the work: ports are alike, and a quarter of the image at a quarter of the rate takes as long. */
  const smaller: Readonly<Record<string, Readonly<Record<string, number>>>> = {
    "field-realistic.yaml": { "image.bytes": 1_048_576 },
    "headend-16-ports.yaml": { pons: 4, "image.bytes": 1_048_576 },
    "street-by-street.yaml": { "image.bytes": 4_194_304, "olt.rateBytesPerSecond": 39_062 },
  };

  it("are at least ten", () => expect(presets.length).toBeGreaterThanOrEqual(10));

  it.each(presets)("%s ends as it says", (file) => {
    const overrides = Object.entries(smaller[file] ?? {}).map(([path, value]) => ({ path, value, option: "" }));
    const { reasons, end } = simulate(loadScenario(join("scenarios", file), overrides));
    expect(end).toBe("finished");
    if (stops[file] === undefined) expect(reasons).toEqual([]);
    else expect(reasons[0]).toMatch(stops[file]);
  });
});
