/** 100,000 changed deltas, or as many as DELTA_FUZZ says. */
import { expect, test } from "vitest";
import { applyChanged, rebuildChanged } from "./changed.ts";

const count = Number(process.env.DELTA_FUZZ ?? 100_000);

test("changed deltas are refused, or give the target all the same", async () => {
  expect(await applyChanged(count / 2, 21)).toBeGreaterThan(0.4 * count);
  expect(await rebuildChanged(count / 2, 22)).toBeGreaterThan(0.4 * count);
});
