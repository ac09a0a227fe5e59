/** Presets in virtual time that take no time: one that ends well, one of many kinds of ONTs, one with power cuts, one that is stopped. */
import { it } from "vitest";
import { expectEndsAsItSays } from "./preset-ends.ts";

it.each(["bad-firmware.yaml", "flaky-power.yaml", "lossless-lab.yaml", "mixed-fleet.yaml"])(
  "%s ends as it says",
  expectEndsAsItSays,
);
