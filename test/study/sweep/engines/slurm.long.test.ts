/** 500 runs as an array of Slurm, of which a task is killed in the middle, and whose controller is away for a while. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readRuns } from "../../../../study/sweep/index.ts";
import { contentsOf, copyOfCommand, fresh, onOneMachine, sweepFile, tinySweep } from "../hands.ts";
import { startSweep, until } from "./processes.ts";
import { hasSlurm, TestSlurm } from "./slurm.ts";

/** One that ends before it is hit is no matter: there are others behind it. */
async function killRunningTask(slurm: TestSlurm): Promise<void> {
  for (;;) {
    const running = (await slurm.asked("squeue", "-h", "-r", "-t", "RUNNING", "-o", "%i")).split("\n").filter(Boolean);
    for (const task of running) {
      const kill = slurm.asked("scancel", "--signal=KILL", "--full", task);
      const isHit = await kill.then(
        () => true,
        () => false,
      );
      if (isHit) return;
    }
    const left = await slurm.asked("squeue", "-h", "-r", "-o", "%i");
    if (left === "") throw new Error("all tasks were over before one could be killed");
  }
}

describe.skipIf(!hasSlurm)("500 runs as an array of Slurm", () => {
  const command = copyOfCommand();
  let slurm: TestSlurm;
  beforeAll(async () => void (slurm = await TestSlurm.start()));
  afterAll(() => slurm.end());

  it("a task killed, the controller away, and the command called again: to the byte as on one machine", async () => {
    const [out, file] = [fresh(), sweepFile(tinySweep.replace("seeds: 3", "seeds: 125"))];
    const words = [file, "--out", out, "--engine", "slurm", "--tasks", "5"];
    const sweep = startSweep(command, words, slurm.env);
    await until(() => readRuns(out).length > 50);
    await killRunningTask(slurm);
    await until(() => readRuns(out).length > 150);
    await slurm.stopController();
    const stoppedAt = readRuns(out).length;
    expect(stoppedAt).toBeLessThan(500);
    slurm.restartController();
    // What the task that was killed had left is missing, and told of; it may have been at its end.
    const first = await sweep.ended;
    expect(first.code).toBe(readRuns(out).length < 500 ? 1 : 0);
    expect(readRuns(out).length).toBeGreaterThan(stoppedAt);
    const second = await startSweep(command, words, slurm.env).ended;
    expect({ code: second.code, said: second.stderr }).toMatchObject({ code: 0 });
    expect(contentsOf(out)).toEqual(contentsOf(await onOneMachine(file, out)));
    expect(await slurm.asked("squeue", "-h")).toBe("");
  });

  it("the command killed: the array goes on, and the same command follows it", async () => {
    const [out, file] = [fresh(), sweepFile(tinySweep.replace("seeds: 3", "seeds: 20"))];
    const words = [file, "--out", out, "--engine", "slurm", "--tasks", "2"];
    const sweep = startSweep(command, words, slurm.env);
    await until(() => readRuns(out).length > 4);
    sweep.child.kill("SIGKILL");
    await sweep.ended;
    const again = startSweep(command, words, slurm.env);
    // One array, not two.
    await until(() => again.said().includes("of 80 runs"));
    const names = (await slurm.asked("squeue", "-h", "-r", "-o", "%j")).split("\n").filter(Boolean);
    expect(new Set(names).size).toBeLessThanOrEqual(1);
    expect((await again.ended).code).toBe(0);
    expect(contentsOf(out)).toEqual(contentsOf(await onOneMachine(file, out)));
  });
});
