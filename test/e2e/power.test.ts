/** Real processes, killed: ONTs at any phase come back and commit, and a new OLT takes over from a killed one. */
import { describe, expect, it } from "vitest";
import { createStream } from "../../pon/index.ts";
import { expectAllCommitted, journalOf, leaveNothingBehind, run } from "./harness.ts";

leaveNothingBehind();

const phases = ["starting", "downloading", "ending", "stored", "activating", "rebooting", "soaking", "committing"];

/** Each ONT is cut off two times, at phases and after delays that the seed decides. */
function seededFaults(seed: number, onts: number): object[] {
  const stream = createStream(seed, "faults");
  return Array.from({ length: 2 * onts }, (_, index) => {
    const when =
      stream.nextBelow(3) === 0
        ? { atSeconds: stream.nextFloat() * 1.5 }
        : { whenPhase: phases[stream.nextBelow(phases.length)] };
    return { action: "powerCycle", onts: [index % onts], offSeconds: stream.nextFloat() * 0.3, ...when };
  });
}

describe("kill -9 of ONT processes", () => {
  it.each([1, 2, 3])("at moments of seed %i: every ONT comes back and is committed", async (seed) => {
    const outcome = await run({
      onts: 8,
      seed,
      image: { bytes: 512 * 1024 },
      olt: { windowSections: 32, rateBytesPerSecond: 1_500_000, restartsMax: 20, failureThreshold: 1 },
      impairments: [{ kind: "loss", chance: 0.01 }],
      faults: seededFaults(seed, 8),
    });
    expectAllCommitted(outcome);
    const journal = await journalOf(outcome);
    const cuts = journal.filter((record) => record.event.type === "powerCut");
    expect(cuts.length).toBeGreaterThan(4);
    // The power of one that is cut off behind its Commit may not be back when the run ends: nothing is left to be done.
    const restored = journal.filter((record) => record.event.type === "powerRestored");
    expect(outcome.result.host!.ontProcessRestarts).toBe(restored.length);
    const power = journal.flatMap(({ event }) =>
      event.type === "powerCut" || event.type === "powerRestored" ? [{ ont: event.ont, type: event.type }] : [],
    );
    const left = [...new Map(power.map(({ ont, type }) => [ont, type]))].filter(([, type]) => type === "powerCut");
    expect(cuts.length).toBe(restored.length + left.length);
  });

  it.each(phases)("while %s", async (whenPhase) => {
    const outcome = await run({
      onts: 3,
      olt: { windowSections: 32, rateBytesPerSecond: 1_500_000, restartsMax: 20, failureThreshold: 1 },
      faults: [{ action: "powerCycle", whenPhase, onts: [1], offSeconds: 0.05 }],
    });
    expectAllCommitted(outcome);
    const journal = await journalOf(outcome);
    const cut = journal.flatMap((record) => (record.event.type === "powerCut" ? [record.event.ont] : []));
    expect(cut).toEqual([1]);
  });
});

describe("kill -9 of the OLT", () => {
  it.each(["downloading", "ending", "rebooting", "soaking"])(
    "while an ONT is %s: a new OLT finishes",
    async (whenPhase) => {
      const outcome = await run({
        onts: 4,
        image: { bytes: 512 * 1024 },
        olt: { windowSections: 32, rateBytesPerSecond: 1_500_000 },
        faults: [{ action: "killOlt", whenPhase, offSeconds: 0.2 }],
      });
      expectAllCommitted(outcome);
      expect(outcome.result.host!.oltProcessRestarts).toBe(1);
    },
  );
});
