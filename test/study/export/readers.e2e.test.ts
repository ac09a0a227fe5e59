/** Other people's programs read what is exported: pandas and R, where they are installed. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunResult } from "../../../run/result/index.ts";
import { runVirtual } from "../../../run/virtual/index.ts";
import { parseScenario } from "../../../scenarios/index.ts";
import { exportFolder } from "../../../study/export/index.ts";
import { removeFolder } from "../../support/folder.ts";

const works = (program: string, ...words: string[]): boolean => spawnSync(program, words).status === 0;
/** Debian's own has its packages; another may stand before it. */
const python = ["python3", "/usr/bin/python3"].find((program) => works(program, "-c", "import pandas"));
const hasR = works("Rscript", "--version");

let folder = "";
let result: RunResult;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "poncast-readers-"));
  const yaml = "onts: 8\nimage: { bytes: 50KiB }\nimpairments: [{ kind: loss, chance: 0.05 }]\nont: { bootMs: 100 }";
  ({ result } = await runVirtual(parseScenario(yaml, "test"), { out: join(folder, "night") }));
  await exportFolder(join(folder, "night"), { out: folder, formats: ["csv", "jsonl"] });
});
afterAll(() => removeFolder(folder));

/** What both are asked: rows, mean of a column that has fractions, sum of one that has none. */
const expected = (): [number, number, number] => {
  const times = result.ontResults.map(({ downloadSeconds }) => downloadSeconds!);
  const lost = result.ontResults.reduce((all, { sectionsLost }) => all + sectionsLost, 0);
  return [times.length, times.reduce((all, one) => all + one, 0) / times.length, lost];
};
const numbersOf = (text: string): number[] => text.trim().split(/\s+/).map(Number);

function expectSame(text: string): void {
  const [rows, mean, lost] = numbersOf(text);
  const [wantedRows, wantedMean, wantedLost] = expected();
  expect([rows, lost]).toEqual([wantedRows, wantedLost]);
  expect(mean).toBeCloseTo(wantedMean, 9);
}

describe("an export", () => {
  it.skipIf(python === undefined)("is read by pandas, CSV and JSON lines alike", () => {
    const script = `
import pandas, sys
for onts in (pandas.read_csv(sys.argv[1] + "/onts.csv"), pandas.read_json(sys.argv[1] + "/onts.jsonl", lines=True)):
    assert onts.left_group.dtype == bool and str(onts.sections_lost.dtype) == "int64", onts.dtypes
    print(len(onts), repr(float(onts.download_seconds.mean())), int(onts.sections_lost.sum()))
`;
    const lines = execFileSync(python!, ["-c", script, folder], { encoding: "utf8" }).trim().split("\n");
    expect(lines).toHaveLength(2);
    for (const line of lines) expectSame(line);
  });

  it.skipIf(!hasR)("is read by R", () => {
    const script = `onts <- read.csv(file.path(commandArgs(TRUE), "onts.csv"))
stopifnot(is.integer(onts$sections_lost), is.numeric(onts$download_seconds))
cat(nrow(onts), format(mean(onts$download_seconds), digits = 15), sum(onts$sections_lost), "\\n")`;
    expectSame(execFileSync("Rscript", ["-e", script, folder], { encoding: "utf8" }));
  });
});
