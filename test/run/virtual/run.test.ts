/**
 * Runs in virtual time: reproducible to the byte, complete in what they leave, and hit by every impairment that they
 * are given.
 */
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { RunView } from "../../../run/types.ts";
import { parseScenario } from "../../../scenarios/schema/load.ts";
import { runVirtual, simulate } from "../../../run/virtual/index.ts";
import { removeFolder } from "../../support/folder.ts";

const root = mkdtempSync(join(tmpdir(), "poncast-virtual-"));
afterAll(() => removeFolder(root));

const small = (more: string): string => `
name: small
onts: 12
image: { bytes: 300000 }
${more}`;

/** Every kind of impairment at once. */
const everything = small(`
impairments:
  - { kind: loss, chance: 0.01 }
  - { kind: burstLoss, goodToBad: 0.001, badToGood: 0.2 }
  - { kind: feederLoss, chance: 0.002 }
  - { kind: corruption, chance: 0.003 }
  - { kind: duplication, chance: 0.01 }
  - { kind: reordering, chance: 0.01, delayMs: 2 }
  - { kind: latency, distribution: normal, meanMs: 1, jitterMs: 0.3 }
  - { kind: blackout, atSeconds: 0.9, forSeconds: 0.05 }
  - { kind: rateLimit, bytesPerSecond: 20000000 }
  - { kind: slowReceiver, framesPerSecond: 20000, queueFrames: 400 }
fleet:
  - { count: 2, maxWindowSections: 32 }
  - { count: 2, recoveryAware: false }
  - { count: 2, parityAware: false }
  - {}
`);

async function recorded(text: string, name: string): Promise<{ result: unknown; journal: Buffer }> {
  const out = join(root, name);
  const { exitCode } = await runVirtual(parseScenario(text, "small.yaml"), { out });
  expect(exitCode).toBe(0);
  const { host, ...result } = JSON.parse(readFileSync(join(out, "result.json"), "utf8")) as Record<string, unknown>;
  expect(host).toBeDefined();
  return { result, journal: readFileSync(join(out, "journal.binpb")) };
}

describe("a run in virtual time", () => {
  it.each([
    ["without loss", small("")],
    ["with every impairment", everything],
    ["in unicast", small("olt: { mode: unicast }\nimpairments: [{ kind: loss, chance: 0.02 }]")],
  ])("%s: the same to the byte, from the same scenario and seed", async (name, text) => {
    const first = await recorded(text, `${name}-1`);
    const second = await recorded(text, `${name}-2`);
    expect(second.result).toEqual(first.result);
    expect(second.journal.equals(first.journal)).toBe(true);
  });

  it("leaves the folder that a run in processes leaves", async () => {
    const out = join(root, "folder");
    const views: RunView["phase"][] = [];
    const outcome = await runVirtual(parseScenario(small(""), "small.yaml"), {
      out,
      onView: ({ phase }) => views.push(phase),
    });
    expect(readdirSync(out).sort()).toEqual(["journal.binpb", "result.json", "scenario.yaml"]);
    expect(outcome).toMatchObject({ endReason: "finished", exitCode: 0, reasons: [], folder: out });
    expect(outcome.result.clock).toBe("virtual");
    expect(outcome.result.downstream.imageCopies).toBe(1);
    expect(views.at(-1)).toBe("ended");
    await expect(runVirtual(parseScenario(small(""), "small.yaml"), { out })).rejects.toThrow("--overwrite");
  });

  it("another seed is another run", () => {
    const of = (seed: number): number[] =>
      simulate(parseScenario(`${everything}\nseed: ${seed}`, "small.yaml")).result.ontResults.map(
        (ont) => ont.sectionsLost,
      );
    expect(of(1)).not.toEqual(of(2));
  });

  it("ends with what there is when it is interrupted", async () => {
    const interrupt = new AbortController();
    interrupt.abort();
    const outcome = await runVirtual(parseScenario(small(""), "small.yaml"), {
      out: join(root, "interrupted"),
      signal: interrupt.signal,
    });
    expect(outcome).toMatchObject({ endReason: "interrupted", exitCode: 1 });
    expect(outcome.result.onts.failed).toBe(12);
  });
});

describe("each impairment acts in virtual time", () => {
  const run = (impairment: string): ReturnType<typeof simulate>["result"] => {
    const { result, reasons } = simulate(parseScenario(small(`impairments: [${impairment}]`), "small.yaml"));
    expect(reasons).toEqual([]);
    return result;
  };
  const clean = run("");

  it.each([
    ["{ kind: loss, chance: 0.03 }"],
    ["{ kind: burstLoss, goodToBad: 0.01, badToGood: 0.2 }"],
    ["{ kind: feederLoss, chance: 0.1 }"],
    ["{ kind: corruption, chance: 0.03 }"],
    ["{ kind: slowReceiver, framesPerSecond: 3000, queueFrames: 20 }"],
    ["{ kind: rateLimit, bytesPerSecond: 2000000, burstBytes: 20000, queueBytes: 20000 }"],
  ])("%s loses sections", (impairment) => {
    expect(clean.downstream.repairSections).toBe(0);
    expect(run(impairment).downstream.repairSections).toBeGreaterThan(2);
  });

  it("the feeder's losses are the same for all ONTs", () => {
    const of = run("{ kind: feederLoss, chance: 0.03 }").ontResults.map((ont) => ont.sectionsLost);
    expect(new Set(of).size).toBe(1);
  });

  it.each([
    ["{ kind: latency, meanMs: 30 }", 0.06],
    ["{ kind: blackout, atSeconds: 0.55, forSeconds: 1 }", 0.5],
    ["{ kind: rateLimit, bytesPerSecond: 500000, queueBytes: 1000000 }", 0.3],
  ])("%s takes time", (impairment, leastSeconds) => {
    expect(run(impairment).timing.downloadSeconds!).toBeGreaterThan(clean.timing.downloadSeconds! + leastSeconds);
  });

  it("reordering changes when frames come, and is no loss", () => {
    const result = run("{ kind: reordering, chance: 0.2, delayMs: 1 }");
    expect(result.onts.committed).toBe(12);
    expect(result.timing.downloadSeconds).not.toBe(clean.timing.downloadSeconds);
  });

  it("duplication brings answers twice", () => {
    const answers = (impairment: string): number => {
      let frames = 0;
      const observers = [{ upstream: () => void frames++ }];
      simulate(parseScenario(small(`impairments: [${impairment}]`), "small.yaml"), { observers });
      return frames;
    };
    expect(answers("{ kind: duplication, chance: 0.3 }")).toBeGreaterThan(1.1 * answers(""));
  });
});
