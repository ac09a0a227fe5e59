/** Real processes, killed: ONTs at any phase come back and commit, and a new OLT takes over from a killed one. */
import { describe, expect, it } from "vitest";
import { createStream } from "../../pon/index.ts";
import { childrenOf } from "../support/children.ts";
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
  // One seed: processes never meet twice in the same moments, so that another one would add none.
  it("at moments that a seed draws: every ONT comes back and is committed", async () => {
    const outcome = await run({
      onts: 8,
      image: { bytes: 512 * 1024 },
      olt: { windowSections: 32, rateBytesPerSecond: 1_500_000, restartsMax: 20, failureThreshold: 1, runSeconds: 300 },
      impairments: [{ kind: "loss", chance: 0.01 }],
      faults: seededFaults(1, 8),
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

  it("each ONT of a run in another phase: it comes back and is committed", async () => {
    const outcome = await run({
      onts: phases.length,
      olt: { windowSections: 32, rateBytesPerSecond: 1_500_000, restartsMax: 20, failureThreshold: 1 },
      faults: phases.map((whenPhase, ont) => ({ action: "powerCycle", whenPhase, onts: [ont], offSeconds: 0.05 })),
    });
    expectAllCommitted(outcome);
    const journal = await journalOf(outcome);
    const cut = journal.flatMap((record) => (record.event.type === "powerCut" ? [record.event.ont] : []));
    expect(cut.toSorted((a, b) => a - b)).toEqual(phases.map((_, ont) => ont));
  });
});

describe("kill -9 of the OLT", () => {
  it("in one phase after the other: each time a new OLT goes on, and the last one finishes", async () => {
    const killed = ["downloading", "ending", "rebooting", "soaking"];
    const outcome = await run({
      onts: 4,
      image: { bytes: 512 * 1024 },
      olt: { windowSections: 32, rateBytesPerSecond: 1_500_000 },
      faults: killed.map((whenPhase) => ({ action: "killOlt", whenPhase, offSeconds: 0.2 })),
    });
    expectAllCommitted(outcome);
    expect(outcome.result.host!.oltProcessRestarts).toBe(killed.length);
  });

  it("in unicast mode, at half of the image: the next one goes on where each ONT is", async () => {
    const [onts, bytes, sectionBytes] = [4, 512 * 1024, 1965];
    let killed = 0;
    const outcome = await run(
      {
        onts,
        image: { bytes },
        olt: { mode: "unicast", windowSections: 16, sectionBytes, rateBytesPerSecond: 1_000_000 },
      },
      {
        onView: ({ olt }) => {
          if (killed !== 0 || (olt?.bytesDone ?? 0) < bytes / 2) return;
          killed = childrenOf(process.pid, "olt")[0]!;
          process.kill(killed, "SIGKILL");
        },
      },
    );
    expectAllCommitted(outcome);
    expect(outcome.result.host!.oltProcessRestarts).toBe(1);
    // What the killed one had sent last it never told: the ONTs did.
    const windows = (await journalOf(outcome)).flatMap(({ event }) =>
      event.type === "windowAccepted" ? [event.sections] : [],
    );
    const copies = (windows.reduce((sum, sections) => sum + sections, 0) * sectionBytes) / outcome.result.image.bytes;
    expect(copies / onts).toBeGreaterThan(0.9);
    expect(copies / onts).toBeLessThan(1.05);
  });
});
