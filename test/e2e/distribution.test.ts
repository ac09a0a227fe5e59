/** Real processes: the image reaches every ONT in every mode and recovery, over good fibres and bad ones. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { systemCalls } from "../../pon/datagrams/system-calls.ts";
import { expectAllCommitted, journalOf, leaveNothingBehind, run } from "./harness.ts";

leaveNothingBehind();
const hasCalls = typeof (await systemCalls()) !== "string";

describe("an image reaches every ONT process", () => {
  it("multicast, once, to ONTs that run from either slot", async () => {
    const outcome = await run({ onts: 8 });
    expectAllCommitted(outcome);
    const { result, folder, endReason } = outcome;
    expect(endReason).toBe("finished");
    expect(result.downstream.imageCopies).toBe(1);
    expect(result.downstream.repairSections).toBe(0);
    expect(result.ontResults.map((ont) => ont.activeInstance)).toEqual([1, 0, 1, 0, 1, 0, 1, 0]);
    expect(result.ontResults.every((ont) => ont.bootAttempts === 1 && !ont.leftGroup)).toBe(true);
    expect(result.clock).toBe("wall");
    expect(JSON.parse(readFileSync(join(folder, "result.json"), "utf8"))).toEqual(JSON.parse(JSON.stringify(result)));
    const memory = result.host!.memory!;
    expect(memory.ontProcesses).toBe(8);
    expect(memory.ontBytesMax).toBeLessThan(30e6);
    const journal = await journalOf(outcome);
    const stored = journal.filter((record) => record.from === "ont" && record.event.type === "imageStored");
    expect(new Set(stored.map((record) => (record.from === "ont" ? record.ont : -1))).size).toBe(8);
    expect(journal.at(-1)?.event).toEqual({ type: "ended", outcome: "finished", exitCode: 0 });
  });

  it("unicast, once for each", async () => {
    const outcome = await run({ onts: 5, olt: { mode: "unicast", concurrency: 3 } });
    expectAllCommitted(outcome);
    expect(outcome.result.downstream.imageCopies).toBe(5);
  });

  it.each(["window", "selective", "unicast", "parity"])("repaired by %s at 5 per cent loss", async (recovery) => {
    const outcome = await run({
      onts: 6,
      ontsPerProcess: 3,
      olt: { recovery, windowSections: 32, patience: 20 },
      impairments: [{ kind: "loss", chance: 0.05 }],
    });
    expectAllCommitted(outcome);
    expect(outcome.result.downstream.repairSections).toBeGreaterThan(0);
  });

  it("over fibres with everything that can be wrong with them", async () => {
    const outcome = await run({
      onts: 4,
      ontsPerProcess: 2,
      impairments: [
        { kind: "burstLoss", goodToBad: 0.002, badToGood: 0.3 },
        { kind: "feederLoss", chance: 0.005 },
        { kind: "corruption", chance: 0.005 },
        { kind: "duplication", chance: 0.02 },
        { kind: "reordering", chance: 0.02, delayMs: 3 },
        { kind: "latency", distribution: "uniform", meanMs: 3, jitterMs: 1 },
        { kind: "rateLimit", bytesPerSecond: 20_000_000 },
      ],
    });
    expectAllCommitted(outcome);
    expect(outcome.result.downstream.repairSections).toBeGreaterThan(0);
  });

  it("in the baseline message set, sealed with a key for each ONT", async () => {
    const outcome = await run({
      onts: 4,
      ontsPerProcess: 2,
      image: { bytes: 64 * 1024 },
      olt: { messageSet: "baseline", windowSections: 256 },
      pon: { trailer: "mic" },
    });
    expectAllCommitted(outcome);
    expect(outcome.result.downstream.imageCopies).toBe(1);
  });

  it("in bare frames, one in a datagram", async () => {
    const outcome = await run({
      onts: 4,
      ontsPerProcess: 2,
      image: { bytes: 128 * 1024 },
      pon: { encapsulation: "plain" },
      olt: { windowSections: 32 },
    });
    expectAllCommitted(outcome);
  });

  it.runIf(hasCalls)("many datagrams at a time, by one call of the system", async () => {
    vi.stubEnv("PONCAST_UDP", "mmsg");
    try {
      const outcome = await run({
        onts: 4,
        image: { bytes: 512 * 1024 },
        impairments: [{ kind: "loss", chance: 0.01 }],
      });
      expectAllCommitted(outcome);
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it("in small datagrams, as the environment says", async () => {
    vi.stubEnv("PONCAST_DATAGRAM_BYTES", "1472");
    try {
      const outcome = await run({
        onts: 4,
        image: { bytes: 512 * 1024 },
        olt: { sectionBytes: 1400 },
        impairments: [{ kind: "loss", chance: 0.01 }],
      });
      expectAllCommitted(outcome);
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it("several ONTs in a process", async () => {
    const outcome = await run({ onts: 16, ontsPerProcess: 4, impairments: [{ kind: "loss", chance: 0.01 }] });
    expectAllCommitted(outcome);
    expect(outcome.result.host!.memory!.ontProcesses).toBe(4);
    expect(outcome.result.ontResults.reduce((sum, ont) => sum + ont.sectionsLost, 0)).toBeGreaterThan(0);
  });

  it("to one that joins late, alone", async () => {
    const outcome = await run({
      onts: 4,
      image: { bytes: 1024 * 1024 },
      // Late enough that the others have begun, on any machine.
      fleet: [{ count: 3 }, { count: 1, joinAtSeconds: 8 }],
      olt: { rateBytesPerSecond: 120_000 },
    });
    expectAllCommitted(outcome);
    const [, , , late] = outcome.result.ontResults;
    // What it has missed is sent for it alone: nearly all of the image, and more than half where the others began late.
    expect(outcome.result.downstream.imageCopies).toBeGreaterThan(1.5);
    expect(late.downloadSeconds).toBeGreaterThan(0);
  });
});

describe("two runs at the same time", () => {
  it("do not hear each other", async () => {
    const fleet = { onts: 6, ontsPerProcess: 3 };
    // Nothing is sent twice for being late.
    const patient = { answerTimeoutMinMs: 20_000, answerTimeoutMs: 20_000 };
    const both = await Promise.all([
      run({ ...fleet, seed: 1 }),
      run({ ...fleet, seed: 2, olt: { mode: "unicast", ...patient } }),
    ]);
    for (const outcome of both) expectAllCommitted(outcome);
    expect(both[0].result.image.sha256).not.toBe(both[1].result.image.sha256);
    expect(both[0].result.downstream.imageCopies).toBe(1);
    expect(both[1].result.downstream.imageCopies).toBe(6);
  });
});
