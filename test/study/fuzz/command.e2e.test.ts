/** `npm run fuzz` as a process: options, exit codes, and what it prints. */
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";

const fuzz = (...args: string[]): { status: number | null; stdout: string; stderr: string } =>
  spawnSync(process.execPath, [resolve("dist/fuzz.js"), ...args], { encoding: "utf8" });

describe("npm run fuzz", () => {
  it("refuses a wrong option in one line, with exit code 2", () => {
    const { status, stdout, stderr } = fuzz("--seeds", "many");
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toBe("--seeds: many is not allowed; a whole number from 1 to 10000000\n");
  });

  it("runs seeds, and tells what was drawn and what happened", () => {
    const { status, stdout } = fuzz("--from", "3", "--seeds", "4");
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^seeds 3 to 6 in [\d.]+ s\n4 runs: all converged, no rule broken\n\d+ ONTs, [\d,]+ steps, /,
    );
    expect(stdout).toMatch(/\ndrawn, in so many runs\n(?: {2}.+\n)+\nhappened, so many times\n(?: {2}.+\n)+$/);
  });

  it("shows the scenario of one seed", () => {
    const { status, stdout } = fuzz("--seed", "3");
    expect(status).toBe(0);
    expect(stdout).toMatch(/^# seed 3: impairments end at /);
    expect(stdout).toMatch(/\nname: seed-3\n/);
    expect(stdout).toMatch(/\n1 run: all converged, no rule broken\n/);
  });
});
