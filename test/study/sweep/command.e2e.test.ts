/** `poncast sweep`: shards, exit codes, and as a process of its own: kill -9, Ctrl-C. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { readRuns } from "../../../study/sweep/index.ts";
import { commandHere, type Ran } from "../../support/command.ts";
import { contentsOf, copyOfCommand, fresh, sweepFile, tinySweep } from "./hands.ts";

const command = copyOfCommand();

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** `poncast sweep` as its own process. */
function start(words: readonly string[]): [ChildProcess, Promise<Ended>] {
  const child = spawn(process.execPath, [command, "sweep", ...words], { stdio: ["ignore", "pipe", "pipe"] });
  const output = { stdout: "", stderr: "" };
  child.stdout!.on("data", (text: Buffer) => (output.stdout += text.toString()));
  child.stderr!.on("data", (text: Buffer) => (output.stderr += text.toString()));
  return [child, new Promise((done) => child.on("close", (code) => done({ code, ...output })))];
}
const run = (words: readonly string[]): Promise<Ended> => start(words)[1];

/** In this process, with the variables of a batch system or none. */
function sweep(words: readonly string[], variables: Record<string, string> = {}): Promise<Ran> {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  return commandHere(["sweep", ...words]);
}
afterEach(() => vi.unstubAllEnvs());

/** Until some runs are there. */
async function someRuns(folder: string): Promise<void> {
  const path = join(folder, "runs.jsonl");
  while (!existsSync(path) || statSync(path).size < 3000) await new Promise((done) => setTimeout(done, 5));
}

describe("poncast sweep", () => {
  const file = sweepFile(tinySweep);
  const longer = sweepFile(tinySweep.replace("seeds: 3", "seeds: 20"));

  it("shards that batch systems start, put together, equal the whole", async () => {
    const [whole, a, b, c, merged] = [fresh(), fresh(), fresh(), fresh(), fresh()];
    const plain = await sweep([file, "--out", whole, "--jobs", "2"]);
    expect(plain).toMatchObject({ code: 0 });
    expect(plain.err).toMatch(/^0 of 12 runs\n(.*\n)*12 of 12 runs\n$/);
    expect(plain.out).toContain("95 % confidence interval (Student's t)");
    await sweep([file, "--out", a, "--jobs", "1", "--quiet", "--shard", "1/3"]);
    const slurm = { SLURM_ARRAY_TASK_ID: "11", SLURM_ARRAY_TASK_COUNT: "3", SLURM_ARRAY_TASK_MIN: "10" };
    await sweep([file, "--out", b, "--jobs", "1", "--quiet"], slurm);
    vi.unstubAllEnvs();
    await sweep([file, "--out", c, "--jobs", "2", "--quiet", "--shards", "3"], { JOB_COMPLETION_INDEX: "2" });
    for (const folder of [a, b, c]) expect(readRuns(folder)).toHaveLength(4);
    expect(await sweep(["merge", a, b, c, "--out", merged])).toMatchObject({ code: 0, err: "" });
    expect(contentsOf(merged)).toEqual(contentsOf(whole));
    const gap = await sweep(["merge", a, c, "--out", fresh()]);
    expect(gap).toMatchObject({ code: 2, out: "" });
    expect(gap.err).toMatch(/^4 of 12 runs are missing: [\d, ]+\n$/);
  });

  const words = [longer, "--quiet", "--out"];

  it("keeps what was done when it is killed, and goes on from there to the same end", async () => {
    const [whole, killed] = [fresh(), fresh()];
    const [child, ended] = start([...words, killed, "--jobs", "2"]);
    await someRuns(killed);
    child.kill("SIGKILL");
    await ended;
    const done = readRuns(killed).length;
    expect(done).toBeGreaterThan(0);
    expect(done).toBeLessThan(80);
    expect(existsSync(join(killed, "stats.json"))).toBe(false);
    expect(await run([...words, killed, "--jobs", "1"])).toMatchObject({ code: 0 });
    await run([...words, whole, "--jobs", "1"]);
    expect(contentsOf(killed)).toEqual(contentsOf(whole));
  });

  it("ends at Ctrl-C with statistics of what was done, and goes on", async () => {
    const out = fresh();
    const [child, ended] = start([...words, out, "--jobs", "2"]);
    await someRuns(out);
    child.kill("SIGINT");
    const { code, stderr, stdout } = await ended;
    expect({ code, stderr }).toEqual({
      code: 130,
      stderr: "interrupted: the same command goes on where this ended\n",
    });
    expect(stdout).toContain("copies");
    const { length } = readRuns(out);
    expect(readFileSync(join(out, "runs.csv"), "utf8").trimEnd().split("\r\n")).toHaveLength(length + 1);
    expect(length).toBeLessThan(80);
    expect(await run([...words, out, "--jobs", "1"])).toMatchObject({ code: 0 });
    expect(readRuns(out)).toHaveLength(80);
  });

  it("exits 1 when runs do not end as expected, and counts them", async () => {
    const wrong = sweepFile("name: w\nscenario: { onts: 2, image: { bytes: 4000, fault: wrongKey } }\nseeds: 2\n");
    const { code, out } = await sweep([wrong, "--out", fresh(), "--jobs", "1", "--quiet"]);
    expect(code).toBe(1);
    expect(out).toContain("2, 2 not as expected");
  });

  it.each([
    [["nowhere"], /^nowhere: no such file or sweep; .*recovery/],
    [["recovry"], /did you mean recovery\?/],
    [["recovery", "--shard", "3/2"], /^--shard: 3\/2 is not allowed/],
    [["recovery", "--shard", "1/2", "--shards", "2"], /^--shards: --shard says how many there are/],
    [["recovery", "--shards", "2"], /^--shards: JOB_COMPLETION_INDEX is not set/],
    [["recovery", "--jobs", "0"], /^--jobs: 0 is not allowed/],
    [["recovery", "--jobs", "9999"], /^--jobs: 9999 is not allowed; at most 512/],
    [["recovery", "--seeds", "x"], /^--seeds: x is not allowed/],
    [["merge", "/nowhere", "--out", "/nowhere/too"], /^\/nowhere: no sweep is in it/],
  ])("refuses %j in one line", async (words, message) => {
    const { code, out, err } = await sweep(words);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(message);
    expect(err.trimEnd().split("\n")).toHaveLength(1);
  });
});
