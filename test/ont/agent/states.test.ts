/** The way of an update from its poll to Commit, and what leaves it: pauses, windows, cancels, falls back. */
import { expect, it } from "vitest";
import { AgentBench } from "./bench.ts";

it("goes from the poll to Commit, and tells success only then", () => {
  const bench = new AgentBench();
  let toldAtCommit = "";
  bench.store.onCommit = () => (toldAtCommit = bench.told);
  expect(bench.until(() => bench.told === "closed/success")).toBe(true);
  expect(bench.states).toEqual([
    "checking",
    "downloading",
    "verifying",
    "waiting",
    "applying",
    "rebooting",
    "confirming",
    "committed",
  ]);
  expect(toldAtCommit).toBe("downloaded/none");
  expect(bench.bulkBytes).toBe(bench.image.length);
});
