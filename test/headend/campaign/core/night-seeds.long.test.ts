/** Nights drawn from seeds, 10,000 of them. */
import { expect, it } from "vitest";
import { runNight } from "./night-seeds.ts";

const EACH = 500;
const FIRSTS = Array.from({ length: 20 }, (_, part) => part * EACH);

it.each(FIRSTS)("nothing is installed outside the windows of 500 nights, from %d on", (first) => {
  let begun = 0;
  for (let seed = first; seed < first + EACH; seed++) begun += runNight(seed);
  expect(begun).toBeGreaterThan(EACH);
});
