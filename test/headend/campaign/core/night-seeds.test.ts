/** Nights drawn from seeds, a few; 10,000 of them in the long loop. */
import { expect, it } from "vitest";
import { runNight } from "./night-seeds.ts";

it("nothing is installed outside the windows of 100 nights", () => {
  let begun = 0;
  for (let seed = 0; seed < 100; seed++) begun += runNight(seed);
  expect(begun).toBeGreaterThan(100);
});
