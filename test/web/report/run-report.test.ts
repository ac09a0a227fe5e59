/** What the page of a run says agrees with its result, whether it comes from events or from the journal. */
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { JournalReader } from "../../../run/journal/index.ts";
import type { RunOutcome } from "../../../run/types.ts";
import { reportOf, RunModel, runPage, type RunReport } from "../../../web/report/index.ts";
import { parseScenario } from "../../../scenarios/schema/load.ts";
import { runVirtual } from "../../../run/virtual/index.ts";
import { removeFolder } from "../../support/folder.ts";

const root = mkdtempSync(join(tmpdir(), "poncast-report-"));
afterAll(() => removeFolder(root));

const text = `
name: report<b>&amp;
onts: 10
image: { bytes: 400000 }
impairments: [{ kind: loss, chance: 0.01 }]
olt: { rateBytesPerSecond: 1000000 }
fleet:
  - { count: 2, boot: { kind: hangs } }
  - {}
faults:
  - { whenPhase: downloading, action: powerCycle, onts: [5] }
`;

const replay = "poncast run 'a & b.yaml'";
let outcome: RunOutcome;
let report: RunReport;

beforeAll(async () => {
  const model = new RunModel();
  const options = {
    out: join(root, "run"),
    replay,
    version: "1.2.3",
    commit: "0123456789ab",
    sinks: [{ name: "model", record: model.add.bind(model) }],
  };
  outcome = await runVirtual(parseScenario(text, "report.yaml"), options);
  report = model.report(
    { scenario: "report<b>&amp;", replay, version: "1.2.3", commit: "0123456789ab" },
    outcome.result,
  );
});

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe("the report of a run", () => {
  it("ends every ONT as the result does", () => {
    const last = report.charts.onts.map(({ states }) => states.at(-1));
    expect(last).toEqual(outcome.result.ontResults.map((ont) => ont.outcome));
    expect(new Set(last)).toEqual(new Set(["committed", "rolledBack"]));
  });

  it("has every byte of both directions in its rates", () => {
    const { binSeconds, downstream, upstream } = report.charts.traffic;
    expect((sum(downstream) * binSeconds) / 8).toBeCloseTo(outcome.result.downstream.gemBytes, -2);
    expect((sum(upstream) * binSeconds) / 8).toBeCloseTo(outcome.result.upstream.gemBytes, -2);
    // Upstream 5 Mbit/s for each ONT: 625 bytes every millisecond.
    expect(report.charts.traffic.budgets).toEqual({ downstream: 8_000_000, upstream: 50_000_000 });
  });

  it("has every repair section in its bars", () => {
    const { repeated, parity, ahead } = report.charts.windows;
    expect(sum(repeated) + sum(parity) + sum(ahead)).toBe(outcome.result.downstream.repairSections);
    expect(outcome.result.downstream.repairSections).toBeGreaterThan(0);
  });

  it("counts up to those that stored, ran and committed the image", () => {
    const { stored, running, committed } = report.charts.completion;
    expect([stored.length, running.length, committed.length]).toEqual([10, 8, outcome.result.onts.committed]);
    expect(stored).toEqual(stored.toSorted((a, b) => a - b));
  });

  it("lists the power cut", () => {
    expect(report.incidents.map((incident) => incident.text)).toEqual([
      "ONT 5 loses its power",
      "ONT 5 has power again",
    ]);
  });

  it("is the same from the journal as from the events of the run", async () => {
    const folder = join(root, "run");
    const reader = await JournalReader.open(join(folder, "journal.binpb"));
    const model = new RunModel();
    for await (const record of reader) model.add(record);
    const { host: _host, ...result } = outcome.result;
    expect(runPage(model.report(report.header, result))).toBe(runPage({ ...report, result }));
    const page = await reportOf(folder);
    expect(page).toContain("Run it again");
    expect(page).toContain("report&lt;b&gt;&amp;amp;");
    expect(page).not.toContain("report <b>");
  });

  it("asks nothing of a network", () => {
    const page = runPage(report);
    expect(page).toContain("default-src &#39;none&#39;");
    expect(page.match(/<(?:link|img|script|iframe|object)[^>]*(?:src|href)="(?!data:)[^"]*"/g)).toBeNull();
  });

  it("says what is wrong with a folder that holds no run", async () => {
    await expect(reportOf(join(root, "nowhere"))).rejects.toThrow("nowhere: no such folder");
    await expect(reportOf(root)).rejects.toThrow("no run is in it (result.json is missing or not readable)");
    const result = JSON.parse(readFileSync(join(root, "run", "result.json"), "utf8")) as object;
    writeFileSync(join(root, "result.json"), JSON.stringify({ ...result, schema: "other/1" }));
    await expect(reportOf(root)).rejects.toThrow("schema other/1, not poncast.result/2");
  });
});

describe("the report of a run with an operator", () => {
  it("marks each command once, however many ports there are, and lists those that were refused", async () => {
    const model = new RunModel();
    const faults = [
      { action: "pause", atSeconds: 0.05, offSeconds: 0.1 },
      { action: "pause", atSeconds: 0.1, offSeconds: 0.2 },
      { action: "rate", atSeconds: 0.2, bitsPerSecond: 20_000_000 },
      { action: "skip", atSeconds: 0.2, onts: [2] },
    ];
    const steered = { name: "steered", onts: 2, pons: 2, image: { bytes: 200_000 }, faults };
    const { result } = await runVirtual(parseScenario(JSON.stringify(steered), "steered.yaml"), {
      out: join(root, "steered"),
      sinks: [{ name: "model", record: model.add.bind(model) }],
    });
    const made = model.report({ scenario: "steered", replay, version: "1", commit: "" }, result);
    const texts = made.charts.commands.map(({ text }) => text);
    expect(texts).toEqual(["pause", "resume", "rate 20.0 Mbit/s", "skip ONT 2"].map((each) => `the operator: ${each}`));
    expect(made.charts.commands.map(({ seconds }) => seconds)).toEqual(
      made.charts.commands.map(({ seconds }) => seconds).toSorted((a, b) => a - b),
    );
    expect(made.incidents.map((incident) => incident.text)).toContain(
      "the operator: pause, refused: it is paused already",
    );
    expect(runPage(made)).toContain("the operator&#39;s command");
  });
});
