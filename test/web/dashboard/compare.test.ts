/** What is over, for pages: results, tags and sweeps of folders, frames of a capture. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { figuresOf, type RunResult } from "../../../run/result/index.ts";
import type { FinishedRun, ListedSweep, SweepFacts } from "../../../web/dashboard/compare-types.ts";
import { type DashboardServer, FolderLibrary, serveDashboard } from "../../../web/dashboard/index.ts";
import type { ListedRun, OntFrames } from "../../../web/dashboard/types.ts";
import { liveOf, root, runLive, troubled, useRoot } from "./fixture.ts";

useRoot();

const runs = join(root, "compared");
const sweeps = join(root, "compared-sweeps");
let result: RunResult;
let server: DashboardServer;

beforeAll(async () => {
  mkdirSync(runs, { recursive: true });
  const live = liveOf(troubled);
  ({ result } = await runLive(live, troubled, { out: join(runs, "one"), pcap: join(runs, "one.pcapng") }));
  // What the text of a plan is beside its run.
  writeFileSync(join(runs, "one.yaml"), "name: one\n");
});

async function serve(): Promise<void> {
  server = await serveDashboard({ host: "127.0.0.1", port: 0, library: new FolderLibrary(runs, [sweeps]) });
}

async function ask<Body>(path: string, body?: object): Promise<{ status: number; body: Body }> {
  const response = await fetch(`http://${server.address}${path}`, {
    headers: { authorization: `Bearer ${server.token}`, "content-type": "application/json" },
    ...(body && { method: "POST", body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Body };
}

describe("a run that is over", () => {
  afterEach(() => server.close());

  it("says its figures, all fields of its scenario, and when its ONTs were done", async () => {
    await serve();
    const { body } = await ask<FinishedRun>("/runs/one/result");
    expect(body).toMatchObject({
      name: "one",
      scenario: "troubled",
      clock: "virtual",
      figures: figuresOf(result),
      fields: { "olt.catchUp.waitSeconds": 0.1, "impairments[0].chance": 0.02, "fleet[0].boot.kind": "crashes" },
    });
    expect(body.downloads).toHaveLength(
      result.ontResults.filter(({ downloadSeconds }) => downloadSeconds !== null).length,
    );
    expect(body.downloads).toEqual(body.downloads.toSorted((a, b) => a - b));
    for (const path of ["/runs/one.yaml/result", "/runs/..%2Fcompared%2Fone/result", "/sweeps/..%2Fcompared"])
      expect((await ask(path)).status, path).toBe(404);
  });

  it("is given tags, which go with its folder, and what it is", async () => {
    await serve();
    expect(await ask("/runs/one/tags", { tags: ["night", "night", "2026-11"] })).toEqual({
      status: 200,
      body: { tags: ["night", "2026-11"] },
    });
    const { body } = await ask<{ runs: ListedRun[] }>("/runs");
    expect(body.runs).toMatchObject([
      { name: "one", tags: ["night", "2026-11"], kinds: ["multicast", "parity", "virtual"] },
    ]);
    for (const tags of ["night", [1], ["a b"], ["x".repeat(33)], Array.from({ length: 9 }, (_, at) => `t${at}`)])
      expect((await ask("/runs/one/tags", { tags })).status).toBe(400);
    expect((await ask("/runs/none/tags", { tags: [] })).status).toBe(404);
    expect(JSON.parse(readFileSync(join(runs, "one", "tags.json"), "utf8"))).toEqual(["night", "2026-11"]);
  });

  it("has the frames of its ONTs in words, from its capture", async () => {
    await serve();
    const { body } = await ask<OntFrames>("/onts/5/frames?run=one");
    expect(body).toMatchObject({ isCaptured: true, note: "" });
    const own = body.frames.filter(({ fields }) => fields !== "");
    expect(own.length).toBeLessThanOrEqual(60);
    expect(own.map(({ text }) => text).join("\n")).toMatch(/Commit image[^]*Commit image answer/);
    expect(own[0].fields).toContain("message type");
    expect(own.every(({ timeMs }, at) => at === 0 || timeMs >= own[at - 1].timeMs)).toBe(true);
    expect((await ask("/onts/24/frames?run=one")).status).toBe(404);
    rmSync(join(runs, "one.pcapng"));
    expect((await ask<OntFrames>("/onts/5/frames?run=one")).body).toMatchObject({ isCaptured: false, frames: [] });
  });
});

describe("sweeps", () => {
  afterEach(() => server.close());

  it("are found in the folder and beside it, with the statistics of what was run", async () => {
    const folder = join(sweeps, "two");
    mkdirSync(folder, { recursive: true });
    const cells = [8, 64].map((window, index) => ({ index, values: { "olt.windowSections": window } }));
    const identity = { name: "windows", question: "Which?", digest: "d", version: "1", cells, seeds: 2 };
    writeFileSync(join(folder, "sweep.json"), JSON.stringify(identity));
    const lines = cells.map(({ index, values }) =>
      JSON.stringify({
        index,
        cell: index,
        seed: 1,
        values,
        version: "1",
        digest: "d",
        figures: figuresOf(result),
        exitCode: index,
        reasons: [],
      }),
    );
    // The last line was cut off.
    writeFileSync(join(folder, "runs.jsonl"), `${lines.join("\n")}\n{"index": 2, "ce`);
    mkdirSync(join(sweeps, "broken"));
    writeFileSync(join(sweeps, "broken", "sweep.json"), "{");
    await serve();
    const { body } = await ask<{ sweeps: ListedSweep[] }>("/sweeps");
    expect(body.sweeps).toMatchObject([{ name: "two", title: "windows", cells: 2, seeds: 2, runs: 2 }]);
    const { stats } = (await ask<SweepFacts>("/sweeps/two")).body;
    expect(stats.map(({ runs: count, missed }) => [count, missed])).toEqual([
      [1, 0],
      [1, 1],
    ]);
    expect(stats[0].figures.imageCopies?.mean).toBe(result.downstream.imageCopies);
    expect((await ask("/sweeps/broken")).status).toBe(404);
  });
});
