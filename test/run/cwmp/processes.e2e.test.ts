/** A run over TR-069 in real processes: TLS with staples, an ACS and ONTs that are killed, and what is left of it. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { AcsEvent } from "../../../headend/acs/index.ts";
import { EventLog } from "../../../headend/log/index.ts";
import { expectAllCommitted, journalOf, leaveNothingBehind, run } from "../../e2e/harness.ts";

leaveNothingBehind();

const BLOCK_BYTES = 512 * 1024;

it("kill -9 of the ACS and of a process with four ONTs: all committed, a block twice at most, each told once", async () => {
  const outcome = await run(
    {
      road: "cwmp",
      onts: 8,
      ontsPerProcess: 4,
      image: { bytes: 1_500_000 },
      acs: { informSeconds: 5, downloadBytesPerSecond: 500_000 },
      faults: [
        { action: "killOlt", whenPhase: "downloading", onts: [0], offSeconds: 0.5 },
        { action: "powerCycle", whenPhase: "stored", onts: [5], offSeconds: 0.5 },
      ],
    },
    { keepState: true },
  );
  expectAllCommitted(outcome);
  const { groups, image, host } = outcome.result;
  expect(groups).toMatchObject([{ road: "cwmp", payload: "image", onts: 8 }]);
  // One cut of all, and one of four of them.
  expect(groups[0].copies * image.bytes - 8 * image.bytes).toBeLessThanOrEqual((8 + 4) * BLOCK_BYTES);
  expect([host!.oltProcessRestarts, host!.ontProcessRestarts]).toEqual([1, 1]);
  expect((await journalOf(outcome)).filter(({ event }) => event.type === "powerCut")).toHaveLength(4);
  const state = join(outcome.folder, "state", "acs");
  expect(existsSync(state)).toBe(true);
  const { kept } = await EventLog.open<AcsEvent, object>(state, () => ({}));
  const events = [...kept.events];
  const ended = events.filter(({ type }) => type === "ended");
  // One update for each device, asked once and ended once, and well.
  expect(ended.map((event) => event.type === "ended" && event.as)).toEqual(Array.from({ length: 8 }, () => "success"));
  expect(new Set(ended.map((event) => event.type === "ended" && event.device)).size).toBe(8);
  expect(events.filter(({ type }) => type === "taken")).toHaveLength(8);
});
