/** Presets with the payload's bytes and without them, and two seeds more of some. Small ones are in payload.test.ts. */
import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { isWithoutBytes } from "../../../run/images/payload-kind.ts";
import { loadScenario } from "../../../scenarios/index.ts";
import { expectBytesChangeNothing } from "./payloads.ts";

/** Longer than all others together, and nothing is in them that is not in others. */
const LARGEST = ["field-realistic.yaml", "headend-16-ports.yaml", "street-by-street.yaml"];
const files = readdirSync("scenarios").filter((file) => file.endsWith(".yaml") && !LARGEST.includes(file));
const loaded = (file: string) => loadScenario(`scenarios/${file}`, []);
const presets = files.filter((file) => {
  const scenario = loaded(file);
  return isWithoutBytes({ ...scenario, image: { ...scenario.image, payload: "none" } });
});

describe("without the payload's bytes", () => {
  it("are most of the presets", () => expect(presets.length).toBeGreaterThan(files.length / 2));

  it.each(presets)("%s is the same", (file) => expectBytesChangeNothing(loaded(file)));

  it.each(["default.yaml", "flaky-power.yaml", "dying-ont.yaml", "mixed-fleet.yaml"])("%s, of other seeds", (file) => {
    for (const seed of [5, 6]) expectBytesChangeNothing({ ...loaded(file), seed });
  });
});
