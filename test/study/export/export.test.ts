/** What an export writes is what the run left, in each format the same. */
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parquetMetadata, parquetReadObjects } from "hyparquet";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runVirtual } from "../../../run/virtual/index.ts";
import type { RunResult } from "../../../run/result/index.ts";
import { parseScenario } from "../../../scenarios/index.ts";
import { dataDictionary, type ExportedTable, exportFolder } from "../../../study/export/index.ts";
import { openTable } from "../../../study/export/files.ts";
import type { ExportTable } from "../../../study/export/types.ts";
import { removeFolder } from "../../support/folder.ts";

const YAML =
  "onts: 4\nimage: { bytes: 100KiB }\nimpairments: [{ kind: loss, chance: 0.05 }]\nont: { bootMs: 100 }\nolt: { soakMs: 10 }";

let folder = "";
let capture = "";
let result: RunResult;
let tables: ExportedTable[];
const data = (): string => join(folder, "data");

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "poncast-export-"));
  capture = join(folder, "omci.pcapng");
  ({ result } = await runVirtual(parseScenario(YAML, "test"), {
    out: join(folder, "night"),
    pcap: capture,
    replay: "poncast run night",
  }));
  tables = await exportFolder(join(folder, "night"), { out: data(), formats: ["parquet", "csv", "jsonl"], capture });
});
afterAll(() => removeFolder(folder));

const bufferOf = (name: string): ArrayBuffer => {
  const bytes = readFileSync(join(data(), `${name}.parquet`));
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer;
};
const parquetRows = async (name: string): Promise<Record<string, unknown>[]> => {
  const rows = await parquetReadObjects({ file: bufferOf(name) });
  const plain = (value: unknown): unknown => (typeof value === "bigint" ? Number(value) : value);
  return rows.map((row) => Object.fromEntries(Object.entries(row).map(([key, value]) => [key, plain(value)])));
};
const jsonRows = (name: string): unknown[] =>
  readFileSync(join(data(), `${name}.jsonl`), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown);
const csvLines = (name: string): string[] =>
  readFileSync(join(data(), `${name}.csv`), "utf8")
    .trimEnd()
    .split("\r\n");

describe("the tables of a run", () => {
  it("hold the same rows in each format, as many as are told", async () => {
    expect(tables.map(({ table }) => table)).toEqual([
      "runs",
      "onts",
      "groups",
      "sends",
      "answers",
      "receptions",
      "states",
      "traffic",
      "frames",
    ]);
    for (const { table, rows } of tables) {
      expect(rows, table).toBeGreaterThan(0);
      expect(await parquetRows(table), table).toEqual(jsonRows(table));
      expect(jsonRows(table), table).toHaveLength(rows);
      expect(csvLines(table), table).toHaveLength(rows + 1);
    }
  });

  it("are what the result says", async () => {
    const [run] = await parquetRows("runs");
    expect(run).toMatchObject({
      run: "night",
      seed: 1,
      clock: "virtual",
      image_bytes: result.image.bytes,
      onts: 4,
      onts_committed: 4,
      as_expected: true,
      image_copies: result.downstream.imageCopies,
      downstream_gem_bytes: result.downstream.gemBytes,
      download_seconds: result.timing.downloadSeconds,
    });
    const onts = await parquetRows("onts");
    expect(onts.map(({ serial }) => serial)).toEqual(result.ontResults.map(({ serial }) => serial));
    expect(sum(onts, "sections_lost")).toBe(result.ontResults.reduce((all, one) => all + one.sectionsLost, 0));
    const sends = await parquetRows("sends");
    expect(sends.filter(({ kind }) => kind === "first").length).toBe(result.downstream.windows);
    expect(sum(sends, "parity_sections")).toBe(result.downstream.repairSections);
    const frames = await parquetRows("frames");
    expect(frames.filter(({ direction }) => direction === "down").length).toBe(result.downstream.frames);
    expect(frames.filter(({ direction }) => direction === "up").length).toBe(result.upstream.frames);
  });

  it("say in their metadata what they are of", () => {
    const entries = parquetMetadata(bufferOf("onts")).key_value_metadata ?? [];
    const metadata = Object.fromEntries(entries.map(({ key, value }) => [key, value]));
    expect(metadata).toMatchObject({ "poncast.seed": "1", "poncast.replay": "poncast run night" });
    expect(metadata["poncast.scenario_sha256"]).toMatch(/^[\da-f]{64}$/);
    const beside = JSON.parse(readFileSync(join(data(), "metadata.json"), "utf8")) as Record<string, unknown>;
    expect(beside).toMatchObject(metadata);
    expect(beside.rows).toMatchObject({ onts: 4 });
  });

  it("leave nothing half written where the capture is none, and say which", async () => {
    const out = join(folder, "none");
    const bad = join(folder, "night", "result.json");
    await expect(exportFolder(folder, { out, formats: ["csv"] })).rejects.toThrow(/neither a run nor a sweep is in it/);
    await expect(
      exportFolder(join(folder, "night"), { out, formats: ["csv"], capture: join(folder, "no.pcapng") }),
    ).rejects.toThrow(/no\.pcapng: no capture is there; run it with --pcap/);
    await expect(exportFolder(join(folder, "night"), { out: bad, formats: ["csv"] })).rejects.toThrow(
      /result\.json: cannot be written/,
    );
    expect(readdirSync(folder)).not.toContain("none");
  });
});

const sum = (rows: readonly Record<string, unknown>[], name: string): number =>
  rows.reduce((all, row) => all + (row[name] as number), 0);

interface Numbered {
  number: number;
}

describe("a table of more rows than are held at a time", () => {
  const table: ExportTable<Numbered> = {
    name: "numbers",
    about: "a number",
    columns: [
      { name: "number", kind: "integer", about: "it", value: ({ number }) => number },
      {
        name: "half",
        kind: "number",
        about: "half of it",
        value: ({ number }) => (number % 3 === 0 ? null : number / 2),
      },
      { name: "word", kind: "text", about: "in words", value: ({ number }) => `n${number}, "so"\n=1` },
      { name: "is_even", kind: "boolean", about: "even", value: ({ number }) => number % 2 === 0 },
    ],
  };
  const about = { poncastVersion: "1", poncastCommit: "", seed: "", scenarioSha256: "", replay: "" };

  it("comes back whole, and has its name only at the end", async () => {
    const rows = 60_001;
    const file = openTable(join(data(), "numbers"), table, "parquet", about);
    for (let number = 0; number < rows; number++) file.row(table.columns.map(({ value }) => value({ number })));
    expect(readdirSync(data())).not.toContain("numbers.parquet");
    file.end();
    const read = await parquetRows("numbers");
    expect(read).toHaveLength(rows);
    for (const number of [0, 1, 49_999, 50_000, 59_999, 60_000])
      expect(read[number]).toEqual({
        number,
        half: number % 3 === 0 ? null : number / 2,
        word: `n${number}, "so"\n=1`,
        is_even: number % 2 === 0,
      });
    expect(parquetMetadata(bufferOf("numbers")).row_groups).toHaveLength(2);
  });
});

describe("the table of a sweep", () => {
  it("has what was varied between seed and figures, by name and kind", async () => {
    const study = mkdtempSync(join(folder, "study-"));
    const cells = [
      { index: 0, values: { "olt.windowSections": 32, loss: 0.01, recovery: "parity", onts: 8 } },
      { index: 1, values: { "olt.windowSections": 64, loss: 1, recovery: { kind: "window" }, onts: 16 } },
    ];
    const identity = { name: "s", question: "", digest: "ab".repeat(32), version: "0.1.0", cells, seeds: 1 };
    writeFileSync(join(study, "sweep.json"), JSON.stringify(identity));
    const runs = cells.map(({ index, values }) => ({
      index,
      cell: index,
      seed: 1,
      values,
      figures: { imageCopies: 1.5 + index, committed: 8, failed: null },
      exitCode: index,
      reasons: index === 0 ? [] : ["one", "two"],
    }));
    writeFileSync(
      join(study, "runs.jsonl"),
      runs
        .toReversed()
        .map((run) => `${JSON.stringify(run)}\n`)
        .join(""),
    );
    await exportFolder(study, { out: data(), formats: ["parquet", "csv", "jsonl"] });
    const rows = await parquetRows("sweep");
    expect(rows).toEqual(jsonRows("sweep"));
    expect(csvLines("sweep")[0]).toMatch(/^index,cell,seed,olt_window_sections,loss,recovery,onts,image_copies,/);
    expect(rows[1]).toMatchObject({
      seed: 1,
      olt_window_sections: 64,
      loss: 1,
      recovery: '{"kind":"window"}',
      image_copies: 2.5,
      onts_failed: null,
      as_expected: false,
      reasons: "one; two",
    });
    await expect(exportFolder(study, { out: data(), formats: ["csv"], capture })).rejects.toThrow(
      /a sweep keeps no frames/,
    );
  });
});

describe("docs/data.md", () => {
  it("is as `npm run docs` makes it", () => {
    expect(dataDictionary()).toBe(readFileSync(join(import.meta.dirname, "../../../docs/data.md"), "utf8"));
  });
});
