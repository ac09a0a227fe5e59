/** A machine that has no time for the processes of a run: what is late is not silent. Processes are stopped, not timed. */
import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import type { RunView } from "../../run/types.ts";
import { childrenOf } from "../support/children.ts";
import { expectAllCommitted, leaveNothingBehind, run } from "./harness.ts";
import { removeFolder } from "../support/folder.ts";

leaveNothingBehind();

const downloading = (view: RunView): boolean => view.olt?.phase === "downloading" && view.olt.bytesDone > 0;

/** No processor for a process: for `ms`, and never without end. */
function stopFor(pid: number, ms: number): void {
  process.kill(pid, "SIGSTOP");
  setTimeout(() => process.kill(pid, "SIGCONT"), ms);
}

describe("a late machine", () => {
  it("costs nobody the group when the OLT itself stands still for longer than a lost signal takes", async () => {
    let isStopped = false;
    const slow = { windowSections: 16, rateBytesPerSecond: 250_000 };
    const outcome = await run(
      { onts: 6, image: { bytes: 512 * 1024 }, olt: slow },
      {
        onView: (view) => {
          if (isStopped || !downloading(view)) return;
          isStopped = true;
          stopFor(childrenOf(process.pid, "olt")[0]!, 6000);
        },
      },
    );
    expectAllCommitted(outcome);
    expect(isStopped).toBe(true);
    expect(outcome.result.ontResults.filter(({ leftGroup }) => leftGroup)).toEqual([]);
    expect(outcome.result.downstream.imageCopies).toBeLessThan(1.2);
  });

  it("begins the download once the last ONT is up, however long its process takes", async () => {
    const mark = join(mkdtempSync(join(tmpdir(), "poncast-late-")), "first");
    const late = join(dirname(mark), "late.mjs");
    // Whichever ONT comes first stands still at its very start, before it could say anything; a signal might come when it has.
    writeFileSync(
      late,
      `import { openSync } from "node:fs";
      try {
        if (/\\/ont\\.cjs$/.test(process.argv[1])) {
          openSync(${JSON.stringify(mark)}, "wx");
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 7000);
        }
      } catch {
        // Another was first.
      }`,
    );
    vi.stubEnv("PONCAST_NODE_OPTIONS", `--import=${late}`);
    // Patience that is shorter than the one takes.
    const outcome = await run({ onts: 6, olt: { rangingPatienceMs: 4000 } }).finally(() => vi.unstubAllEnvs());
    expectAllCommitted(outcome);
    expect(existsSync(mark)).toBe(true);
    removeFolder(dirname(mark));
    expect(outcome.result.downstream.imageCopies).toBeLessThan(1.2);
  });
});
