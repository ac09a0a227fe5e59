/** Nights drawn from seeds. */
import { expect, it } from "vitest";
import { runNight } from "./night-seeds.ts";

it("nothing is installed outside the windows of 10,000 nights", () => {
  let begun = 0;
  for (let seed = 0; seed < 10_000; seed++) begun += runNight(seed);
  expect(begun).toBeGreaterThan(10_000);
});
