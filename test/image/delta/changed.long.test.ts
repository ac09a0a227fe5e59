/** 100,000 changed deltas: minutes. Runs where DELTA_FUZZ says how many. */
import { expect, test } from "vitest";
import { applyChanged, rebuildChanged } from "./changed.ts";

const count = Number(process.env.DELTA_FUZZ ?? 0);

test.runIf(count > 0)("changed deltas are refused, or give the target all the same", async () => {
  expect(await applyChanged(count / 2, 21)).toBeGreaterThan(0.4 * count);
  expect(await rebuildChanged(count / 2, 22)).toBeGreaterThan(0.4 * count);
});
