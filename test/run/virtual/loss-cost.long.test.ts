/** What losses cost a download to a full port, with five seeds each. */
import { it } from "vitest";
import { expectCheapLosses } from "./loss-cost.ts";

it.each([8, 16])("%i MiB: 1 % loss costs less than 1.3 times the time, 5 % less than 1.6", (mebibytes) => {
  expectCheapLosses(mebibytes, [1, 2, 3, 4, 5]);
});
