/** Virtual time that keeps a pace: what happens in it is the same to the byte. */
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { runVirtual } from "../../../run/virtual/index.ts";
import { VirtualPace } from "../../../run/virtual/pace.ts";
import { parseScenario } from "../../../scenarios/index.ts";
import { removeFolder } from "../../support/folder.ts";

const root = mkdtempSync(join(tmpdir(), "poncast-pace-"));
afterAll(() => removeFolder(root));

describe("a pace", () => {
  it("allows as much as a clock, so many times as fast, none while it is stopped, and steps", () => {
    let nowMs = 100;
    const pace = new VirtualPace(2, () => nowMs);
    expect(pace.allowedNs()).toBe(0);
    nowMs = 110;
    expect(pace.allowedNs()).toBe(20e6);
    pace.came(15e6, false);
    pace.stop();
    nowMs = 200;
    expect(pace.allowedNs()).toBe(20e6);
    pace.step(3);
    expect(pace.allowedNs()).toBe(23e6);
    pace.setSpeed(0.5);
    nowMs = 202;
    expect(pace.allowedNs()).toBe(24e6);
    pace.setSpeed(Infinity);
    expect(pace.allowedNs()).toBe(Infinity);
    // Goes on from where the run is, not from where a clock would be.
    pace.came(90e6, true);
    pace.setSpeed(1);
    nowMs = 203;
    expect(pace.allowedNs()).toBe(91e6);
  });

  it("stops where the run is, where that is behind its clock", () => {
    let nowMs = 0;
    const pace = new VirtualPace(1, () => nowMs);
    nowMs = 100;
    pace.came(40e6, true);
    pace.stop();
    expect(pace.allowedNs()).toBe(40e6);
    pace.step(10);
    expect(pace.allowedNs()).toBe(50e6);
    pace.came(50e6, false);
    pace.setSpeed(1);
    nowMs = 101;
    expect(pace.allowedNs()).toBe(51e6);
  });

  it("gives way for a moment from when it was last asked", () => {
    let nowMs = 100;
    const pace = new VirtualPace(Infinity, () => nowMs);
    expect(pace.givesWay).toBe(false);
    pace.giveWay();
    nowMs = 199;
    expect(pace.givesWay).toBe(true);
    pace.giveWay();
    nowMs = 298;
    expect(pace.givesWay).toBe(true);
    nowMs = 299;
    expect(pace.givesWay).toBe(false);
    // It is no pace to be kept.
    expect([pace.allowedNs(), pace.isStopped]).toEqual([Infinity, false]);
  });

  it("changes nothing of a run's journal and result", async () => {
    const scenario = parseScenario(
      "onts: 6\nimage: { bytes: 200000 }\nimpairments: [{ kind: loss, chance: 0.05 }]",
      "paced.yaml",
    );
    const filesOf = async (name: string, speed?: number): Promise<Buffer[]> => {
      const folder = join(root, name);
      await runVirtual(scenario, { out: folder, replay: "-", ...(speed !== undefined && { speed }) });
      return ["journal.binpb", "result.json"].map((file) => readFileSync(join(folder, file)));
    };
    const [journal, result] = await filesOf("free");
    const [pacedJournal, pacedResult] = await filesOf("paced", 20);
    expect(pacedJournal.equals(journal)).toBe(true);
    const withoutHost = (bytes: Buffer): object => ({ ...JSON.parse(bytes.toString()), host: undefined });
    expect(withoutHost(pacedResult)).toEqual(withoutHost(result));
  });
});
