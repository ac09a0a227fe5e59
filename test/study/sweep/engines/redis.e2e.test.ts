/** Sweeps over a real Redis: workers that join and leave, a Redis that is killed, and what is refused. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadSweep, runsOf } from "../../../../study/sweep/index.ts";
import { BullMqEngine, BullMqSource, parseRedisAddress } from "../../../../study/sweep/engines/bullmq/index.ts";
import { idsOf } from "../../../../study/sweep/engines/ids.ts";
import { commandHere } from "../../../support/command.ts";
import { contentsOf, copyOfCommand, fresh, onOneMachine, preset, sweepFile, tinySweep } from "../hands.ts";
import { startSweep, until } from "./processes.ts";
import { freePort, hasRedis, TestRedis } from "./redis.ts";

/** Workers that have joined. */
const partFiles = (folder: string): number => {
  const parts = join(folder, "work", "parts");
  return existsSync(parts) ? readdirSync(parts).length : 0;
};

describe.skipIf(!hasRedis)("a sweep over Redis", () => {
  const command = copyOfCommand();
  const file = sweepFile(tinySweep);
  let redis: TestRedis;
  beforeAll(async () => void (redis = await TestRedis.start()));
  afterAll(() => redis.end());

  it("by workers that come when they like, with a Redis that is killed: as on one machine", async () => {
    const [out, metricsPort] = [fresh(), await freePort()];
    const longer = sweepFile(tinySweep.replace("seeds: 3", "seeds: 8"));
    const words = ["--engine", redis.address, "--metrics", `127.0.0.1:${metricsPort}`];
    const sweep = startSweep(command, [longer, "--out", out, ...words]);
    await until(() => partFiles(out) === 0 && sweep.said().includes("0 of 32 runs"));
    const worker = startSweep(command, ["work", out, "--engine", redis.address, "--jobs", "2"]);
    await until(() => partFiles(out) > 0);
    // Held until the late one has joined, so that the sweep cannot be over before.
    worker.child.kill("SIGSTOP");
    const metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
    await redis.kill();
    await redis.start();
    const late = startSweep(command, ["work", out, "--engine", redis.address, "--jobs", "1", "--quiet"]);
    await until(() => partFiles(out) > 1);
    worker.child.kill("SIGCONT");
    const [ended, first, second] = await Promise.all([sweep.ended, worker.ended, late.ended]);
    expect([ended.code, first.code, second.code]).toEqual([0, 0, 0]);
    expect(ended.stderr).toMatch(/32 of 32 runs\n$/);
    expect(first.stderr).toMatch(/runs? done, nothing is left\n$/);
    expect(contentsOf(out)).toEqual(contentsOf(await onOneMachine(longer, out)));
    // The folder is as if there had been no engine, and nobody was shown the password.
    expect(readdirSync(out)).not.toContain("work");
    for (const { stdout, stderr } of [ended, first, second]) expect(stdout + stderr).not.toMatch(/s3cret/);
    expect(metrics).toContain('poncast_sweep_runs{sweep="tiny"} 32');
    expect(metrics).toMatch(/poncast_sweep_runs_done\{sweep="tiny"\} \d+/);
  });

  it("a worker that comes when the sweep is over, and Redis has forgotten it, ends", async () => {
    const plan = { ...loadSweep(file, preset), version: "test" };
    const address = parseRedisAddress(redis.address);
    const [leave, said] = [new AbortController().signal, [] as string[]];
    const nothing = (): Promise<never> => Promise.reject(new Error("no run is left"));
    let isOver = false;
    // Not over: not begun, so that it waits, and says so once.
    const tell = (line: string): void => {
      said.push(line);
      isOver = true;
    };
    const source = await BullMqSource.open(plan, address, { tell, isOver: () => isOver });
    expect(await source.each(1, nothing, leave)).toBe(true);
    expect(said).toEqual([`${address.shown}: no runs of this sweep yet; waiting\n`]);
  });

  it("a worker that was given the only runs before it looked for the first time ends", async () => {
    const plan = { ...loadSweep(file, preset), version: "test" };
    const address = parseRedisAddress(redis.address);
    const engine = await BullMqEngine.open(fresh(), plan, address);
    const source = await BullMqSource.open(plan, address, { tell: () => undefined });
    const [id] = idsOf(plan, runsOf(plan));
    let ended: Promise<boolean> | undefined;
    const whole = new Promise<void>((done) => {
      ended = source.each(1, () => Promise.resolve(done()), new AbortController().signal);
    });
    await engine.submit([id]);
    await whole;
    await engine.close(true);
    expect(await ended).toBe(true);
  });

  it.each([
    [() => "redis://127.0.0.1:1", /^redis:\/\/127\.0\.0\.1:1: no Redis is there \(ECONNREFUSED\)\n$/],
    [() => redis.address.replace("s3cret", "wrong"), /^redis:\/\/127\.0\.0\.1:\d+: user or password is wrong\n$/],
    [() => redis.address.replace(/:[^:@]*@/, ""), /^redis:\/\/127\.0\.0\.1:\d+: asks for a password; .*\n$/],
    [
      () => redis.address.replace("redis:", "rediss:"),
      /^rediss:\/\/127\.0\.0\.1:\d+: does .*TLS.* redis:\/\/ is without.*\n$/,
    ],
    [() => "redis://:s3cret@", /^--engine: this is no address of a Redis; .*\n$/],
    [() => "rabbit://:s3cret@x", /^--engine: there is no such engine; .*\n$/],
  ])("refuses %s in one line, and has begun nothing", async (address, message) => {
    const out = fresh();
    for (const words of [
      [file, "--out", out],
      ["work", file, "--out", out],
    ]) {
      const { code, err, out: said } = await commandHere(["sweep", ...words, "--engine", address()]);
      expect({ code, said }).toEqual({ code: 2, said: "" });
      expect(err).toMatch(message);
      expect(err).not.toMatch(/s3cret/);
      expect(existsSync(out)).toBe(false);
    }
  });
});

describe("engines", () => {
  it.each([
    [["recovery", "--engine", "redis://x", "--shard", "1/2"], /^--engine: deals the runs out itself/],
    [["recovery", "--engine", "redis://x", "--jobs", "2"], /^--jobs: workers on Redis say it themselves/],
    [["recovery", "--tasks", "2"], /^--tasks: only with --engine slurm or kubernetes/],
    [["recovery", "--engine", "kubernetes", "--claim", "No_Claim"], /^--claim: No_Claim is not allowed/],
    [["recovery", "--engine", "kubernetes", "--image", "-x"], /^--image: -x is not allowed/],
    [["work", "/nowhere", "--engine", "redis://x"], /^\/nowhere: is no folder of a sweep; .* --out/],
    [["work", "/", "--engine", "redis://x"], /^\/: no sweep with work for an engine is in it/],
  ])("refuse %j in one line", async (words, message) => {
    const { code, out, err } = await commandHere(["sweep", ...words]);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(message);
    expect(err.trimEnd().split("\n")).toHaveLength(1);
  });
});
