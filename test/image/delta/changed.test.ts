/** Some hundred changed deltas; changed.long.test.ts has 100,000. */
import { expect, test } from "vitest";
import { applyChanged, rebuildChanged } from "./changed.ts";

test("changed deltas are refused, or give the target all the same", async () => {
  expect(await applyChanged(300, 11)).toBeGreaterThan(250);
  expect(await rebuildChanged(300, 12)).toBeGreaterThan(250);
});
