/** `npm run soak` as a process: options, exit codes, and what it prints when somebody has had enough. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { childrenOf } from "../../support/children.ts";
import { until } from "../../e2e/harness.ts";

const soak = resolve("dist/soak.js");

describe("npm run soak", () => {
  it("refuses a wrong option in one line, with exit code 2", () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [soak, "--only", "all"], { encoding: "utf8" });
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^--only: there is no part "all"; there are: long, runs, frames, .*\n$/);
  });

  it("lists its parts", () => {
    const { status, stdout } = spawnSync(process.execPath, [soak, "--help"], { encoding: "utf8" });
    expect(status).toBe(0);
    expect(stdout).toMatch(/\n {2}long {2,}.*\n {2}runs {2,}.*\n {2}frames {2,}.*\n/);
  });

  it("ends the processes of a real run on Ctrl-C, and says what was done", async () => {
    const command = spawn(process.execPath, [soak, "--only", "stop", "--json"], { stdio: ["ignore", "pipe", "pipe"] });
    const ended = once(command, "close");
    let stdout = "";
    command.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    command.stderr.resume();
    const runner = await until(() => childrenOf(command.pid!, "cli")[0]);
    const children = await until(() => childrenOf(runner).length === 5 && childrenOf(runner));
    command.kill("SIGINT");
    expect(await ended).toEqual([130, null]);
    expect(JSON.parse(stdout)).toMatchObject({
      schema: "poncast.soak/1",
      parts: [{ part: "stop", verdict: "interrupted", problems: [], figures: { runs: 0 } }],
    });
    expect(children.filter((pid) => childrenOf(runner).includes(pid))).toEqual([]);
    expect(childrenOf(command.pid!, "cli")).toEqual([]);
  });
});
