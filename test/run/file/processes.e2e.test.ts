/** A run by file in real processes: update.zip comes to one ONT after another, one of them loses its power meanwhile. */
import { expect, it } from "vitest";
import { expectAllCommitted, journalOf, leaveNothingBehind, run } from "../../e2e/harness.ts";

leaveNothingBehind();

it("all are committed, each of what it reads itself; a process with two ONTs is killed at any state", async () => {
  const outcome = await run({
    road: "file",
    onts: 4,
    ontsPerProcess: 2,
    image: { bytes: 1_000_000, deltas: [{ base: "PONCAST-1.0.0", changed: 0.05 }] },
    fleet: [{ count: 3 }, { version: "PONCAST-0.9.0" }],
    updateZip: { everySeconds: 1 },
    faults: [{ action: "powerCycle", whenPhase: "stored", onts: [1], offSeconds: 0.5 }],
  });
  expectAllCommitted(outcome);
  const { groups, downstream, host } = outcome.result;
  expect(groups).toMatchObject([
    { road: "file", payload: "image", onts: 1 },
    { road: "file", payload: "delta PONCAST-1.0.0", onts: 3 },
  ]);
  expect([downstream.gemBytes, downstream.imageCopies, host!.ontProcessRestarts]).toEqual([0, 0, 1]);
  const journal = await journalOf(outcome);
  const visits = journal.flatMap(({ timeNs, event }) =>
    event.type === "note" && event.text.includes("update.zip") ? [timeNs] : [],
  );
  expect(visits).toHaveLength(4);
  expect(visits[3] - visits[0]).toBeGreaterThan(2.8e9);
});
