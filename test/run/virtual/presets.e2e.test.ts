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
  /** Sixteen ports with their whole image take ten seconds: a smaller one takes the same ways. */
  const smaller = { "headend-16-ports.yaml": 1_048_576 } as Readonly<Record<string, number | undefined>>;

  it("are at least ten", () => expect(presets.length).toBeGreaterThanOrEqual(10));

  it.each(presets)("%s ends as it says", (file) => {
    const bytes = smaller[file];
    const overrides = bytes === undefined ? [] : [{ path: "image.bytes", value: bytes, option: "--image-size" }];
    const { reasons, end } = simulate(loadScenario(join("scenarios", file), overrides));
    expect(end).toBe("finished");
    if (stops[file] === undefined) expect(reasons).toEqual([]);
    else expect(reasons[0]).toMatch(stops[file]);
  });
});
