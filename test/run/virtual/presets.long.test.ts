/** Every preset in virtual time, whole: it ends as it says. Some of them are in presets.test.ts. */
import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { expectEndsAsItSays } from "./preset-ends.ts";

describe("the presets", () => {
  const presets = readdirSync("scenarios").filter((file) => file.endsWith(".yaml"));

  it("are at least ten", () => expect(presets.length).toBeGreaterThanOrEqual(10));

  it.each(presets)("%s ends as it says", expectEndsAsItSays);
});
