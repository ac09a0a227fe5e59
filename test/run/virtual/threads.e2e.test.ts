/** `poncast run --virtual --threads`: the folder of a run is the same on several threads; a thread that dies ends it with a line. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, it } from "vitest";
import { RunStoppedError } from "../../../run/errors.ts";
import { runInThreads } from "../../../run/virtual/parts/threads.ts";
import { parseScenario } from "../../../scenarios/schema/load.ts";
import { removeFolder } from "../../support/folder.ts";

const folder = mkdtempSync(join(tmpdir(), "poncast-threads-"));
afterAll(() => removeFolder(folder));

const TEXT = "name: threads\nonts: 4\npons: 3\nimage: { bytes: 100000 }\nimpairments: [{ kind: loss, chance: 0.02 }]\n";

function recorded(threads: number): { journal: Buffer; result: unknown } {
  const out = join(folder, `of-${threads}`);
  const words = [
    "run",
    join(folder, "threads.yaml"),
    "--virtual",
    "--threads",
    String(threads),
    "--out",
    out,
    "--quiet",
  ];
  execFileSync(process.execPath, [resolve("cli/poncast.mjs"), ...words], { stdio: "pipe" });
  const { host, ...result } = JSON.parse(readFileSync(join(out, "result.json"), "utf8")) as Record<string, unknown>;
  expect(host).toBeDefined();
  return { journal: readFileSync(join(out, "journal.binpb")), result };
}

it("leaves the same journal and result on two threads as on one", () => {
  writeFileSync(join(folder, "threads.yaml"), TEXT);
  const one = recorded(1);
  const two = recorded(2);
  expect(two.journal.equals(one.journal)).toBe(true);
  expect(two.result).toEqual(one.result);
});

it.each([
  ["process.exit(3);", /^a thread of the run ended: exit code 3; /],
  ["throw new Error('no more memory');", /^a thread of the run ended: no more memory; /],
])("ends with a line where a thread does: %s", async (code, line) => {
  const file = join(folder, "dies.mjs");
  writeFileSync(file, code);
  const failed = runInThreads(parseScenario(TEXT, "threads.yaml"), { file, count: 2 }, () => undefined);
  await expect(failed).rejects.toThrow(line);
  await expect(failed).rejects.toBeInstanceOf(RunStoppedError);
});

it("is interrupted by its signal, and still has a result", async () => {
  const options = { file: resolve("dist/ports-worker.js"), count: 2, signal: AbortSignal.abort() };
  const run = await runInThreads(parseScenario(TEXT, "threads.yaml"), options, () => undefined);
  expect(run.end).toBe("running");
  expect(run.onts).toHaveLength(12);
});
