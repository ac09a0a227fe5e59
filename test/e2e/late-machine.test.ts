/** A machine that has no time for the processes of a run: what is late is not silent. Processes are stopped, not timed. */
import { describe, expect, it } from "vitest";
import type { RunView } from "../../run/types.ts";
import { childrenOf } from "../support/children.ts";
import { expectAllCommitted, leaveNothingBehind, run } from "./harness.ts";

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
    let isStopped = false;
    // As soon as it is there: a view comes a few times a second, and by then it may have told that it is up.
    const looking = setInterval(() => {
      const [first] = childrenOf(process.pid, "ont");
      if (isStopped || first === undefined) return;
      isStopped = true;
      clearInterval(looking);
      stopFor(first, 7000);
    }, 5);
    const outcome = await run(
      // Long enough for a busy machine to range those that are up; the one that stands still takes longer.
      // It boots for so long that it stands still before it was ever ranged.
      { onts: 6, ont: { bootMs: 3000 }, olt: { rangingPatienceMs: 4000 } },
    ).finally(() => clearInterval(looking));
    expectAllCommitted(outcome);
    expect(isStopped).toBe(true);
    expect(outcome.result.downstream.imageCopies).toBeLessThan(1.2);
  });
});
