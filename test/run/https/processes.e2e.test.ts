/** A run over HTTPS in real processes: TLS with staples, a depot and ONTs that are killed, and what is left of it. */
import { expect, it } from "vitest";
import { expectAllCommitted, journalOf, leaveNothingBehind, run } from "../../e2e/harness.ts";

leaveNothingBehind();

const BLOCK_BYTES = 512 * 1024;

it("kill -9 of the depot and of a process with four ONTs: all committed, a block twice at most", async () => {
  const outcome = await run({
    road: "https",
    onts: 8,
    ontsPerProcess: 4,
    image: { bytes: 1_500_000 },
    depot: { pollSeconds: 1, downloadBytesPerSecond: 500_000 },
    faults: [
      { action: "killOlt", atSeconds: 1, offSeconds: 0.5 },
      { action: "powerCycle", whenPhase: "stored", onts: [5], offSeconds: 0.5 },
    ],
  });
  expectAllCommitted(outcome);
  const { groups, image, downstream, host } = outcome.result;
  expect(groups).toMatchObject([{ road: "https", payload: "image", onts: 8 }]);
  const receivedBytes = groups[0].copies * image.bytes;
  // One cut of all, and one of four of them.
  expect(receivedBytes - 8 * image.bytes).toBeLessThanOrEqual((8 + 4) * BLOCK_BYTES);
  // The depot that was killed has not told of what it sent last: what came counts all the same.
  expect(downstream.gemBytes).toBeGreaterThan(7.5 * image.bytes);
  expect(downstream.gemBytes).toBeGreaterThanOrEqual(receivedBytes - 1);
  expect([host!.oltProcessRestarts, host!.ontProcessRestarts]).toEqual([1, 1]);
  const journal = await journalOf(outcome);
  expect(journal.filter(({ event }) => event.type === "powerCut")).toHaveLength(4);
});

it("a delta is what is fetched where an ONT can use it", async () => {
  const outcome = await run({
    road: "https",
    onts: 2,
    ontsPerProcess: 2,
    image: { bytes: 400_000, deltas: [{ base: "PONCAST-1.0.0", changed: 0.05 }] },
    depot: { pollSeconds: 1 },
  });
  expectAllCommitted(outcome);
  expect(outcome.result.groups).toMatchObject([{ payload: "delta PONCAST-1.0.0", onts: 2 }]);
  expect(outcome.result.downstream.imageCopies).toBeLessThan(0.5);
});
