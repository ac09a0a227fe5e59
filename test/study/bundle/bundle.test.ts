/** What goes along with a study: an archive that is the same each time, a notebook as its format has it, and how it is made again. */
import { createHash } from "node:crypto";
import { unzipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { bundleOf, bundleReadme, notebookOf } from "../../../study/bundle/index.ts";

describe("a bundle", () => {
  const files = new Map([
    ["results/runs.jsonl", Buffer.from("{}\n")],
    ["README.md", Buffer.from("# study\n")],
  ]);

  it("holds its files with their sums, and is the same to the byte", () => {
    const zip = bundleOf("study", files);
    expect(Buffer.from(bundleOf("study", new Map([...files].toReversed()))).equals(Buffer.from(zip))).toBe(true);
    const there = unzipSync(zip);
    expect(Object.keys(there)).toEqual(["study/README.md", "study/results/runs.jsonl", "study/SHA256SUMS"]);
    const sum = createHash("sha256").update("# study\n").digest("hex");
    expect(Buffer.from(there["study/SHA256SUMS"]).toString()).toContain(`${sum}  README.md\n`);
  });

  it("says how all of it is made again, and what is not in it", () => {
    const text = bundleReadme({
      name: "recovery",
      question: "How many?",
      version: "0.1.0 (abc)",
      nodeVersion: "v20.1.0",
      digest: "00ff",
      cells: 4,
      seeds: 5,
      command: "sweep sweep.yaml --seeds 5 --out again",
      plots: [{ file: "plots/y.svg", command: "plot again --y y --out again/y" }],
      elsewhere: [{ file: "fw.bin", sha256: "aa" }],
      hasLock: true,
    });
    for (const words of [
      "$ poncast sweep sweep.yaml --seeds 5 --out again",
      "$ poncast plot again --y y",
      "20 runs",
      "`fw.bin`, SHA-256 aa",
    ])
      expect(text).toContain(words);
  });
});

describe("the notebook", () => {
  it("is of nbformat 4.5: cells with ids of their own, sources in lines", () => {
    const notebook = JSON.parse(notebookOf({ name: "recovery", question: "How many?", varied: ["loss", "case"] })) as {
      nbformat: number;
      nbformat_minor: number;
      cells: { cell_type: string; id: string; source: string[]; outputs?: unknown[] }[];
    };
    expect([notebook.nbformat, notebook.nbformat_minor]).toEqual([4, 5]);
    const ids = notebook.cells.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { cell_type: type, id, source, outputs } of notebook.cells) {
      expect(id).toMatch(/^[a-zA-Z0-9-_]{1,64}$/);
      expect(outputs === undefined).toBe(type === "markdown");
      expect(source.slice(0, -1).every((line) => line.endsWith("\n"))).toBe(true);
    }
    expect(notebook.cells[1].source.join("")).toContain('pd.read_parquet("data/sweep.parquet")');
  });
});
