/** Real processes that take deltas: two bases, and the power of one ONT is cut while it makes the image. */
import { describe, expect, it } from "vitest";
import { expectAllCommitted, journalOf, leaveNothingBehind, run } from "./harness.ts";

leaveNothingBehind();

describe("deltas to real processes", () => {
  it("of two bases, one ONT killed while it rebuilds: all come to run the image, bit for bit", async () => {
    const outcome = await run({
      onts: 6,
      image: { bytes: 8 * 1024 * 1024, deltas: [{ base: "PONCAST-1.0.0" }, { base: "PONCAST-1.1.0" }] },
      fleet: [{ version: "PONCAST-1.0.0", count: 3 }, { version: "PONCAST-1.1.0" }],
      olt: { failureThreshold: 1 },
      faults: [{ action: "powerCycle", whenPhase: "ending", onts: [1], offSeconds: 0.05 }],
    });
    // The hash of what each slot holds, read back from its files, is that of the image.
    expectAllCommitted(outcome);
    const { result } = outcome;
    expect(result.plan?.payloads.map(({ name, onts }) => [name, onts])).toEqual([
      ["delta PONCAST-1.0.0", 3],
      ["delta PONCAST-1.1.0", 3],
    ]);
    expect(result.ontResults.map(({ payload }) => payload)).toEqual([
      ...Array.from({ length: 3 }, () => "delta PONCAST-1.0.0"),
      ...Array.from({ length: 3 }, () => "delta PONCAST-1.1.0"),
    ]);
    expect(result.downstream.imageCopies).toBeLessThan(0.25);
    expect(result.host!.ontProcessRestarts).toBe(1);
    // It had been told End, and had not stored the image: it was making it.
    const story = (await journalOf(outcome)).flatMap((record) => {
      if (record.from === "run" && record.event.type === "powerCut") return ["cut"];
      if (record.from === "olt" && record.ont === 1 && record.event.type === "phase") return [record.event.phase];
      return record.from === "ont" && record.ont === 1 && record.event.type === "imageStored" ? ["imageStored"] : [];
    });
    const cut = story.indexOf("cut");
    expect(story.slice(0, cut)).toContain("ending");
    expect(story.slice(0, cut)).not.toContain("imageStored");
    expect(story.slice(cut)).toContain("imageStored");
  });
});
