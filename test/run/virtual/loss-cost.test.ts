/** What losses cost a download to a full port; more seeds in loss-cost.long.test.ts. */
import { it } from "vitest";
import { expectCheapLosses, LOSS_COSTS } from "./loss-cost.ts";

it("5 % loss costs 128 ONTs less than 1.6 times the time of a download without, and 0.12 copies", () => {
  expectCheapLosses(8, [1], LOSS_COSTS.slice(2));
});
