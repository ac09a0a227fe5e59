/** Many processes are started at once: whoever waits for the event loop has its turn between two of them. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Effect } from "effect";
import { expect, it } from "vitest";
import { startChild } from "../../../run/processes/child.ts";

const STDERR = 2;

it("starts one process in a turn", async () => {
  const folder = mkdtempSync(join(tmpdir(), "poncast-child-"));
  const entry = join(folder, "child.mjs");
  writeFileSync(entry, 'process.on("message", () => process.exit());');
  let turns = 0;
  let isOver = false;
  const turn = (): void => {
    turns++;
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  const one = Effect.map(startChild({ name: "child", entry, log: STDERR, onMessage: () => undefined }), () => turns);
  const started = await Effect.runPromise(
    Effect.scoped(Effect.forEach([1, 2, 3, 4], () => one, { concurrency: "unbounded" })),
  );
  isOver = true;
  rmSync(folder, { recursive: true });
  expect(new Set(started).size).toBe(4);
});
