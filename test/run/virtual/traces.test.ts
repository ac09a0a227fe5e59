/** A run with a recorded trace loses what the trace says, and a sweep of it is another one when the file is. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { simulate } from "../../../run/virtual/index.ts";
import { parseScenario } from "../../../scenarios/index.ts";
import { loadSweep } from "../../../study/sweep/index.ts";
import { removeFolder } from "../../support/folder.ts";

const folder = mkdtempSync(join(tmpdir(), "poncast-traces-"));
afterAll(() => removeFolder(folder));
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const run = (impairment: string) =>
  simulate(
    parseScenario(`onts: 4\nimage: { bytes: 100KiB }\nolt: { activate: false }\nimpairments: [${impairment}]`, "test"),
  ).result;

describe("a run with a trace", () => {
  const trace = file("losses.txt", `${"0".repeat(30)}11${"0".repeat(60)}1`);

  it("has each ONT lose what it says, all the same frames where all begin alike", () => {
    const same = run(`{ kind: lossTrace, file: ${trace}, start: same }`).ontResults.map(
      ({ sectionsLost }) => sectionsLost,
    );
    expect(same[0]).toBeGreaterThan(0);
    expect(new Set(same).size).toBe(1);
    const own = run(`{ kind: lossTrace, file: ${trace} }`);
    expect(own.downstream.repairSections).toBeGreaterThan(
      run(`{ kind: lossTrace, file: ${trace}, start: same }`).downstream.repairSections - 1,
    );
    const feeder = run(`{ kind: lossTrace, file: ${trace}, at: feeder }`).ontResults.map(
      ({ sectionsLost }) => sectionsLost,
    );
    expect(new Set(feeder).size).toBe(1);
    expect(feeder[0]).toBeGreaterThan(0);
  });

  it("takes as long as its latencies", () => {
    const quick = run(`{ kind: latencyTrace, file: ${file("quick.csv", "ms\n0\n")} }`).timing.downloadSeconds!;
    const slow = run(`{ kind: latencyTrace, file: ${file("slow.csv", "ms\n40\n40.5\n")} }`).timing.downloadSeconds!;
    expect(slow - quick).toBeGreaterThan(0.08);
  });

  it("says which file is not there, or what is wrong in it, before anything begins", () => {
    expect(() => run("{ kind: lossTrace, file: /no/such.txt }")).toThrow(/\/no\/such\.txt: no trace is there/);
    const bad = file("bad.csv", "passed,lost\n1,x\n");
    expect(() => run(`{ kind: lossTrace, file: ${bad} }`)).toThrow(/bad\.csv: line 2: "1,x"/);
  });

  it("is another sweep when the file is another", () => {
    const changing = file("changing.txt", "0001");
    const sweep = file(
      "sweep.yaml",
      `name: traces\nscenario: { onts: 2, impairments: [{ kind: lossTrace, file: ${changing} }] }\nmatrix: { olt.windowSections: [16, 32] }\n`,
    );
    const digest = (): string => loadSweep(sweep, () => undefined).digest;
    const before = digest();
    expect(digest()).toBe(before);
    file("changing.txt", "00001");
    expect(digest()).not.toBe(before);
  });
});
