/** Runs over HTTPS in virtual time: the same result as every road leaves. */
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { OltEvent } from "../../../olt/index.ts";
import { JournalReader } from "../../../run/journal/index.ts";
import { prepareImages } from "../../../run/images/index.ts";
import { runVirtual, simulate } from "../../../run/virtual/index.ts";
import { resultIn, totalsIn, worldOf } from "../../../run/virtual/worlds.ts";
import { parseScenario, ScenarioError } from "../../../scenarios/index.ts";
import { removeFolder } from "../../support/folder.ts";

const BYTES = 300_000;
const scenario = (more: object = {}) =>
  parseScenario(JSON.stringify({ road: "https", onts: 8, image: { bytes: BYTES }, ...more }), "https.yaml");

describe("a run over HTTPS in virtual time", () => {
  it("ends with all committed, and sends each its own copy", () => {
    const { result, exitCode } = simulate(scenario());
    expect([exitCode, result.onts.committed, result.verdict.reasons]).toEqual([0, 8, []]);
    expect(result.groups).toMatchObject([{ road: "https", payload: "image", onts: 8, copies: 8 }]);
    expect(result.downstream.imageCopies).toBe(8);
    expect(result.downstream.gemBytes).toBe(8 * result.image.bytes);
    expect(result.ontResults[7]).toMatchObject({ outcome: "committed", sha256: result.image.sha256 });
    expect(result.timing.p50Seconds).toBeGreaterThan(0);
  });

  it("leaves the folder that every run leaves, the same from the same seed", async () => {
    const folder = mkdtempSync(join(tmpdir(), "https-"));
    try {
      const outs = ["one", "two"].map((name) => join(folder, name));
      for (const out of outs) await runVirtual(scenario(), { out });
      const [one, two] = outs.map((out) => readFileSync(join(out, "journal.binpb")));
      expect(one.equals(two)).toBe(true);
      const phases: string[] = [];
      const agent: string[] = [];
      for await (const record of await JournalReader.open(join(outs[0], "journal.binpb"))) {
        if (record.from === "agent" && record.ont === 3)
          agent.push(record.event.type === "state" ? record.event.state : record.event.type);
        if (record.from === "olt" && record.ont === 3 && record.event.type === "phase") phases.push(record.event.phase);
      }
      expect(agent).toEqual(expect.arrayContaining(["checking", "transfer", "verifying", "committed", "reported"]));
      expect(phases.filter((phase) => phase !== "discovering")).toEqual([
        "starting",
        "downloading",
        "ending",
        "stored",
        "activating",
        "rebooting",
        "soaking",
        "committed",
      ]);
    } finally {
      removeFolder(folder);
    }
  });

  it("is the same whoever looks at it, and however often: a view changes nothing", () => {
    const image = { bytes: BYTES, variants: [{ hardware: ["HW-1"] }, { hardware: ["HW-2"] }] };
    const others = { count: 2, hardware: "HW-9", expect: "skipped" };
    const asked = scenario({ image, fleet: [others, {}], depot: { downloadBytesPerSecond: 20_000 } });
    const runLookedAt = (steps: number): { told: unknown[]; most: number; result: unknown } => {
      const told: unknown[] = [];
      const note = (...event: unknown[]): void => void told.push(event.map((each) => JSON.stringify(each)));
      const observers = [
        {
          olt: (nowNs: number, pon: number, ont: { index: number } | undefined, event: OltEvent) =>
            note(nowNs, pon, ont?.index, event),
        },
      ];
      const world = worldOf(asked, prepareImages(asked), { observers });
      let most = 0;
      while (world.run(steps)) {
        const { status } = totalsIn(world);
        most = Math.max(most, ...status!.onts.filter(({ endedNs }) => endedNs < 0).map(({ bytesDone }) => bytesDone));
      }
      return { told, most, result: resultIn(world) };
    };
    const [often, never] = [runLookedAt(1), runLookedAt(Infinity)];
    expect(often.told).toEqual(never.told);
    expect(often.result).toEqual(never.result);
    // What comes in is seen while it does, not once in a pause between polls.
    expect(often.most).toBeGreaterThan(BYTES / 2);
  });

  it("sends deltas to those that run their base", () => {
    const image = { bytes: BYTES, deltas: [{ base: "PONCAST-1.0.0", changed: 0.02 }] };
    const { result, exitCode } = simulate(scenario({ image, fleet: [{ count: 6 }, { version: "PONCAST-0.9.0" }] }));
    expect([exitCode, result.onts.committed]).toEqual([0, 8]);
    expect(result.groups.map(({ payload, onts }) => [payload, onts])).toEqual([
      ["image", 2],
      ["delta PONCAST-1.0.0", 6],
    ]);
    // Nobody begins a file twice, whatever the depot learns of it meanwhile.
    const delta = result.plan?.payloads.find(({ kind }) => kind === "delta")?.bytes ?? 0;
    expect(result.downstream.gemBytes).toBe(2 * result.image.bytes + 6 * delta);
  });

  it("an image that hangs is rolled back; one that nobody trusts is not fetched", () => {
    const hangs = simulate(scenario({ ont: { boot: { kind: "hangs" } } }));
    expect([hangs.exitCode, hangs.result.onts.rolledBack]).toEqual([0, 8]);
    const strange = simulate(scenario({ image: { bytes: BYTES, fault: "wrongKey" }, fleet: [{ expect: "failed" }] }));
    expect(strange.exitCode).toBe(0);
    expect(strange.result.downstream.gemBytes).toBeLessThan(8 * 20_000);
  });

  it("says of whom the depot has nothing for that they are left out", () => {
    const image = { bytes: BYTES, variants: [{ hardware: ["HW-1"] }, { hardware: ["HW-2"] }] };
    const others = [
      { count: 2, hardware: "HW-9" },
      { count: 1, productCode: "OTHER" },
    ].map((group) => ({ ...group, expect: "skipped" }));
    const { result, exitCode, reasons } = simulate(scenario({ image, fleet: [...others, {}] }));
    expect([exitCode, reasons, result.onts.committed]).toEqual([0, [], 5]);
    expect(result.ontResults[0].cause).toBe("the depot has nothing for it");
  });

  it("tells files for other hardware apart that are as long", () => {
    const image = { bytes: BYTES, variants: [{ hardware: ["HW-1"] }, { hardware: ["HW-2"] }] };
    const { result } = simulate(scenario({ image, fleet: [{ count: 3 }, { hardware: "HW-2" }] }));
    expect(result.onts.committed).toBe(8);
    expect(result.groups).toMatchObject([
      { payload: "image HW-1", onts: 3 },
      { payload: "image HW-2", onts: 5 },
    ]);
  });

  it("goes on after power cuts and a depot that was killed, with a block twice at most", () => {
    const faults = [
      { action: "killOlt", atSeconds: 1, offSeconds: 10 },
      { action: "powerCycle", whenPhase: "downloading", offSeconds: 2 },
    ];
    const image = { bytes: 4_000_000 };
    const { result, exitCode, reasons } = simulate(scenario({ faults, image, depot: { downloadBytesPerSecond: 1e6 } }));
    expect([exitCode, reasons]).toEqual([0, []]);
    const twice = result.downstream.gemBytes - 8 * result.image.bytes;
    expect(twice).toBeGreaterThan(0);
    // Two cuts, and 512 KiB each.
    expect(twice).toBeLessThanOrEqual(8 * 2 * 512 * 1024);
  });

  it("pauses, and goes on with what is there", () => {
    const faults = [{ action: "pause", atSeconds: 2, offSeconds: 600 }];
    const image = { bytes: 4_000_000 };
    const events: OltEvent[] = [];
    const observers = [{ olt: (_nowNs: number, _pon: number, _ont: unknown, event: OltEvent) => events.push(event) }];
    const depot = { downloadBytesPerSecond: 1e6 };
    const { result, exitCode } = simulate(scenario({ faults, image, depot }), { observers });
    expect([exitCode, result.onts.committed]).toEqual([0, 8]);
    expect(result.timing.downloadSeconds).toBeGreaterThan(600);
    expect(result.timing.downloadSeconds).toBeLessThan(620);
    expect(result.downstream.gemBytes).toBeLessThanOrEqual(8 * (result.image.bytes + 512 * 1024));
    expect(events.filter(({ type }) => type === "command")).toMatchObject([
      { command: "pause", by: "the scenario", refused: "" },
      { command: "resume", by: "the scenario", refused: "" },
    ]);
  });

  it("aborts: who is at it stays as it was, who is through stays committed", () => {
    const faults = [{ action: "abort", atSeconds: 15 }];
    const fleet = [{ count: 7, expect: "failed" }, { flashWriteBytesPerSecond: 20_000_000 }];
    const ont = { flashWriteBytesPerSecond: 10_000 };
    const { result } = simulate(scenario({ faults, fleet, ont, depot: { pollSeconds: 1 } }));
    const ends = result.ontResults.map(({ outcome, cause }) => [outcome, cause]);
    expect(ends.slice(0, 7)).toEqual(Array(7).fill(["failed", "aborted by the operator"]));
    expect(ends[7][0]).toBe("committed");
    expect(result.verdict.reasons).toEqual(["aborted by the operator"]);
  });

  it("skips an ONT, and the others go on", () => {
    const faults = [{ action: "skip", atSeconds: 1, onts: [2] }];
    const fleet = [{ count: 2 }, { count: 1, expect: "skipped" }, {}];
    const { result, reasons } = simulate(scenario({ faults, fleet, depot: { downloadBytesPerSecond: 50_000 } }));
    expect([reasons, result.onts.committed]).toEqual([[], 7]);
    expect(result.ontResults[2].cause).toBe("skipped by the operator");
  });

  it("installs in the window, and downloads before", () => {
    const depot = { window: "02:00-05:00", pollSeconds: 300 };
    const { result, exitCode } = simulate(scenario({ depot, olt: { runSeconds: 20_000 } }));
    expect(exitCode).toBe(0);
    expect(result.timing.downloadSeconds).toBeLessThan(400);
    expect(result.timing.totalSeconds).toBeGreaterThan(7200);
    expect(result.downstream.imageCopies).toBe(8);
  });

  it("goes on with its file when the window opens meanwhile", () => {
    const depot = { window: "00:01-05:00", downloadBytesPerSecond: 3000 };
    const { result, exitCode } = simulate(scenario({ depot }));
    expect([exitCode, result.downstream.imageCopies]).toEqual([0, 8]);
  });

  it("keeps the depot's limits", () => {
    const depot = { rateBytesPerSecond: 100_000 };
    const { result } = simulate(scenario({ depot }));
    const least = (8 * result.image.bytes) / 100_000;
    expect(result.timing.downloadSeconds).toBeGreaterThan(least * 0.99);
    expect(result.timing.downloadSeconds).toBeLessThan(least + 6);
  });

  it.each([
    [{ olt: { commit: false } }, /olt\.commit: false is for the road omci/],
    [{ faults: [{ action: "rate", atSeconds: 1 }] }, /faults\.0\.action: rate is for an OLT; over https there are/],
    [{ depot: { window: "2-5" } }, /depot\.window: .*02:00-05:00 Europe\/Berlin/],
  ])("refuses %j", (more, words) => {
    expect(() => scenario(more)).toThrow(ScenarioError);
    expect(() => scenario(more)).toThrow(words);
  });
});
