/** The text at the end of a run, for runs that went well, badly and not to their end. */
import { describe, expect, test } from "vitest";
import { renderSummary } from "../../cli/view/index.ts";
import { ontResult, runResult } from "./view-fixture.ts";

const onts = (count: number, changed: (id: number) => Parameters<typeof ontResult>[1] = () => ({})) =>
  Array.from({ length: count }, (_, at) => ontResult(at + 1, changed(at + 1)));

describe("the summary", () => {
  test("of a run in which all went well", () => {
    const result = runResult(
      onts(128, (id) => (id % 4 === 0 ? { sectionsLost: 20, windowsRepaired: 3, leftGroup: id === 8 } : {})),
    );
    expect(`\n${renderSummary(result, 100, false)}`).toMatchInlineSnapshot(`
      "
      128 ONTs of version 2.1.0: 128 committed

      Image       16.0 MiB (16,777,216 bytes), product code PCST-1, SHA-256
                  cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd
      Copies sent 1.01 of the image (multicast at its best 1, unicast 128)
      Download    12.3 s (single ONTs: half within 12.1 s, 95 % within 12.2 s, 99 % within 12.3 s)
      Activation  4.1 s, first Activate to last Commit
      Whole run   18.4 s, of it 1.3 s to start the ONTs (seed 7)
      Delivered   1.4 Gbit/s to all ONTs together, the image at 10.9 Mbit/s
      Sections    8,634 in 36 windows, of them 96 for repair (1.1 %)
      Loss seen   640 sections at 32 ONTs, 96 windows repaired, 1 ONT left the group
      Downstream  9,000 OMCI frames, 16.4 MiB, with GEM headers 16.4 MiB
      Upstream    5,000 OMCI frames, 234.4 KiB, with GEM headers 258.8 KiB
      "
    `);
  });

  test("names every ONT that is not committed, those with one cause together", () => {
    const result = runResult(
      onts(128, (id) => {
        if (id % 16 === 0) return { outcome: "rolledBack", cause: "the new image failed to boot 3 times (watchdog)" };
        if (id > 40 && id < 46) return { outcome: "failed", cause: "image refused: untrusted-signature" };
        if (id === 77) return { outcome: "failed", cause: "", downloadSeconds: null };
        if (id === 3) return { outcome: "skipped", cause: "runs hardware HW9, the image is for HW1" };
        return {};
      }),
    );
    const summary = renderSummary(result, 80, false);
    expect(summary.split("\n")[0]).toBe("128 ONTs of version 2.1.0: 113 committed, 1 skipped, 8 rolled back, 6 failed");
    expect(`\n${summary.slice(summary.indexOf("Not committed"))}`).toMatchInlineSnapshot(`
      "
      Not committed
        rolled back: the new image failed to boot 3 times (watchdog): 8 ONTs (#16,
          #32, #48, #64, #80, #96, #112, #128)
        failed: image refused: untrusted-signature: 5 ONTs (#41-#45)
        skipped: runs hardware HW9, the image is for HW1: #3 PCST00000003
        failed: no cause given: #77 PCST0000004D
      "
    `);
  });

  test("of scattered ONTs shows some and counts the rest", () => {
    const result = runResult(onts(128, (id) => (id % 2 === 0 ? { outcome: "failed", cause: "silent" } : {})));
    expect(renderSummary(result, 200, false)).toContain(
      "64 ONTs (#2, #4, #6, #8, #10, #12, #14, #16, #18, #20, #22, #24 and 52 more)",
    );
  });

  test("of many causes ends in a count", () => {
    const summary = renderSummary(
      runResult(onts(60, (id) => ({ outcome: "failed", cause: `cause ${id}` }))),
      100,
      false,
    );
    expect(summary).toContain(
      "  failed: cause 24: #24 PCST00000018\n  and 36 ONTs with 36 other causes: see result.json\n",
    );
  });

  test("of ONTs that end as the scenario asks lists none of them", () => {
    const summary = renderSummary(runResult(onts(4, () => ({ outcome: "stored" }))), 100, false);
    expect(summary).toMatch(/^4 ONTs of version 2\.1\.0: 4 stored\n/);
    expect(summary).not.toContain("Not committed");
  });

  test("of a run that ended early leaves out what is not known", () => {
    const result = runResult(
      onts(2, () => ({ outcome: "failed", cause: "interrupted", downloadSeconds: null })),
      {
        timing: {
          spawnSeconds: 0,
          downloadSeconds: null,
          activateSeconds: null,
          totalSeconds: 3.2,
          p50Seconds: null,
          p95Seconds: null,
          p99Seconds: null,
        },
        goodput: { imageBitsPerSecond: null, deliveredBitsPerSecond: null },
        clock: "virtual",
      },
    );
    const summary = renderSummary(result, 100, false);
    expect(summary).toMatch(/Download +not finished\n/);
    expect(summary).toMatch(/Whole run +3\.2 s of virtual time \(seed 7\)\n/);
    expect(summary).not.toMatch(/Activation|Delivered|NaN|null|undefined/);
  });

  test("keeps to the width it is given", () => {
    const result = runResult(
      onts(128, (id) =>
        id % 3 === 0 ? { outcome: "failed", cause: `a cause that takes some words to tell, number ${id % 9}` } : {},
      ),
    );
    const lines = renderSummary(result, 40, false).split("\n");
    // The SHA-256 is one word: it is cut where the line ends.
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(40);
  });

  test("colours outcomes only when asked to", () => {
    const result = runResult(onts(2, (id) => (id === 1 ? { outcome: "failed", cause: "silent" } : {})));
    expect(renderSummary(result, 80, true)).toContain("\u001b[1m\u001b[32m1 committed\u001b[39m\u001b[22m");
    expect(renderSummary(result, 80, false)).not.toContain("\u001b");
  });
});
